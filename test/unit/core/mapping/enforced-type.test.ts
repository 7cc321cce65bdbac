import assert from 'node:assert/strict';
import { duckDbCastRules } from '../../../../src/core/mapping/duckdb-cast-rules.ts';
import { enforcedType } from '../../../../src/core/mapping/enforced-type.ts';
import { sqliteCastRules } from '../../../../src/core/mapping/sqlite-cast-rules.ts';
import { formatPgType } from '../../../../src/core/sql/pg-type.ts';

/** https://duckdb.org/docs/stable/sql/data_types/overview */
const types: readonly (readonly [declared: string, type: string | null])[] = [
  ['UTINYINT', 'smallint'],
  ['HUGEINT', 'numeric(39,0)'],
  ['DECIMAL(38,10)', 'numeric(38,10)'],
  ['BIGNUM', 'numeric'],
  ['TIME WITH TIME ZONE', 'timetz'],
  ['TIMESTAMP_NS', 'timestamp'],
  ["ENUM('a', 'b)[')", 'text'],
  ['VARCHAR', null],
  ['BLOB', null],
  ['GEOMETRY', null],
  ['INTEGER[]', 'integer[]'],
  ['INTEGER[3]', 'integer[]'],
  ['INTEGER[3][]', 'integer[][]'],
  ['INTEGER[][][]', 'jsonb'],
  ['VARCHAR[]', 'text[]'],
  ['BLOB[]', 'bytea[]'],
  ["ENUM('a')[]", 'text[]'],
  ['DECIMAL(4,2)[]', 'numeric(4,2)[]'],
  ['FLOAT[]', 'real[]'],
  ['FLOAT[384]', 'vector(384)'],
  ['FLOAT[16001]', 'real[]'],
  ['FLOAT[3][]', 'real[][]'],
  ['DOUBLE[384]', 'double precision[]'],
  ['JSON', 'jsonb'],
  ['JSON[]', 'jsonb'],
  ['STRUCT(a INTEGER[], b VARCHAR)', 'jsonb'],
  ['STRUCT(a INTEGER)[]', 'jsonb'],
  ['MAP(VARCHAR, INTEGER[])', 'jsonb'],
  ['UNION(num INTEGER, str VARCHAR)', 'jsonb'],
];

describe('enforcedType', () => {
  for (const [declared, expected] of types) {
    it(`${declared} → ${expected ?? 'the values decide'}`, () => {
      const found = enforcedType(declared, duckDbCastRules);
      assert.equal(found === null ? null : formatPgType(found.type), expected);
    });
  }

  it('is null in a dialect that enforces nothing', () => {
    for (const declared of ['INTEGER', 'INTEGER[]', 'FLOAT[3]', "ENUM('a')"]) assert.equal(enforcedType(declared, sqliteCastRules), null);
  });

  it('says where values are rounded', () => {
    assert.match(enforcedType('TIMESTAMP_NS[]', duckDbCastRules)?.rounds ?? '', /nanoseconds/);
  });
});
