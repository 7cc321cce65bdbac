import { visibleControls } from '../../core/report/visible-controls.ts';

export interface TextColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Lines of an aligned table, indented by two spaces. Control characters in cells are shown, never sent to the terminal. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(visibleControls));
  const widths = columns.map((column, i) => Math.max(column.title.length, ...cells.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]) =>
    `  ${columns.map((column, i) => pad(row[i] ?? '', widths[i] ?? 0, column.align ?? 'left')).join('  ')}`.trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)];
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}
