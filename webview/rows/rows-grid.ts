import { cellText } from '../../src/core/model/cell-text.ts';
import type { Cell, RowsColumn } from '../../src/core/model/rows.ts';
import { isWhole, renderCell } from '../shared/cells.ts';
import { createGrid, type Grid, type GridColumn, type GridOptions } from '../shared/grid/grid.ts';
import type { RowsModel } from './rows-model.ts';
import { filterNames } from './view-state.ts';

/** Cut values in a copied range of more cells than this stay cut: each of the whole ones is a request. */
const mostWholeCells = 200;

export interface RowsGridOptions extends Pick<
  GridOptions<readonly Cell[]>,
  'label' | 'onCopy' | 'onSort' | 'onMove' | 'onActivate' | 'onKey'
> {
  readonly model: RowsModel;
  /** The whole row, in the order of the table's columns, and where a column is in it. */
  readonly wholeCell: (index: number, column: string) => Promise<Cell>;
}

/** The grid of the rows panel over the model's rows. */
export function createRowsGrid({ model, wholeCell, ...options }: RowsGridOptions): Grid {
  const position = (column: GridColumn): number => model.columns.findIndex(({ name }) => name === column.id);
  const cellOf = (row: readonly Cell[], column: GridColumn): Cell => row[position(column)] ?? null;
  return createGrid<readonly Cell[]>({
    ...options,
    columns: [],
    row: (index) => model.pages.row(index),
    onVisible: (first, end) => model.pages.want(first, end),
    loadRows: (first, end) => model.pages.range(first, end),
    renderCell: (target, row, column) => renderCell(target, cellOf(row, column), model.columns[position(column)]),
    cellText: (row, column, index, cells) => {
      const cell = cellOf(row, column);
      return isWhole(cell) || cells > mostWholeCells ? cellText(cell) : wholeCell(index, column.id).then(cellText);
    },
  });
}

/** Columns of the grid for the model's current view. */
export function gridColumns(model: RowsModel): GridColumn[] {
  const { sort, filter } = model.view;
  const first = Array.from({ length: 40 }, (_, index) => model.pages.row(index));
  let leading = true;
  return model.columns.map((column, at) => {
    const order = sort.find((entry) => entry.column === column.name);
    leading &&= column.key !== null;
    return {
      id: column.name,
      name: column.name,
      type: column.type,
      align: column.align,
      width: widthOf(column, at, first),
      pinned: leading,
      sort: order === undefined ? 'none' : order.descending ? 'descending' : 'ascending',
      marks: filterNames(filter, column.name) ? [{ icon: 'filter', label: 'in the filter' }] : [],
    };
  });
}

/** Wide enough for the header and for most of what the first rows hold, within limits; `at` is the column's place in them. */
function widthOf({ name, type, vector, key }: RowsColumn, at: number, first: readonly (readonly Cell[] | null)[]): number {
  const header = Math.max(name.length * 8 + 40, type.length * 7 + 16);
  if (vector !== null) return Math.max(header, 140);
  const lengths = first.map((row) => (typeof row?.[at] === 'string' ? row[at].length : row?.[at] === null ? 4 : 40));
  const content = Math.max(...lengths) * 7.3 + 20;
  return Math.round(Math.max(header, 72, Math.min(content, key === null ? 240 : 176)));
}
