import { MigrationError } from '../errors.ts';
import type { RowsView } from '../model/rows.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { BrowsedColumn, BrowsedTable } from '../target/browsed-table.ts';

/** A view of a table of the target as SQL, without limit and offset. */
export interface ViewSql {
  readonly sql: string;
  readonly columns: readonly BrowsedColumn[];
}

/** `view.filter` has been checked. Rows come in one stable order: sort, then primary key; without a key, their place in the table. */
export function viewSql(table: BrowsedTable, view: RowsView): ViewSql {
  const columns = (view.columns ?? table.columns.map(({ name }) => name)).map((name) => columnNamed(table, name));
  const terms = [
    ...view.sort.map(({ column, descending }) => `${quoteIdentifier(columnNamed(table, column).name)}${descending ? ' DESC' : ''}`),
    ...placeTerms(table, new Set(view.sort.map(({ column }) => column))),
  ];
  const head = `SELECT ${columns.map(({ name }) => quoteIdentifier(name)).join(', ')} FROM ${quoteTable(table)}`;
  const order = terms.length === 0 ? '' : ` ORDER BY ${terms.join(', ')}`;
  return { sql: `${head}${whereSql(view.filter)}${order}`, columns };
}

/** Counts the rows of a filter; its one parameter is a limit, 1. */
export function countSql(table: BrowsedTable, filter: string | null): string {
  // A statement with a parameter goes to the server as one statement, whatever stands in it.
  return `SELECT count(*)::text AS rows FROM ${quoteTable(table)}${whereSql(filter)} LIMIT $1::text::bigint`;
}

/** On lines of its own, so that a comment at its end does not swallow the bracket. */
function whereSql(filter: string | null): string {
  return filter === null ? '' : ` WHERE (\n${filter}\n)`;
}

function placeTerms(table: BrowsedTable, sorted: ReadonlySet<string>): readonly string[] {
  if (table.key.length > 0) return table.key.filter((name) => !sorted.has(name)).map(quoteIdentifier);
  if (table.kind === 'p') return ['tableoid', 'ctid'];
  return table.kind === 'r' || table.kind === 'm' ? ['ctid'] : [];
}

function columnNamed(table: BrowsedTable, name: string): BrowsedColumn {
  const found = table.columns.find((column) => column.name === name);
  if (found === undefined)
    throw new MigrationError('no-such-target-column', { context: { table: `${table.schema}.${table.table}`, column: name } });
  return found;
}
