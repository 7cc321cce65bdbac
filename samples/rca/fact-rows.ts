import type { SeededRandom } from '../seeded-random.ts';

const accounts = 40;
const account = (number: number): string => `A-${String(number).padStart(5, '0')}`;

/** Whole amounts, `NA` where there was none. */
export function scfV1(random: SeededRandom): string {
  const rows = days('2023-01-31', 12, 28).flatMap((day) =>
    Array.from({ length: accounts }, (_, n) => [
      account(n + 1),
      day,
      'scf_v1',
      random.chance(0.04) ? 'NA' : String(random.integer(0, 250_000)),
    ]),
  );
  return csv(['account_id', 'as_of_date', 'system', 'outstanding'], rows);
}

/** A year later: amounts with cents, one column more in the middle, `-` where there was none. */
export function scfV2(random: SeededRandom): string {
  const amount = (most: number): string => (random.chance(0.04) ? '-' : (random.integer(0, most * 100) / 100).toFixed(2));
  const rows = days('2024-03-31', 8, 28).flatMap((day) =>
    Array.from({ length: accounts + 5 }, (_, n) => [account(n + 1), amount(2_000), day, 'scf_v2', amount(250_000)]),
  );
  return csv(['account_id', 'leakage', 'as_of_date', 'system', 'outstanding'], rows);
}

/** Account, day and amount; the largest fills the type. */
export function outstandingRows(random: SeededRandom): readonly (readonly [string, string, string | null])[] {
  return days('2025-01-01', 20, 1).flatMap((day) =>
    Array.from({ length: accounts }, (_, n): readonly [string, string, string | null] => [
      account(n + 1),
      day,
      n === 0 ? '9999999999999999.99' : random.chance(0.03) ? null : (random.integer(-5_000, 25_000_000) / 100).toFixed(2),
    ]),
  );
}

/** `count` days, `step` apart. */
function days(first: string, count: number, step: number): readonly string[] {
  const start = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: count }, (_, n) => new Date(start + n * step * 86_400_000).toISOString().slice(0, 10));
}

function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}
