import type { Cell } from './rows.ts';

/** A cell as one text, null for NULL: vectors as pgvector writes them, cut values with their length. */
export function cellText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  return 'text' in cell ? `${cell.text}… (${cell.cut} characters)` : `[${Array.from(cell.values, floatText).join(',')}]`;
}

/** The shortest decimal that reads back as the same float32. */
export function floatText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number.isFinite(value) ? Number(value.toPrecision(9)) : value);
}
