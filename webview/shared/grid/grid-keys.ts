import type { GridPosition, GridRange } from './grid-types.ts';

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that Page Up and Page Down pass. */
  readonly page: number;
}

/** Where a key leads from a cell; null when it is no key of movement. Row -1 is the header. */
export function movedBy(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  from: GridPosition,
  size: GridSize,
): GridPosition | null {
  const far = event.ctrlKey || event.metaKey;
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  const { row, column } = from;
  switch (event.key) {
    case 'ArrowUp':
      return within({ row: far ? 0 : row - 1, column }, size);
    case 'ArrowDown':
      return within({ row: far ? lastRow : row + 1, column }, size);
    case 'ArrowLeft':
      return within({ row, column: far ? 0 : column - 1 }, size);
    case 'ArrowRight':
      return within({ row, column: far ? lastColumn : column + 1 }, size);
    case 'Home':
      return within({ row: far ? 0 : row, column: 0 }, size);
    case 'End':
      return within({ row: far ? lastRow : row, column: lastColumn }, size);
    case 'PageUp':
      return within({ row: row < 0 ? row : Math.max(0, row - size.page), column }, size);
    case 'PageDown':
      return within({ row: row + size.page, column }, size);
    default:
      return null;
  }
}

/** The nearest cell that exists; the header does when there is no row. */
export function within({ row, column }: GridPosition, size: GridSize): GridPosition {
  return { row: Math.min(Math.max(-1, row), size.rows - 1), column: Math.min(Math.max(0, column), size.columns - 1) };
}

/** The rectangle between two cells. */
export function rangeBetween(a: GridPosition, b: GridPosition): GridRange {
  return {
    firstRow: Math.min(a.row, b.row),
    lastRow: Math.max(a.row, b.row),
    firstColumn: Math.min(a.column, b.column),
    lastColumn: Math.max(a.column, b.column),
  };
}

export function isInside(range: GridRange, { row, column }: GridPosition): boolean {
  return row >= range.firstRow && row <= range.lastRow && column >= range.firstColumn && column <= range.lastColumn;
}
