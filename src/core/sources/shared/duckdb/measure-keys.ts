import type { DuckDBConnection } from '@duckdb/node-api';
import type { KeyRequest, MeasuredKeys } from '../../source.ts';
import { keyPartSql, mostLongestKeys } from '../key-part-sql.ts';
import { readAllRows } from './read-chunks.ts';
import type { Relation } from './relation.ts';
import { checkCondition, toFilterError } from './run-select.ts';

/** Lets DuckDB evaluate the parts of a key and tell how long they are. Throws `filter-refused` where it cannot. */
export async function measureKeys(
  connection: DuckDBConnection,
  relation: Relation,
  { parts, where, limit }: KeyRequest,
): Promise<MeasuredKeys> {
  const expressions = parts.flatMap((part) => ('expression' in part ? [`${keyPartSql(part)} IS NULL`] : []));
  for (const condition of [...expressions, ...(where === null ? [] : [where])]) await checkCondition(connection, relation.from, condition);
  const values = parts.map(keyPartSql);
  const condition = where === null ? '' : `(${where}\n) AND `;
  try {
    const types = await readAllRows(
      connection,
      `SELECT ${values.map((value) => `typeof(${value})`).join(', ')} FROM ${relation.from} LIMIT 1`,
    );
    if (types[0] === undefined) return { rows: 0, bytes: 0, longest: [] };
    const bytes = values.map((value, i) => bytesOf(value, String(types[0]?.[i]))).join(' + ');
    const from = `FROM ${relation.from} WHERE ${condition}${bytes} > ${limit}`;
    const [[rows = 0, most = 0] = []] = await readAllRows(connection, `SELECT count(*), max(${bytes}) ${from}`);
    const longest = await readAllRows(
      connection,
      `SELECT ${[relation.rowSql, ...values].join(', ')} ${from} ORDER BY ${bytes} DESC, ${relation.rowSql} LIMIT ${mostLongestKeys}`,
    );
    return {
      rows: Number(rows),
      bytes: Number(most ?? 0),
      longest: longest.map(([row, ...rest]) => ({ place: `${relation.rowWord} ${String(row)}`, values: rest })),
    };
  } catch (error) {
    throw toFilterError(error);
  }
}

/** Of a text as UTF-8, of bytes as they are; of anything else those of its text, which is short. */
function bytesOf(value: string, type: string): string {
  return type === 'BLOB' ? `ifnull(octet_length(${value}), 0)` : `ifnull(strlen(CAST(${value} AS VARCHAR)), 0)`;
}
