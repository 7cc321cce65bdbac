import { cellText } from '../../src/core/model/cell-text.ts';
import type { ComparedColumn, RowComparison } from '../../src/core/model/row-comparison.ts';
import type { RowDiffPanelState } from '../../src/protocol/row-diff-panel.ts';
import type { GridColumn } from '../shared/grid/grid.ts';

/** Keys that stay in sight; more of them would leave no room for what differs. */
const mostPinned = 2;
/** Rows that are looked at for a column's width. */
const sampledRows = 60;

/** The grid's columns: the state, the key, then the others in the table's order. */
export function diffColumns(comparison: RowComparison, layout: RowDiffPanelState['layout']): readonly GridColumn[] {
  const { columns } = comparison;
  const pinned = columns.filter(({ key }) => key).slice(0, mostPinned);
  const shown = [...pinned, ...columns.filter((column) => !pinned.includes(column))];
  return [
    { id: ' state', name: 'state', width: 84, pinned: true },
    ...shown.map((column): GridColumn => ({
      id: column.name,
      name: column.name,
      type: typeOf(column),
      align: isNumber(column.type) ? 'right' : 'left',
      width: widthOf(comparison, column, layout),
      pinned: pinned.includes(column),
    })),
  ];
}

function typeOf({ declared, type, key }: ComparedColumn): string {
  return declared === '' || key ? type : `${declared} → ${type}`;
}

/** Wide enough for the header and for most of what the first rows hold, within limits; twice that where both sides share a line. */
function widthOf({ columns, rows }: RowComparison, column: ComparedColumn, layout: RowDiffPanelState['layout']): number {
  const at = columns.indexOf(column);
  const texts = rows
    .slice(0, sampledRows)
    .flatMap((row) => [row.source, row.target].map((cells) => cellText(cells?.[at] ?? null) ?? 'NULL'));
  const content = Math.max(0, ...texts.map((text) => text.length)) * 7.3 + 20;
  const header = Math.max(column.name.length * 8 + 24, typeOf(column).length * 7 + 20);
  const one = Math.max(Math.min(header, 240), 72, Math.min(content, column.key ? 160 : 300));
  const halves = layout === 'side-by-side' && column.different > 0 ? 2 * Math.min(content, 260) : 0;
  return Math.round(Math.max(one, halves));
}

function isNumber(type: string): boolean {
  return /^(smallint|integer|bigint|numeric|real|double)/.test(type);
}
