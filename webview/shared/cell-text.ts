import type { Cell } from '../../src/core/model/rows.ts';

/** A value as plain text: null stays null, a cut text ends in an ellipsis, a vector is written as PostgreSQL writes it. */
export function cellText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  return 'text' in cell ? `${cell.text}…` : `[${Array.from(cell.values, (value) => Number(value.toPrecision(7))).join(',')}]`;
}
