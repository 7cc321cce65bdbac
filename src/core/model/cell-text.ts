import type { Cell } from './rows.ts';

/** A cell as one text, null for NULL: vectors as pgvector writes them. What is not whole says so: a cut text its length, a sampled vector by an ellipsis. */
export function cellText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  if ('text' in cell) return `${cell.text}… (${cell.cut} characters)`;
  const components = Array.from(cell.values, floatText).join(',');
  return cell.values.length < cell.dimensions ? `[${components},…` : `[${components}]`;
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
