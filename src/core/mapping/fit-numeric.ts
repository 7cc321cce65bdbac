import type { ColumnProfile } from '../model/column-profile.ts';
import type { PgType } from '../model/pg-type.ts';
import { formats } from './contradictions.ts';
import { scalarType } from './scalar-type.ts';

/**
 * `numeric(p,s)` as declared when every value fits without rounding, else widened by what the values need (S30), else without limits.
 * Reals count by their shortest decimal text, which reads back as the same real.
 */
export function fitNumeric(declared: readonly number[], profile: ColumnProfile): PgType {
  const [precision, scale = 0] = declared;
  if (precision === undefined || precision < 1 || precision > maxPrecision || scale < 0 || scale > precision) return scalarType('numeric');
  const digits = integerDigits(profile);
  if (digits === null) return scalarType('numeric');
  const fittedScale = Math.max(scale, profile.maxScale);
  const fittedPrecision = Math.max(precision - scale, digits) + fittedScale;
  return fittedPrecision > maxPrecision ? scalarType('numeric') : scalarType('numeric', fittedPrecision, fittedScale);
}

/** https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL */
const maxPrecision = 1000;

/** The profile counts decimal places up to this; a value may have more. */
const countedScale = 17;

/** Digits before the point that the values need; null when the profile cannot bound value or scale. */
function integerDigits(profile: ColumnProfile): number | null {
  if (profile.maxScale >= countedScale || formats(profile, 'decimal') > 0) return null;
  const integers = [profile.integerMin, profile.integerMax].map((value) => (value === null ? 0 : digitsOf(value)));
  const reals = [profile.realMin, profile.realMax].map((value) =>
    value === null || !Number.isFinite(value) ? 0 : digitsOf(BigInt(Math.trunc(value))),
  );
  return Math.max(...integers, ...reals);
}

function digitsOf(value: bigint): number {
  return value === 0n ? 0 : String(value < 0n ? -value : value).length;
}
