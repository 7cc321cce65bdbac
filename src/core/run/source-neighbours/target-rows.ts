import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { quoteTable, type SqlTableName } from '../../sql/table-name.ts';
import { inReadOnly } from '../../target/read-only.ts';
import type { Target } from '../../target/target.ts';
import { TupleReader, type TupleVisitor } from '../../tuple/tuple-reader.ts';
import type { KeyPart } from '../../vectors/vector-column.ts';

export interface RowsByKey {
  readonly table: SqlTableName;
  /** Columns of the tuples, unquoted. */
  readonly columns: readonly string[];
  readonly key: readonly KeyPart[];
  /** Texts of each key. */
  readonly keys: readonly (readonly string[])[];
  readonly signal: AbortSignal;
}

/** Rows of the target as binary tuples, one for each key and in their order; of a row that is gone all fields are NULL. COPY takes no parameters. */
export async function readRowsByKey(target: Target, { table, columns, key, keys, signal }: RowsByKey, visit: TupleVisitor): Promise<void> {
  if (keys.length === 0) return;
  const names = key.map((_, i) => `k${i}`);
  const values = keys.map((texts, place) => `(${[place, ...texts.map((text) => quoteLiteral(text))].join(', ')})`);
  const matches = key.map(({ name, cast }, i) => `t.${systemOrQuoted(name)} = wanted.k${i}::${cast}`);
  const sql = `SELECT ${columns.map((name) => `t.${quoteIdentifier(name)}`).join(', ')}
FROM (VALUES ${values.join(', ')}) AS wanted (${['place', ...names].join(', ')})
LEFT JOIN ${quoteTable(table)} AS t ON ${matches.join(' AND ')}
ORDER BY wanted.place`;
  await copyRows(target, sql, signal, visit);
}

/** Rows that meet a condition, at most `limit`. The condition stands on lines of its own, so that a comment in it ends with it. */
export async function readRowsThatMeet(
  target: Target,
  { table, columns, signal }: Pick<RowsByKey, 'table' | 'columns' | 'signal'>,
  condition: string,
  limit: number,
  visit: TupleVisitor,
): Promise<void> {
  const sql = `SELECT ${columns.map(quoteIdentifier).join(', ')} FROM ${quoteTable(table)} WHERE (\n${condition}\n) LIMIT ${limit}`;
  await copyRows(target, sql, signal, visit);
}

async function copyRows(target: Target, sql: string, signal: AbortSignal, visit: TupleVisitor): Promise<void> {
  await inReadOnly(target, async (session) => {
    const reader = new TupleReader(visit);
    for await (const piece of session.copyOut(`COPY (${sql}) TO STDOUT (FORMAT binary)`, signal)) reader.push(piece);
    reader.end();
  });
}

function systemOrQuoted(name: string): string {
  return name === 'ctid' || name === 'tableoid' ? name : quoteIdentifier(name);
}
