import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { quoteTable } from '../../sql/table-name.ts';
import type { TargetSession } from '../../target/target.ts';
import { formatVector } from '../parse-vector.ts';
import { readKey } from '../read-cells.ts';
import type { EmbeddingTable } from './embedding-table.ts';

/** A row without an embedding. */
export interface MissingRow {
  /** Values of the primary key as texts, in its order. */
  readonly key: readonly string[];
  /** null = longer than `longestText`. */
  readonly text: string | null;
  /** SHA-256 of the text, by which a row that changed meanwhile is told. */
  readonly hash: string;
  readonly characters: number;
}

/** Characters. No model reads as much; it bounds the memory of a batch. */
export const longestText = 1_000_000;

/** Rows without an embedding, and rows with one. */
export async function countRows(
  session: TargetSession,
  table: EmbeddingTable,
): Promise<{ readonly missing: number; readonly embedded: number }> {
  const column = quoteIdentifier(table.column);
  const sql = `SELECT count(*) FILTER (WHERE ${column} IS NULL)::text AS missing, count(${column})::text AS embedded FROM ${quoteTable(table)}`;
  const row = (await session.query(sql)).rows[0];
  return { missing: Number(row?.['missing']), embedded: Number(row?.['embedded']) };
}

/** The next `limit` rows without an embedding behind `after`, in the order of the primary key. */
export async function readMissing(
  session: TargetSession,
  table: EmbeddingTable,
  after: readonly string[] | null,
  limit: number,
): Promise<readonly MissingRow[]> {
  const keys = table.key.map(({ name }) => `t.${quoteIdentifier(name)}`);
  const behind =
    after === null ? '' : `\n  AND (${keys.join(', ')}) > (${table.key.map(({ cast }, i) => `$${i + 1}::${cast}`).join(', ')})`;
  const sql = `SELECT array_to_json(ARRAY[${keys.map((key) => `${key}::text`).join(', ')}]::text[])::text AS k,
  length(x.text) AS characters, CASE WHEN length(x.text) <= ${longestText} THEN x.text END AS text, ${hashOf('x.text')} AS hash
FROM ${quoteTable(table)} AS t CROSS JOIN LATERAL (SELECT ${textOf(table)} AS text) AS x
WHERE t.${quoteIdentifier(table.column)} IS NULL${behind}
ORDER BY ${keys.join(', ')}
LIMIT ${limit}`;
  const { rows } = await session.query(sql, after ?? []);
  return rows.map((row) => ({
    key: readKey(row),
    text: row['text'] === null ? null : String(row['text']),
    hash: String(row['hash']),
    characters: Number(row['characters']),
  }));
}

export interface EmbeddedRow extends Pick<MissingRow, 'key' | 'hash'> {
  readonly vector: Float32Array;
}

/**
 * Writes vectors in one statement, which is a transaction. A row that is gone, has a vector by now or has another text is left as it is; gives the number of rows
 * written.
 */
export async function writeEmbeddings(session: TargetSession, table: EmbeddingTable, rows: readonly EmbeddedRow[]): Promise<number> {
  const column = quoteIdentifier(table.column);
  const keys = table.key.map(({ name, cast }, i) => ({ own: `t.${quoteIdentifier(name)}`, name: `k${i + 1}`, cast }));
  const names = ['hash', 'vector', ...keys.map(({ name }) => name)];
  const sql = `UPDATE ${quoteTable(table)} AS t SET ${column} = new.vector::${qualifiedName(table.vectorSchema, table.type)}
FROM unnest(${names.map((_, i) => `$${i + 1}::text[]`).join(', ')}) AS new (${names.join(', ')})
WHERE ${keys.map(({ own, name, cast }) => `${own} = new.${name}::${cast}`).join(' AND ')}
  AND t.${column} IS NULL AND ${hashOf(textOf(table))} = new.hash`;
  const { rowCount } = await session.query(sql, [
    rows.map(({ hash }) => hash),
    rows.map(({ vector }) => formatVector(vector)),
    ...keys.map((_, i) => rows.map(({ key }) => key[i] ?? '')),
  ]);
  return rowCount;
}

/** Texts of the columns, a line each; NULL and what is only white space counts as nothing. */
function textOf({ from }: EmbeddingTable): string {
  const texts = from.map((name) => `t.${quoteIdentifier(name)}::text`);
  return `concat_ws(${quoteLiteral('\n')}, ${texts.map((text) => `CASE WHEN ${text} ~ ${quoteLiteral('[^[:space:]]')} THEN ${text} END`).join(', ')})`;
}

function hashOf(text: string): string {
  return `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
}
