/** Microseconds of one day. */
export const dayMicros = 86_400_000_000;

/** A date and time as text said it. Reused: `parse…` replaces what was there before. */
export class DateTime {
  /** Days since 2000-01-01, negative before; already moved by the zone. */
  days = 0;
  /** Microseconds since midnight. */
  micros = 0;
  /** The text gave more than microseconds. */
  finer = false;
  private at = 0;

  /** Years have four digits, or up to seven beyond 9999, and may be followed by BC at the end of the text. `YYYY-MM-DD`, then optionally a space or T, `HH:MM[:SS[.f…]]` and a zone: Z, ±HH, ±HHMM, ±HH:MM. False when it is not that or no real date. */
  parseDateTime(text: string): boolean {
    this.micros = 0;
    this.finer = false;
    if (text.charCodeAt(text.length - 1) === 0x43) return text.endsWith(' BC') && this.parseParts(text.slice(0, -3), true);
    return this.parseParts(text, false);
  }

  private parseParts(text: string, beforeChrist: boolean): boolean {
    if (!this.parseDatePart(text, beforeChrist)) return false;
    if (this.at === text.length) return true;
    const separator = text.charCodeAt(this.at++);
    if (separator !== 0x20 && separator !== 0x54 && separator !== 0x74) return false;
    return this.parseTimePart(text, 23) && this.parseZone(text) && this.at === text.length;
  }

  /** `HH:MM[:SS[.f…]]` up to 24:00:00, without a zone. */
  parseTime(text: string): boolean {
    this.days = 0;
    this.at = 0;
    this.finer = false;
    return this.parseTimePart(text, 24) && this.at === text.length && this.micros <= dayMicros;
  }

  private parseDatePart(text: string, beforeChrist: boolean): boolean {
    const behindYear = text.charCodeAt(4) === 0x2d ? 4 : endOfLongYear(text);
    const written = behindYear === 4 ? twoDigits(text, 0) * 100 + twoDigits(text, 2) : Number(text.slice(0, behindYear));
    const month = twoDigits(text, behindYear + 1);
    const day = twoDigits(text, behindYear + 4);
    // A digit that is missing makes the number negative or the comparison false.
    if (!(written >= 1) || text.charCodeAt(behindYear) !== 0x2d || text.charCodeAt(behindYear + 3) !== 0x2d) return false;
    const year = beforeChrist ? 1 - written : written;
    if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return false;
    this.days = daysSince2000(year, month, day);
    this.at = behindYear + 6;
    return true;
  }

  private parseTimePart(text: string, greatestHour: number): boolean {
    const hour = twoDigits(text, this.at);
    const minute = twoDigits(text, this.at + 3);
    if (!(hour >= 0 && hour <= greatestHour && minute >= 0 && minute <= 59) || text.charCodeAt(this.at + 2) !== 0x3a) return false;
    this.at += 5;
    this.micros = (hour * 60 + minute) * 60_000_000;
    if (text.charCodeAt(this.at) !== 0x3a) return true;
    const second = twoDigits(text, this.at + 1);
    if (!(second >= 0 && second <= 59)) return false;
    this.at += 3;
    this.micros += second * 1_000_000;
    return text.charCodeAt(this.at) !== 0x2e || this.parseFraction(text);
  }

  private parseFraction(text: string): boolean {
    const from = ++this.at;
    let unit = 100_000;
    let half = -1;
    for (; this.at < text.length; this.at++) {
      const digit = text.charCodeAt(this.at) - 48;
      if (digit < 0 || digit > 9) break;
      if (unit >= 1) {
        this.micros += digit * unit;
        unit = unit === 1 ? 0 : unit / 10;
        continue;
      }
      if (half < 0) half = digit;
      if (digit !== 0) this.finer = true;
    }
    if (half >= 5) this.micros++;
    return this.at > from;
  }

  private parseZone(text: string): boolean {
    const code = text.charCodeAt(this.at);
    if (this.at === text.length) return true;
    if (code === 0x5a || code === 0x7a) return this.at++ >= 0;
    if (code !== 0x2b && code !== 0x2d) return false;
    const hours = twoDigits(text, this.at + 1);
    this.at += 3;
    if (text.charCodeAt(this.at) === 0x3a) this.at++;
    const minutes = this.at === text.length ? 0 : twoDigits(text, this.at);
    if (this.at !== text.length) this.at += 2;
    if (!(hours >= 0 && hours <= 15 && minutes >= 0 && minutes <= 59)) return false;
    this.micros -= (code === 0x2b ? 1 : -1) * (hours * 60 + minutes) * 60_000_000;
    return true;
  }
}

/** Digits of a year beyond 9999; 0 when the text begins with none. */
function endOfLongYear(text: string): number {
  return /^[1-9]\d{4,6}(?=-)/.exec(text)?.[0].length ?? 0;
}

/** NaN or a number far below 0 when there are no two digits at `at`. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -10_000;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Proleptic Gregorian calendar, as PostgreSQL counts. Years start in March, so that the leap day is the last. */
function daysSince2000(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return shifted * 365 + Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400) + dayOfYear - 730_425;
}
