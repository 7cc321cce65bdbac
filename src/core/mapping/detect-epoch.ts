import type { ColumnProfile } from '../model/column-profile.ts';
import type { ConverterName } from '../model/type-mapping.ts';

/** Numbers of a date-time column: read with one rule, or too unlike each other to guess. */
export type EpochGuess = { readonly convert: ConverterName; readonly words: string } | 'ambiguous';

/**
 * Which unit the numbers of a date-time column are in. A guess is made only when smallest and largest agree on the unit; 0 fits any unit.
 * Returns null when the column holds no finite number, 'ambiguous' when no single rule fits (S09).
 */
export function detectEpoch(profile: ColumnProfile): EpochGuess | null {
  const bounds = numberBounds(profile);
  if (bounds === null) return null;
  // A whole number among them is noon of a day.
  if (profile.reals > 0 && bounds.min >= julianMin && bounds.max <= julianMax) return { convert: 'julian', words: 'Julian days' };
  const largest = Math.max(Math.abs(bounds.min), Math.abs(bounds.max));
  const unit = units.find((candidate) => largest >= candidate.from && largest < candidate.to);
  if (unit === undefined) return 'ambiguous';
  const agrees = bounds.min === 0 || unit.convert === unitOf(bounds.min);
  return agrees ? { convert: unit.convert, words: unit.words } : 'ambiguous';
}

interface EpochUnit {
  readonly convert: ConverterName;
  readonly words: string;
  /** Magnitudes from (inclusive) … to (exclusive). */
  readonly from: number;
  readonly to: number;
}

/** 1e8 s = March 1973, and above 20240102 written as a number; 1e11 s = the year 5138 but 1e11 ms = March 1973 again, and so on. */
const units: readonly EpochUnit[] = [
  { convert: 'epoch-s', words: 'seconds since 1970', from: 1e8, to: 1e11 },
  { convert: 'epoch-ms', words: 'milliseconds since 1970', from: 1e11, to: 1e14 },
  { convert: 'epoch-us', words: 'microseconds since 1970', from: 1e14, to: 1e17 },
];

/** Julian days of the years 1 and 10000. */
const julianMin = 1_721_425.5;
const julianMax = 5_373_484.5;

function unitOf(value: number): ConverterName | undefined {
  const magnitude = Math.abs(value);
  // Small numbers next to large seconds are moments near 1970.
  return magnitude < 1e11 ? 'epoch-s' : units.find((unit) => magnitude >= unit.from && magnitude < unit.to)?.convert;
}

function numberBounds(profile: ColumnProfile): { readonly min: number; readonly max: number } | null {
  if (profile.integers + profile.reals - profile.realNonFinite === 0) return null;
  const mins: number[] = [];
  const maxs: number[] = [];
  if (profile.integerMin !== null && profile.integerMax !== null) {
    mins.push(Number(profile.integerMin));
    maxs.push(Number(profile.integerMax));
  }
  if (profile.realMin !== null && profile.realMax !== null) {
    mins.push(profile.realMin);
    maxs.push(profile.realMax);
  }
  return { min: Math.min(...mins), max: Math.max(...maxs) };
}
