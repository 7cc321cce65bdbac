/** PostgreSQL's numeric holds at most this many digits before the point and behind it. */
const mostWholeDigits = 131_072;
const mostScale = 16_383;

/**
 * A decimal number as its digits, never as a JavaScript number: ±0.d₁d₂d₃… × 10^point. One object is parsed into again and again.
 */
export class Decimal {
  negative = false;
  /** Digits 0–9, the first `count` are valid; the first and the last are never 0. */
  digits = new Uint8Array(64);
  count = 0;
  /** Digits before the decimal point; negative for 0.00…. */
  point = 0;
  /** Decimal places as they were written. */
  scale = 0;

  /** Reads `[+-]digits[.digits][e[+-]digits]`; false when `text` is anything else. */
  parse(text: string): boolean {
    const length = text.length;
    if (this.digits.length < length) this.digits = new Uint8Array(length * 2);
    this.count = 0;
    this.point = 0;
    this.scale = 0;
    let at = 0;
    const sign = text.charCodeAt(0);
    this.negative = sign === 45;
    if (sign === 45 || sign === 43) at = 1;
    const wholeFrom = at;
    at = this.readDigits(text, at, false);
    let seen = at - wholeFrom;
    if (text.charCodeAt(at) === 46) {
      const fractionFrom = at + 1;
      at = this.readDigits(text, fractionFrom, true);
      this.scale = at - fractionFrom;
      seen += this.scale;
    }
    if (seen === 0) return false;
    if (at < length && !this.readExponent(text, at)) return false;
    this.trim();
    return true;
  }

  /** PostgreSQL's numeric without modifiers can hold this value. */
  fitsNumeric(): boolean {
    return this.point <= mostWholeDigits && this.scale <= mostScale;
  }

  /** Rounds to `scale` decimal places, half away from zero as PostgreSQL does. True when the value changed. */
  round(scale: number): boolean {
    const kept = this.point + scale;
    this.scale = Math.max(0, scale);
    if (this.count === 0 || kept >= this.count) return false;
    const up = kept >= 0 && (this.digits[kept] as number) >= 5;
    this.count = Math.max(0, kept);
    if (up) this.addOneToLastDigit(kept);
    this.trim();
    return true;
  }

  /** Multiplies by 10^`exponent`. */
  shift(exponent: number): void {
    if (this.count > 0) this.point += exponent;
    this.scale = Math.max(0, this.scale - exponent);
  }

  /** The one text of this value: digits and point, no exponent, no outer zeros. Equal values have equal texts. */
  plainText(): string {
    if (this.count === 0) return '0';
    let digits = '';
    for (let i = 0; i < this.count; i++) digits += this.digits[i];
    const sign = this.negative ? '-' : '';
    if (this.point <= 0) return `${sign}0.${'0'.repeat(-this.point)}${digits}`;
    if (this.point >= this.count) return sign + digits + '0'.repeat(this.point - this.count);
    return `${sign}${digits.slice(0, this.point)}.${digits.slice(this.point)}`;
  }

  private readDigits(text: string, from: number, fraction: boolean): number {
    let at = from;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      if (digit !== 0 || this.count !== 0) {
        this.digits[this.count++] = digit;
        if (!fraction) this.point++;
      } else if (fraction) this.point--;
    }
    return at;
  }

  private readExponent(text: string, at: number): boolean {
    const match = /^[eE]([+-]?\d+)$/.exec(text.slice(at));
    if (match === null) return false;
    const exponent = Math.max(-1e7, Math.min(1e7, Number(match[1])));
    this.point += exponent;
    this.scale = Math.max(0, this.scale - exponent);
    return true;
  }

  private addOneToLastDigit(kept: number): void {
    let at = kept - 1;
    while (at >= 0 && this.digits[at] === 9) this.digits[at--] = 0;
    if (at >= 0) {
      this.digits[at] = (this.digits[at] as number) + 1;
      return;
    }
    // All nines (or nothing kept): the value is a one with zeros behind it.
    this.digits[0] = 1;
    this.count = 1;
    this.point++;
  }

  private trim(): void {
    while (this.count > 0 && this.digits[this.count - 1] === 0) this.count--;
    if (this.count > 0) return;
    this.point = 0;
    this.negative = false;
  }
}
