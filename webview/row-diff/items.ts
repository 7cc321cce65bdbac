import type { RowComparison, ComparedRow } from '../../src/core/model/row-comparison.ts';
import type { Cell } from '../../src/core/model/rows.ts';
import type { RowDiffPanelState } from '../../src/protocol/row-diff-panel.ts';

/** One line of the grid. `fold` numbers the gaps between rows that differ: fold i lies before row i, the last one behind all of them. */
export type Item =
  | { readonly kind: 'row'; readonly row: ComparedRow; /** Position among the rows that pass the filters. */ readonly at: number }
  | { readonly kind: 'fold'; readonly fold: number; readonly count: number | null }
  | { readonly kind: 'equal'; readonly fold: number; readonly cells: readonly Cell[] };

export type Filters = Pick<RowDiffPanelState, 'shown' | 'column' | 'rule' | 'find'>;

/** Rows of folds that the user opened, by fold. */
export type OpenedFolds = ReadonlyMap<number, readonly (readonly Cell[])[]>;

export const noFilters: Filters = {
  shown: { different: true, missing: true, extra: true, equal: true },
  column: null,
  rule: null,
  find: '',
};

/** What the grid shows, in the order of keys. Folds appear only while no filter hides a row that differs: between filtered rows there is more than equal rows. */
export function itemsOf(comparison: RowComparison, filters: Filters, opened: OpenedFolds): readonly Item[] {
  const items: Item[] = [];
  const withFolds = filters.shown.equal && isUnfiltered(filters) && comparison.folds !== null;
  let at = 0;
  for (const [index, row] of comparison.rows.entries()) {
    if (withFolds) items.push(...foldBefore(comparison, index, opened));
    if (passes(row, filters)) items.push({ kind: 'row', row, at: at++ });
  }
  if (withFolds) items.push(...foldBefore(comparison, comparison.rows.length, opened));
  return items;
}

/** Keys on both sides of a fold; null where it is open. */
export function foldBounds(comparison: RowComparison, fold: number): { readonly after: string | null; readonly before: string | null } {
  return { after: comparison.rows[fold - 1]?.key[0] ?? null, before: comparison.rows[fold]?.key[0] ?? null };
}

function foldBefore({ folds }: RowComparison, fold: number, opened: OpenedFolds): readonly Item[] {
  const count = folds?.[fold] ?? 0;
  if (count === 0) return [];
  const rows = opened.get(fold);
  if (rows === undefined) return [{ kind: 'fold', fold, count }];
  const equal = rows.map((cells): Item => ({ kind: 'equal', fold, cells }));
  return rows.length < count ? [...equal, { kind: 'fold', fold, count: count - rows.length }] : equal;
}

function isUnfiltered({ shown, column, rule, find }: Filters): boolean {
  return shown.different && shown.missing && shown.extra && column === null && rule === null && find === '';
}

function passes(row: ComparedRow, { shown, column, rule, find }: Filters): boolean {
  if (!shown[row.state]) return false;
  if (column !== null && !row.columns.some(({ name }) => name === column)) return false;
  if (rule !== null && !row.columns.some((cell) => cell.rule === rule)) return false;
  return find === '' || textsOf(row).some((text) => text.toLowerCase().includes(find.toLowerCase()));
}

function textsOf(row: ComparedRow): readonly string[] {
  const cells = [...(row.source ?? []), ...(row.target ?? [])];
  return [...row.key, ...cells.map((cell) => (typeof cell === 'string' ? cell : cell !== null && 'text' in cell ? cell.text : ''))];
}
