/** How far one range partition reaches. */
export type PartitionStep =
  /** Of the calendar; a year is 12. */
  | { readonly kind: 'months'; readonly size: bigint }
  /** Weeks begin on Monday, other days are counted from 2000-01-01. */
  | { readonly kind: 'days' | 'weeks'; readonly size: bigint }
  /** Counted from 2000-01-01 00:00. */
  | { readonly kind: 'hours'; readonly size: bigint }
  /** Of a column of integers. */
  | { readonly kind: 'number'; readonly size: bigint };

const words = /^\s*([1-9]\d{0,17})?\s*(hour|day|week|month|quarter|year)s?\s*$/i;

const units: Readonly<Record<string, readonly [Exclude<PartitionStep['kind'], 'number'>, bigint]>> = {
  hour: ['hours', 1n],
  day: ['days', 1n],
  week: ['weeks', 1n],
  month: ['months', 1n],
  quarter: ['months', 3n],
  year: ['months', 12n],
};

/** Reads `every` of a plan: `1 year`, `3 months`, `week`, 1000 or `1000`; null when it is none of these. */
export function parseStep(every: string | number): PartitionStep | null {
  const text = String(every);
  if (/^\s*[1-9]\d{0,18}\s*$/.test(text)) return { kind: 'number', size: BigInt(text.trim()) };
  const [, size = '1', word = ''] = words.exec(text) ?? [];
  const [kind, factor] = units[word.toLowerCase()] ?? [];
  return kind === undefined || factor === undefined ? null : { kind, size: BigInt(size) * factor };
}
