import { writeInterval } from '../../tuple/binary-writers.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder } from './field-encoder.ts';

const whole = String.raw`(-?\d{1,10})`;
const parts = new RegExp(
  String.raw`^P(?=.)(?:${whole}Y)?(?:${whole}M)?(?:${whole}W)?(?:${whole}D)?(?:T(?=.)(?:${whole}H)?(?:${whole}M)?(?:(-?)(\d{1,13})(?:\.(\d{1,6}))?S)?)?$`,
);

/** interval: texts in ISO 8601, each part with a sign of its own. Months, days and microseconds stay apart, as PostgreSQL keeps them. */
export const encodeInterval: FieldEncoder = (value, out) => {
  const found = typeof value === 'string' ? parts.exec(value) : null;
  if (found === null) return failure('wrong-type', `${describeValue(value)} is not an interval in ISO 8601`);
  const [years, months, weeks, days, hours, minutes] = found.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const allMonths = years * 12 + months;
  const allDays = weeks * 7 + days;
  const micros = BigInt(hours * 60 + minutes) * 60_000_000n + secondsIn(found[7], found[8], found[9]);
  if (!fitsInt4(allMonths) || !fitsInt4(allDays) || micros > greatestInt8 || micros < -greatestInt8)
    return failure('out-of-range', `${describeValue(value)} is beyond the range of interval`);
  writeInterval(out, allMonths, allDays, micros);
  return null;
};

const greatestInt8 = 2n ** 63n - 1n;

function fitsInt4(value: number): boolean {
  return value >= -0x80000000 && value <= 0x7fffffff;
}

function secondsIn(sign: string | undefined, seconds: string | undefined, fraction: string | undefined): bigint {
  const micros = BigInt(seconds ?? 0) * 1_000_000n + BigInt((fraction ?? '').padEnd(6, '0'));
  return sign === '-' ? -micros : micros;
}
