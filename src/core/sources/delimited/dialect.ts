import { MigrationError } from '../../errors.ts';

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export const lineEndings = ['lf', 'cr', 'any'] as const;

/** How a file is written. The same keys stand in the plan's source, where a person can change them. */
export interface Dialect {
  readonly encoding: (typeof encodings)[number];
  /** One ASCII character between two fields. */
  readonly delimiter: string;
  /** One ASCII character around fields; null = quotes are ordinary characters. */
  readonly quote: string | null;
  /** What makes a quote inside quotes an ordinary character: the quote itself, or a backslash (then a doubled quote is read as well). */
  readonly escape: string;
  /** The first record holds the names of the columns. */
  readonly header: boolean;
  /** lf: LF or CRLF; cr: CR or CRLF; any: all three. */
  readonly lineEnds: (typeof lineEndings)[number];
  /** Lines that begin with this character are passed over; null = there are no comments. */
  readonly comment: string | null;
  /** Lines in front of the header or the first record. */
  readonly skipLines: number;
}

/** A dialect as far as a person has decided it. */
export type DialectSettings = Partial<Dialect>;

/** What a plan says of a delimited source, beside its kind and path. Throws `invalid-source-setting`. */
export function readSettings(settings: Readonly<Record<string, unknown>>, path: string): DialectSettings {
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(settings)) {
    const check = (checks as Readonly<Record<string, Check | undefined>>)[key];
    const wrong = check === undefined ? `there is no such setting; known are ${Object.keys(checks).join(', ')}` : check(value);
    if (wrong !== null) throw new MigrationError('invalid-source-setting', { context: { path, setting: key, detail: wrong } });
    read[key] = value;
  }
  return read;
}

/** Null, or what is wrong with the value. */
type Check = (value: unknown) => string | null;

const character: Check = (value) =>
  typeof value === 'string' && /^[\x01-\x09\x0b\x0c\x0e-\x7f]$/.test(value) ? null : 'it must be one ASCII character, and no line end';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value);
const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string) ? null : `it must be one of ${words.join(', ')}`;

const checks: Readonly<Record<keyof Dialect, Check>> = {
  encoding: oneOf(encodings),
  delimiter: character,
  quote: orNull(character),
  escape: character,
  header: (value) => (typeof value === 'boolean' ? null : 'it must be true or false'),
  lineEnds: oneOf(lineEndings),
  comment: orNull(character),
  skipLines: (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? null : 'it must be a number of lines'),
};
