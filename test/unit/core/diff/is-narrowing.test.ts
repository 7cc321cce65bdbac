import assert from 'node:assert/strict';
import { isNarrowing } from '../../../../src/core/diff/is-narrowing.ts';

/** https://www.postgresql.org/docs/current/datatype.html: ranges and digits of each type. */
const cases: [string, string, boolean][] = [
  ['integer', 'bigint', false],
  ['bigint', 'integer', true],
  ['bigint', 'numeric', false],
  ['bigint', 'numeric(18,0)', true],
  ['integer', 'numeric(12,2)', false],
  ['integer', 'double precision', false],
  ['bigint', 'double precision', true],
  ['numeric(10,2)', 'numeric(12,2)', false],
  ['numeric(10,2)', 'numeric(10,4)', true],
  ['numeric', 'numeric(10,2)', true],
  ['real', 'double precision', false],
  ['double precision', 'numeric(10,2)', true],
  ['character varying(10)', 'character varying(20)', false],
  ['character varying(20)', 'character varying(10)', true],
  ['character varying(20)', 'text', false],
  ['text', 'character varying(500)', true],
  ['character(5)', 'text', true],
  ['date', 'timestamp with time zone', true],
  ['date', 'timestamp without time zone', false],
  ['jsonb', 'json', false],
  ['json', 'jsonb', true],
  ['vector(3)', 'vector(4)', true],
  ['vector(3)', 'vector', false],
  ['text', 'bigint', true],
  ['text[]', 'text', true],
  ['"My Shop".mood', 'text', true],
  ['interval day to second(3)', 'text', false],
  ['text', 'no type at all', true],
];

describe('isNarrowing', () => {
  for (const [before, after, expected] of cases) {
    it(`${before} → ${after}: ${expected}`, () => assert.equal(isNarrowing(before, after), expected));
  }
});
