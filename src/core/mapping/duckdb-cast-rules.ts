import type { CastRule } from './cast-rule.ts';

/**
 * Types of DuckDB → PostgreSQL. DuckDB enforces them, so a column keeps its type whatever its values are, except texts and bytes, which may turn out to
 * be something richer. Arrays, nested types and enums are read by `enforced-type.ts`. https://duckdb.org/docs/stable/sql/data_types/overview
 */
export const duckDbCastRules: readonly CastRule[] = [
  { declared: ['BOOLEAN'], type: 'boolean', enforced: true },
  { declared: ['TINYINT', 'UTINYINT', 'SMALLINT'], type: 'smallint', enforced: true },
  { declared: ['USMALLINT', 'INTEGER'], type: 'integer', enforced: true },
  { declared: ['UINTEGER', 'BIGINT'], type: 'bigint', enforced: true },
  { declared: ['UBIGINT'], type: 'numeric', fixed: [20, 0], enforced: true },
  { declared: ['HUGEINT', 'UHUGEINT'], type: 'numeric', fixed: [39, 0], enforced: true },
  { declared: ['BIGNUM'], type: 'numeric', enforced: true },
  { declared: ['DECIMAL'], type: 'numeric', modifiers: 2, enforced: true },
  { declared: ['FLOAT'], type: 'real', enforced: true },
  { declared: ['DOUBLE'], type: 'double precision', enforced: true },
  { declared: ['DATE'], type: 'date', enforced: true },
  { declared: ['TIME'], type: 'time', enforced: true },
  { declared: ['TIME_NS'], type: 'time', enforced: true, rounds: 'nanoseconds are rounded to microseconds' },
  { declared: ['TIME WITH TIME ZONE'], type: 'timetz', enforced: true },
  { declared: ['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS'], type: 'timestamp', enforced: true },
  { declared: ['TIMESTAMP_NS'], type: 'timestamp', enforced: true, rounds: 'nanoseconds are rounded to microseconds' },
  { declared: ['TIMESTAMP WITH TIME ZONE'], type: 'timestamptz', enforced: true },
  { declared: ['INTERVAL'], type: 'interval', enforced: true },
  { declared: ['UUID'], type: 'uuid', enforced: true },
  { declared: ['BIT'], type: 'bit varying', enforced: true },
  { declared: ['JSON', 'VARIANT', 'STRUCT', 'MAP', 'UNION'], type: 'jsonb', enforced: true },
  { declared: ['VARCHAR'], type: 'text', upgrade: true },
  { declared: ['BLOB'], type: 'bytea' },
  { declared: ['"NULL"'], type: 'text' },
];
