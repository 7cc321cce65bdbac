/** Days from 2000-01-01 to the first day of a month of the proleptic Gregorian calendar; `month` counts from January of year 0. */
export function firstDayOfMonth(month: bigint): bigint {
  const year = floorDiv(month, 12n);
  // Counted from March, so that the day of a leap year is the last.
  const march = (mod(month, 12n) + 10n) % 12n;
  const shifted = march >= 10n ? year - 1n : year;
  const era = floorDiv(shifted, 400n);
  const ofEra = shifted - era * 400n;
  const days = ofEra * 365n + ofEra / 4n - ofEra / 100n + (153n * march + 2n) / 5n;
  return era * 146_097n + days - daysFromMarchOfYear0;
}

/** The month that holds a day, counted from January of year 0. */
export function monthOfDay(day: bigint): bigint {
  let month = floorDiv((day + daysTo2000) * 4_800n, 146_097n);
  while (firstDayOfMonth(month) > day) month--;
  while (firstDayOfMonth(month + 1n) <= day) month++;
  return month;
}

/** `2024-05-01`; a year has at least four digits. */
export function dayText(day: bigint): string {
  const month = monthOfDay(day);
  return `${digits(floorDiv(month, 12n), 4)}-${digits(mod(month, 12n) + 1n, 2)}-${digits(day - firstDayOfMonth(month) + 1n, 2)}`;
}

/** Days since 2000-01-01 of `2024-05-01`; null when there is no such day. */
export function parseDay(text: string): bigint | null {
  const [, year, month, day] = /^(\d{4,5})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  if (BigInt(month) < 1n || BigInt(month) > 12n || BigInt(day) < 1n) return null;
  const index = BigInt(year) * 12n + BigInt(month) - 1n;
  const found = firstDayOfMonth(index) + BigInt(day) - 1n;
  return found < firstDayOfMonth(index + 1n) ? found : null;
}

export function floorDiv(a: bigint, b: bigint): bigint {
  return (a - mod(a, b)) / b;
}

function mod(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b;
}

function digits(value: bigint, count: number): string {
  return String(value).padStart(count, '0');
}

/** From 0000-03-01 to 2000-01-01. */
const daysFromMarchOfYear0 = 730_425n;
/** From 0000-01-01 to 2000-01-01. */
const daysTo2000 = 730_485n;
