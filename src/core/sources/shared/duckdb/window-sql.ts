import { DuckDBTypeId } from '@duckdb/node-api';
import { dayPattern, firstDayOf, type RowWindow } from '../../../model/watermark.ts';
import { quoteText } from '../quote-name.ts';
import type { Relation } from './relation.ts';

const numbers: ReadonlySet<DuckDBTypeId> = new Set([
  ...[DuckDBTypeId.TINYINT, DuckDBTypeId.SMALLINT, DuckDBTypeId.INTEGER, DuckDBTypeId.BIGINT, DuckDBTypeId.HUGEINT],
  ...[DuckDBTypeId.UTINYINT, DuckDBTypeId.USMALLINT, DuckDBTypeId.UINTEGER, DuckDBTypeId.UBIGINT, DuckDBTypeId.UHUGEINT],
]);
const times: ReadonlySet<DuckDBTypeId> = new Set([
  ...[DuckDBTypeId.VARCHAR, DuckDBTypeId.DATE, DuckDBTypeId.TIMESTAMP, DuckDBTypeId.TIMESTAMP_TZ],
  ...[DuckDBTypeId.TIMESTAMP_S, DuckDBTypeId.TIMESTAMP_MS, DuckDBTypeId.TIMESTAMP_NS],
]);

/** Condition that rows which are certainly below a window do not fulfil; null where DuckDB would compare otherwise than we do. */
export function windowSql({ columns }: Relation, { column, rule, since }: RowWindow): string | null {
  const found = columns.find(({ name }) => name === column);
  if (found === undefined) return null;
  const { sql, type } = found;
  const day = firstDayOf(since);
  if (day === null)
    return numbers.has(type.typeId) && typeof since.order === 'bigint' ? `(${sql} >= ${since.order} OR ${sql} IS NULL)` : null;
  if (!times.has(type.typeId)) return null;
  // The day is read as the column's type.
  const unlike = [`NOT (${sql} GLOB '${dayPattern}')`, ...rule.nullTexts.map((text) => `${sql} = ${quoteText(text)}`)];
  const nulls = type.typeId === DuckDBTypeId.VARCHAR ? unlike.map((term) => ` OR ${term}`) : [];
  return `(${sql} >= '${day}' OR ${sql} IS NULL${nulls.join('')})`;
}
