/** What the evidence of a column says in numbers; null where it says nothing. */
export interface ColumnEvidence {
  /** Storage class that every value has; null when they are mixed or not told. */
  readonly only: StorageClass | null;
  /** Smallest and largest integer. */
  readonly integers: { readonly min: bigint; readonly max: bigint } | null;
  /** Digits before the point that the numbers need. */
  readonly integerDigits: number | null;
  /** Decimal places that the numbers need. */
  readonly scale: number | null;
  /** Characters of the longest text. */
  readonly longest: number | null;
  /** How every text that is not empty is written: "UUIDs", "dates", "JSON objects", …; null when there is no one way. */
  readonly format: string | null;
  /** Rows that were looked at when not all were. */
  readonly sample: number | null;
}

export type StorageClass = 'integer' | 'real' | 'boolean' | 'text' | 'blob';

/** Reads what describeValues() wrote ("31408 of 31408 values are reals, from 0.1 to 12.5, at most 2 decimal places"), and much of what people write by hand. */
export function readEvidence(text: string): ColumnEvidence {
  const first = /(\d+) of (\d+) values? (?:are|is an?) (integer|real|boolean|text|blob)s?\b/.exec(text);
  const only = first !== null && first[1] === first[2] ? (first[3] as StorageClass) : null;
  const integers = readIntegers(text, first?.[3] === 'integer' || /\d+ integers?\b/.test(text));
  const reals = /(?:from )?(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?) to (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\b(?! bytes)/i.exec(text);
  const places = /at most (\d+) decimal places?/.exec(text);
  const ends = [
    ...(integers === null ? [] : [integers.min, integers.max]),
    ...(reals === null ? [] : [toInteger(reals[1]), toInteger(reals[2])]),
  ];
  return {
    only,
    integers,
    integerDigits: ends.length === 0 ? null : Math.max(...ends.map(digitsOf)),
    scale: places !== null ? Number(places[1]) : integers !== null && reals === null ? 0 : /without a fraction/.test(text) ? 0 : null,
    longest: numberIn(/longest (\d+) characters?/.exec(text)),
    format: readFormat(text, first?.[3] === 'text' ? Number(first[1]) : numberIn(/(\d+) texts?\b/.exec(text))),
    sample: numberIn(/sample of (\d+) rows?/.exec(text)),
  };
}

/** The smallest integer is only told when it is below zero. */
function readIntegers(text: string, hasIntegers: boolean): ColumnEvidence['integers'] {
  const max = /\bmax (-?\d+)/.exec(text)?.[1];
  if (max === undefined || !hasIntegers) return null;
  return { min: BigInt(/\bmin (-?\d+)/.exec(text)?.[1] ?? 0), max: BigInt(max) };
}

function readFormat(text: string, texts: number | null): string | null {
  if (texts === null) return null;
  const empty = numberIn(/(\d+) empty/.exec(text)) ?? 0;
  const found = text.matchAll(/(\d+) (UUID|plain number|true or false|date-time|date|time(?=s? of day)|JSON object|JSON array)/g);
  for (const [, count, format = ''] of found) if (Number(count) > 0 && Number(count) + empty === texts) return pluralFormat(format);
  return null;
}

function pluralFormat(format: string): string {
  if (format === 'time') return 'times of day';
  return format === 'true or false' ? format : `${format}s`;
}

function toInteger(text: string | undefined): bigint {
  const value = Number(text);
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

function digitsOf(value: bigint): number {
  return value === 0n ? 0 : String(value < 0n ? -value : value).length;
}

function numberIn(found: RegExpExecArray | null): number | null {
  return found?.[1] === undefined ? null : Number(found[1]);
}
