import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PgType } from '../../../../src/core/model/pg-type.ts';
import { formatPgType, isBuiltInType, parsePgType } from '../../../../src/core/sql/pg-type.ts';
import { builtInTypes, extensionTypes } from '../../../../src/core/sql/type-names.ts';

/** https://www.postgresql.org/docs/current/datatype.html#DATATYPE-TABLE: written, read as, written again. */
const spellings: readonly (readonly [string, Partial<PgType>, string])[] = [
  ['int8', { name: 'bigint' }, 'bigint'],
  ['INT', { name: 'integer' }, 'integer'],
  ['int2', { name: 'smallint' }, 'smallint'],
  ['bool', { name: 'boolean' }, 'boolean'],
  ['float8', { name: 'double precision' }, 'double precision'],
  ['Double  Precision', { name: 'double precision' }, 'double precision'],
  ['float4', { name: 'real' }, 'real'],
  ['float', { name: 'double precision' }, 'double precision'],
  ['float(24)', { name: 'real' }, 'real'],
  ['float(25)', { name: 'double precision' }, 'double precision'],
  ['decimal', { name: 'numeric' }, 'numeric'],
  ['numeric(10,2)', { name: 'numeric', modifiers: [10, 2] }, 'numeric(10,2)'],
  ['NUMERIC ( 10 , 2 )', { name: 'numeric', modifiers: [10, 2] }, 'numeric(10,2)'],
  ['numeric(3,-2)', { name: 'numeric', modifiers: [3, -2] }, 'numeric(3,-2)'],
  ['varchar(255)', { name: 'varchar', modifiers: [255] }, 'varchar(255)'],
  ['character varying(255)', { name: 'varchar', modifiers: [255] }, 'varchar(255)'],
  ['character(3)', { name: 'char', modifiers: [3] }, 'char(3)'],
  ['bpchar(3)', { name: 'char', modifiers: [3] }, 'char(3)'],
  ['bpchar', { name: 'bpchar' }, 'bpchar'],
  ['timestamp with time zone', { name: 'timestamptz' }, 'timestamptz'],
  ['timestamp(3) with time zone', { name: 'timestamptz', modifiers: [3] }, 'timestamptz(3)'],
  ['timestamp without time zone', { name: 'timestamp' }, 'timestamp'],
  ['time(0) without time zone', { name: 'time', modifiers: [0] }, 'time(0)'],
  ['time with time zone', { name: 'timetz' }, 'timetz'],
  ['interval day to second(3)', { name: 'interval day to second', modifiers: [3] }, 'interval day to second(3)'],
  ['bit varying(5)', { name: 'bit varying', modifiers: [5] }, 'bit varying(5)'],
  ['varbit', { name: 'bit varying' }, 'bit varying'],
  ['vector(384)', { name: 'vector', modifiers: [384] }, 'vector(384)'],
  ['public.vector(384)', { name: 'vector', schema: 'public', modifiers: [384] }, '"public"."vector"(384)'],
  ['halfvec(3072)', { name: 'halfvec', modifiers: [3072] }, 'halfvec(3072)'],
  ['int[][]', { name: 'integer', arrayDepth: 2 }, 'integer[][]'],
  ['text[3]', { name: 'text', arrayDepth: 1 }, 'text[]'],
  ['integer ARRAY', { name: 'integer', arrayDepth: 1 }, 'integer[]'],
  ['integer array[4]', { name: 'integer', arrayDepth: 1 }, 'integer[]'],
  ['varchar(20)[]', { name: 'varchar', modifiers: [20], arrayDepth: 1 }, 'varchar(20)[]'],
  ['pg_catalog.int4', { name: 'integer' }, 'integer'],
  ['"char"', { name: 'char', schema: 'pg_catalog' }, '"pg_catalog"."char"'],
  ['mood', { name: 'mood' }, '"mood"'],
  ['Mood', { name: 'Mood' }, '"Mood"'],
  ['"my mood"', { name: 'my mood' }, '"my mood"'],
  ['shop."Mood ""x"""[]', { name: 'Mood "x"', schema: 'shop', arrayDepth: 1 }, '"shop"."Mood ""x"""[]'],
];

describe('parsePgType, formatPgType', () => {
  for (const [text, expected, written] of spellings) {
    it(`${text} → ${written}`, () => {
      const type = parsePgType(text);
      assert.deepEqual(type, { schema: null, modifiers: [], arrayDepth: 0, ...expected });
      assert.equal(formatPgType(type), written);
    });
  }

  for (const text of [
    '',
    ' ',
    'numeric(10',
    'unsigned big int',
    'numeric(a)',
    'text; DROP TABLE x',
    'text)',
    'a.b.c',
    "text DEFAULT ''",
    '[]',
    '"open',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parsePgType(text), { code: 'invalid-type' }));
  }

  it('knows built-in types', () => {
    assert.equal(isBuiltInType(parsePgType('int8')), true);
    assert.equal(isBuiltInType(parsePgType('vector(3)')), false);
    assert.equal(isBuiltInType(parsePgType('mood')), false);
  });

  it('reads what it wrote', () => {
    // bpchar(n) is char(n).
    const known = [...builtInTypes, ...extensionTypes].filter((name) => name !== 'bpchar');
    const modifiers = fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 2 });
    const own = fc.record({
      schema: fc.option(fc.constantFrom('shop', 'My Shop', 'a"b')),
      name: fc
        .string({ minLength: 1, maxLength: 12 })
        .filter((n) => !n.includes('\0') && !known.includes(n) && n !== 'char' && n !== 'bpchar'),
    });
    const named = fc.oneof(
      fc.constantFrom(...known).map((name) => ({ schema: null, name })),
      own,
    );
    const type = fc.record({ named, modifiers, arrayDepth: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(type, ({ named: { schema, name }, modifiers: numbers, arrayDepth }) => {
        const given: PgType = { schema, name, modifiers: numbers, arrayDepth };
        assert.deepEqual(parsePgType(formatPgType(given)), given);
      }),
    );
  });
});
