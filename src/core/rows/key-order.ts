import type { BrowsedColumn, BrowsedTable } from '../target/browsed-table.ts';
import type { TargetSession } from '../target/target.ts';
import { qualifiedName, quoteIdentifier } from '../sql/quote.ts';

/** Keys as exact texts, columns in key order. */
export type KeyTexts = readonly (string | null)[];

/** The server compares texts one by one; beyond this many comparisons counting equal rows takes too long. */
const mostSteps = 200_000_000;

/** Positions of `keys` in the order of the table's own types and collations. */
export async function orderKeys(
  session: TargetSession,
  columns: readonly BrowsedColumn[],
  keys: readonly KeyTexts[],
): Promise<readonly number[]> {
  if (keys.length < 2) return keys.map((_, i) => i);
  const terms = columns.map((column, i) => `(key.texts ->> ${i})::${column.type}${collation(column)}`);
  const { rows } = await session.query(
    `SELECT key.place::integer AS place FROM json_array_elements($1::text::json) WITH ORDINALITY AS key (texts, place) ORDER BY ${[...terms, 'key.place'].join(', ')}`,
    [JSON.stringify(keys)],
  );
  return rows.map((row) => Number(row['place']) - 1);
}

export interface FoldedRow {
  readonly key: string;
  /** The target has a row for it, which differs. */
  readonly inTarget: boolean;
}

/**
 * Equal rows before each of `rows`, and behind the last; `rows` are sorted by their key of one column and are all that differ. null when they cannot be
 * counted cheaply or do not add up to `equal`, because the table changes meanwhile.
 */
export async function countFolds(
  session: TargetSession,
  table: BrowsedTable,
  column: BrowsedColumn,
  rows: readonly FoldedRow[],
  totals: { readonly equal: number; readonly targetRows: number },
): Promise<readonly number[] | null> {
  if (rows.length === 0) return [totals.equal];
  if (!column.fixed && rows.length * totals.targetRows > mostSteps) return null;
  const thresholds = `ARRAY(SELECT key.text::${column.type} FROM json_array_elements_text($1::text::json) WITH ORDINALITY AS key (text, place) ORDER BY key.place)`;
  const found = await session.query(
    `SELECT width_bucket(${quoteIdentifier(column.name)}, ${thresholds}) AS fold, count(*)::text AS rows FROM ${qualifiedName(table.schema, table.table)} GROUP BY 1`,
    [JSON.stringify(rows.map(({ key }) => key))],
  );
  const folds = new Array<number>(rows.length + 1).fill(0);
  for (const row of found.rows) folds[Number(row['fold'])] = Number(row['rows']);
  // A row counts behind its own key; where several have one key, behind the last of them.
  rows.forEach(({ key, inTarget }, i) => {
    let last = i;
    while (rows[last + 1]?.key === key) last++;
    if (inTarget) folds[last + 1] = (folds[last + 1] ?? 0) - 1;
  });
  const sum = folds.reduce((a, b) => a + b, 0);
  return sum === totals.equal && folds.every((fold) => fold >= 0) ? folds : null;
}

function collation({ collation: own }: BrowsedColumn): string {
  return own === null ? '' : ` COLLATE ${qualifiedName(own[0], own[1])}`;
}
