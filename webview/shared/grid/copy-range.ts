import type { GridColumn, GridOptions, GridRange } from './grid-types.ts';

/** A range is loaded into memory to be copied; more than this belongs into an export. */
const mostRows = 10_000;

/** Text of the cells of a range: one cell as it is, several as lines with tabs; null when there is none. */
export async function copyRange<Row>(
  options: GridOptions<Row>,
  columns: readonly GridColumn[],
  { firstRow, lastRow, firstColumn, lastColumn }: GridRange,
): Promise<{ readonly text: string; readonly cells: number; readonly note: string } | null> {
  if (firstRow < 0) {
    const text = columns.slice(firstColumn, lastColumn + 1).map(({ name }) => name);
    return { text: text.join('\t'), cells: text.length, note: 'Copied' };
  }
  const end = Math.min(lastRow + 1, firstRow + mostRows);
  const shown = columns.slice(firstColumn, lastColumn + 1);
  const rows = await rowsOf(options, firstRow, end);
  const cells = rows.length * shown.length;
  const lines: string[][] = [];
  for (const { row, index } of rows) {
    const line = await Promise.all(shown.map(async (column) => (await options.cellText(row, column, index, cells)) ?? ''));
    lines.push(line);
  }
  if (cells === 0) return null;
  if (cells === 1) return { text: lines[0]?.[0] ?? '', cells, note: 'Copied' };
  const cut = end <= lastRow ? `; only the first ${mostRows.toLocaleString('en')} rows, export for more` : '';
  return {
    text: lines.map((line) => line.map(field).join('\t')).join('\n'),
    cells,
    note: `Copied ${cells.toLocaleString('en')} cells${cut}`,
  };
}

async function rowsOf<Row>(options: GridOptions<Row>, first: number, end: number): Promise<{ row: Row; index: number }[]> {
  const indexes = Array.from({ length: end - first }, (_, at) => first + at);
  const known = indexes.flatMap((index) => {
    const row = options.row(index);
    return row === null ? [] : [{ row, index }];
  });
  if (known.length === indexes.length || options.loadRows === undefined) return known;
  return (await options.loadRows(first, end)).map((row, at) => ({ row, index: first + at }));
}

/** Spreadsheets take a quoted field for one cell, also with tabs and line ends in it. */
function field(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.split('"').join('""')}"` : text;
}
