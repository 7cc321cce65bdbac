import type { RowsColumn, RowsSort, RowsTable, RowsView } from '../../src/core/model/rows.ts';

/** What a click on a header does: ascending, descending, not at all. `add` keeps the other columns. */
export function toggleSort(sort: readonly RowsSort[], column: string, add: boolean): readonly RowsSort[] {
  const known = sort.find((entry) => entry.column === column);
  const next = known === undefined ? { column, descending: false } : known.descending ? null : { column, descending: true };
  if (!add) return next === null ? [] : [next];
  if (known === undefined) return next === null ? sort : [...sort, next];
  return sort.flatMap((entry) => (entry.column !== column ? [entry] : next === null ? [] : [next]));
}

/** Turns the order of one sort column round. */
export function flipSort(sort: readonly RowsSort[], column: string): readonly RowsSort[] {
  return sort.map((entry) => (entry.column === column ? { column, descending: !entry.descending } : entry));
}

/** Keys first, because they stay in sight; null when nothing is hidden. Key columns cannot be hidden. */
export function columnsToRead(table: RowsTable, hidden: ReadonlySet<string>): readonly string[] | null {
  return hidden.size === 0 ? null : shownColumns(table, hidden).map(({ name }) => name);
}

function shownColumns(table: RowsTable, hidden: ReadonlySet<string>): readonly RowsColumn[] {
  const keys = table.columns.filter(({ key }) => key !== null).sort((a, b) => (a.key ?? 0) - (b.key ?? 0));
  return [...keys, ...table.columns.filter(({ name, key }) => key === null && !hidden.has(name))];
}

/** Drops columns that the table no longer has, from a state that was kept across reloads. */
export function fitView(view: RowsView, table: RowsTable, hidden: ReadonlySet<string>): RowsView {
  const names = new Set(table.columns.map(({ name }) => name));
  return { filter: view.filter, sort: view.sort.filter(({ column }) => names.has(column)), columns: columnsToRead(table, hidden) };
}

/** Whether a condition names a column; texts in quotes do not count. */
export function filterNames(filter: string | null, column: string): boolean {
  if (filter === null) return false;
  const words = filter.replace(/'(?:[^']|'')*'/g, ' ').match(/"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  return words.some((word) => word === column || word.toLowerCase() === column.toLowerCase() || word === `"${column}"`);
}
