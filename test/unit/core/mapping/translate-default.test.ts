import assert from 'node:assert/strict';
import { translateDefault, type DefaultTarget, type PlanDefault } from '../../../../src/core/mapping/translate-default.ts';

const utc = "(now() AT TIME ZONE 'UTC')";

/** [SQLite default, PostgreSQL type, expected; null = none, 'dropped' = none with a warning] */
const table: readonly (readonly [string | null, string, PlanDefault | null | 'dropped', Partial<DefaultTarget>?])[] = [
  [null, 'text', null],
  ['NULL', 'text', null],
  ['(null)', 'bigint', null],
  ["'it''s'", 'text', { value: "it's" }],
  ['"dq"', 'text', { value: 'dq' }],
  ["''", 'text', { value: '' }],
  ["''", 'timestamptz', null, { emptyIsNull: true }],
  ["'abc'", 'varchar', { value: 'abc' }],
  ["'abc'", 'bigint', 'dropped'],
  ["'(not) an expression'", 'text', { value: '(not) an expression' }],
  ['5', 'bigint', { value: 5 }],
  ['-5', 'smallint', { value: -5 }],
  ['+5', 'bigint', { value: 5 }],
  ['9223372036854775807', 'bigint', { sql: '9223372036854775807' }],
  ['0x1F', 'bigint', { value: 31 }],
  ['(1+2)', 'bigint', { value: 3 }],
  ['(2 * (3 - -4))', 'text', { value: '14' }],
  ['1+2', 'boolean', 'dropped'],
  ['1.5', 'double precision', { value: 1.5 }],
  ['1.0', 'numeric', { sql: '1.0' }],
  ['1.5', 'bigint', 'dropped'],
  ['5', 'text', { value: '5' }],
  ['0', 'boolean', { value: false }],
  ['1', 'boolean', { value: true }],
  ['TRUE', 'boolean', { value: true }],
  ['FALSE', 'bigint', { value: 0 }],
  ["'t'", 'boolean', { value: true }],
  ['2', 'boolean', 'dropped'],
  ['pending', 'text', { value: 'pending' }],
  ["x'00ff'", 'bytea', { value: '\\x00ff' }],
  ["'ab'", 'bytea', { value: '\\x6162' }],
  ["x'00'", 'text', 'dropped'],
  ["'{}'", 'jsonb', { value: '{}' }],
  ["'{bad'", 'jsonb', 'dropped'],
  ["'[0.1]'", 'vector', 'dropped'],
  ["'2024-01-02'", 'date', { value: '2024-01-02' }],
  ["'tomorrow'", 'date', 'dropped'],
  ["'2024-02-30'", 'date', 'dropped'],
  ["'03:04:05'", 'time', { value: '03:04:05' }],
  ["'1970-01-01T00:00:00Z'", 'timestamp', 'dropped'],
  ["'1970-01-01 00:00:00'", 'timestamptz', { value: '1970-01-01 00:00:00+00' }],
  ["'1970-01-01T00:00:00Z'", 'timestamptz', { value: '1970-01-01T00:00:00Z' }],
  ["'1970-01-01'", 'timestamptz', { value: '1970-01-01 00:00:00+00' }],
  ["'1970-01-01 00:00:00'", 'timestamp', { value: '1970-01-01 00:00:00' }],
  ['0', 'timestamptz', { sql: 'to_timestamp(0)' }, { convert: 'epoch-s' }],
  ['0', 'timestamptz', { sql: 'to_timestamp(0 / 1000.0)' }, { convert: 'epoch-ms' }],
  ['0', 'timestamp', { sql: "(to_timestamp(0) AT TIME ZONE 'UTC')" }, { convert: 'epoch-s' }],
  ['0', 'timestamptz', 'dropped'],
  ['CURRENT_TIMESTAMP', 'timestamptz', { sql: 'now()' }],
  ['current_timestamp', 'timestamp', { sql: utc }],
  ['CURRENT_TIMESTAMP', 'text', { sql: `to_char(${utc}, 'YYYY-MM-DD HH24:MI:SS')` }],
  ['CURRENT_TIMESTAMP', 'bigint', 'dropped'],
  ['CURRENT_DATE', 'date', { sql: `${utc}::date` }],
  ['CURRENT_TIME', 'time', { sql: `${utc}::time(0)` }],
  ["datetime('now')", 'timestamptz', { sql: 'now()' }],
  ["( datetime( 'now' ) )", 'timestamptz', { sql: 'now()' }],
  ["datetime('now','localtime')", 'text', 'dropped'],
  ["strftime('%Y-%m-%d %H:%M:%S','now')", 'timestamptz', { sql: 'now()' }],
  ["(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))", 'text', { sql: `to_char(${utc}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` }],
  ["strftime('%W','now')", 'text', 'dropped'],
  ["strftime('%s','now')", 'bigint', { sql: 'floor(extract(epoch FROM now()))::bigint' }],
  ["strftime('%s','now')", 'timestamptz', { sql: 'now()' }, { convert: 'epoch-s' }],
  ['(unixepoch() * 1000)', 'bigint', { sql: 'floor(extract(epoch FROM now()))::bigint * 1000' }],
  ["(CAST(strftime('%s','now') AS INTEGER) * 1000)", 'bigint', { sql: 'floor(extract(epoch FROM now()))::bigint * 1000' }],
  ['(hex(randomblob(4)))', 'text', { sql: `upper(left(replace(gen_random_uuid()::text, '-', ''), 8))` }],
  ['(lower(hex(randomblob(16))))', 'text', { sql: "replace(gen_random_uuid()::text, '-', '')" }],
  ['(lower(hex(randomblob(16))))', 'uuid', { sql: 'gen_random_uuid()' }],
  ['random()', 'bigint', 'dropped'],
  ["'a' || 'b'", 'text', { sql: "('a' || 'b')" }],
];

describe('mapping/translate-default', () => {
  for (const [text, type, expected, changed] of table) {
    it(`S24 ${text ?? '(none)'} in ${type}`, () => {
      const translated = translateDefault(text, { type, convert: 'auto', emptyIsNull: false, ...changed });
      assert.deepEqual(translated.default, expected === 'dropped' ? null : expected);
      assert.equal(translated.warning !== null, expected === 'dropped', translated.warning ?? 'no warning');
    });
  }
});
