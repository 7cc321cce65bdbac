const greatest = 2n ** 63n - 1n;

/** A day as ISO 8601 and PostgreSQL write it: `2024-01-02`, `12345-01-01`, `0044-03-15 BC`. `days`: since 1970-01-01. */
function dayText(days: number): string {
  const { year, text } = splitDay(days);
  return year > 0 ? text : `${text} BC`;
}

/** Days whose number stands for an infinity. */
export function dateText(days: number): string {
  if (days === 2_147_483_647) return 'infinity';
  return days === -2_147_483_647 ? '-infinity' : dayText(days);
}

/** An instant counted in `unitsOfSecond` since 1970: `2024-01-02 03:04:05.5`, then `zone`, then BC. ±(2^63−1) are the infinities. */
export function instantText(count: bigint, unitsOfSecond: bigint, zone: '' | '+00'): string {
  if (count === greatest || count === -greatest) return count > 0n ? 'infinity' : '-infinity';
  const unitsOfDay = 86_400n * unitsOfSecond;
  const rest = ((count % unitsOfDay) + unitsOfDay) % unitsOfDay;
  const { year, text } = splitDay(Number((count - rest) / unitsOfDay));
  return `${text} ${timeText(rest, unitsOfSecond)}${zone}${year > 0 ? '' : ' BC'}`;
}

/** `03:04:05.678`; `24:00:00` is a time of day too. */
export function timeText(count: bigint, unitsOfSecond: bigint): string {
  const seconds = Number(count / unitsOfSecond);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits);
  return parts.join(':') + fractionText(count % unitsOfSecond, unitsOfSecond);
}

/** `+05:30`, `-03`, `+01:02:03`. `offset`: seconds east of UTC. */
export function zoneText(offset: number): string {
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return `${offset < 0 ? '-' : '+'}${parts.map(twoDigits).join(':')}`;
}

/** ISO 8601 with a sign for each part, as PostgreSQL writes intervals in that style: `P1M2DT-3.000004S`. The parts stay what they are. */
export function intervalText(months: number, days: number, micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const seconds = micros === 0n ? '' : `T${micros < 0n ? '-' : ''}${size / 1_000_000n}${fractionText(size % 1_000_000n, 1_000_000n)}S`;
  const text = `${months === 0 ? '' : `${months}M`}${days === 0 ? '' : `${days}D`}${seconds}`;
  return text === '' ? 'PT0S' : `P${text}`;
}

function fractionText(rest: bigint, unitsOfSecond: bigint): string {
  if (rest === 0n) return '';
  return `.${String(rest)
    .padStart(String(unitsOfSecond).length - 1, '0')
    .replace(/0+$/, '')}`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

/** Proleptic Gregorian calendar; years start in March, so that the leap day is the last. Year 0 is 1 BC. */
function splitDay(days: number): { readonly year: number; readonly text: string } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, text: `${String(year > 0 ? year : 1 - year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}` };
}
