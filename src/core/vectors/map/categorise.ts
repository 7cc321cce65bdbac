import type { MapCategory } from '../../model/vector-map.ts';

export interface Categories {
  readonly codes: Uint8Array;
  readonly categories: readonly MapCategory[];
}

/** Colours of the palette: values with one of their own. The rest share one. */
const mostColours = 6;

/** Without a column: all points are of one kind. */
export function uncategorised(points: number): Categories {
  return { codes: new Uint8Array(points), categories: [{ kind: 'all', text: '', points }] };
}

/** The most frequent values first, then what is left, then NULL. Many different numbers become ranges that hold about as many points each. */
export function categorise(values: readonly (string | null)[], isNumber: boolean): Categories {
  const counts = new Map<string, number>();
  let nulls = 0;
  for (const value of values) {
    if (value === null) nulls++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (isNumber && counts.size > mostColours) return ranges(values);
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const own = ranked.slice(0, mostColours);
  const rest = ranked.slice(mostColours);
  const categories: MapCategory[] = own.map(([text, points]) => ({ kind: 'value', text, points }));
  const otherCode = categories.length;
  if (rest.length > 0)
    categories.push({
      kind: 'other',
      text: `${rest.length.toLocaleString('en')} other ${rest.length === 1 ? 'value' : 'values'}`,
      points: sumOf(rest),
    });
  const nullCode = categories.length;
  if (nulls > 0) categories.push({ kind: 'null', text: 'NULL', points: nulls });
  const codes = new Map(own.map(([text], code) => [text, code]));
  return { codes: Uint8Array.from(values, (value) => (value === null ? nullCode : (codes.get(value) ?? otherCode))), categories };
}

function ranges(values: readonly (string | null)[]): Categories {
  const numbers = values.map((value) => (value === null ? Number.NaN : Number(value)));
  const sorted = Float64Array.from(numbers.filter((value) => !Number.isNaN(value))).sort();
  const bounds = [...new Set(Array.from({ length: mostColours }, (_, i) => sorted[Math.floor((i * sorted.length) / mostColours)]!))];
  const codes = Uint8Array.from(numbers, (value) => (Number.isNaN(value) ? bounds.length : rangeOf(bounds, value)));
  const points = new Array<number>(bounds.length + 1).fill(0);
  for (const code of codes) points[code]!++;
  const categories: MapCategory[] = bounds.map((from, i) => ({
    kind: 'value',
    text: rangeText(sorted, bounds, from, i),
    points: points[i]!,
  }));
  const nulls = points[bounds.length]!;
  return { codes, categories: nulls > 0 ? [...categories, { kind: 'null', text: 'NULL', points: nulls }] : categories };
}

function rangeOf(bounds: readonly number[], value: number): number {
  const next = bounds.findIndex((bound) => bound > value);
  return (next < 0 ? bounds.length : next) - 1;
}

function rangeText(sorted: Float64Array, bounds: readonly number[], from: number, i: number): string {
  const next = bounds[i + 1];
  const to = next === undefined ? sorted.at(-1)! : sorted[sorted.indexOf(next) - 1]!;
  return from === to ? shortNumber(from) : `${shortNumber(from)} to ${shortNumber(to)}`;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function sumOf(entries: readonly (readonly [string, number])[]): number {
  return entries.reduce((sum, [, count]) => sum + count, 0);
}
