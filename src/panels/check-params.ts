/** Whether a value that a page sent has the shape that a method takes. */
export type Check = (value: unknown) => boolean;

/** One check for each method of a panel: a method without one cannot be called. */
export type PanelChecks<M> = { readonly [K in keyof M]: Check };

/** Longest name of a table or column that a page may send, in characters. */
const mostNameCharacters = 10_000;
/** Rows of one request. */
const mostRows = 2_000;

export const name: Check = text(mostNameCharacters);
export const flag: Check = (value) => typeof value === 'boolean';
export const limit: Check = whole(1, mostRows);
export const offset: Check = whole(0, Number.MAX_SAFE_INTEGER);

export const finite: Check = (value) => Number.isFinite(value);

export function whole(least: number, most: number): Check {
  return (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** At most so many characters. */
export function text(most: number): Check {
  return (value) => typeof value === 'string' && value.length <= most;
}

export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

/** May be left out of its record. */
export function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

export function oneOf(...words: readonly string[]): Check {
  return (value) => typeof value === 'string' && words.includes(value);
}

export function anyOf(...checks: readonly Check[]): Check {
  return (value) => checks.some((check) => check(value));
}

export function listOf(check: Check, most: number): Check {
  return (value) => Array.isArray(value) && value.length <= most && value.every(check);
}

/** Exactly these fields: what a page adds would otherwise reach the engine beside what the host side says. */
export function record(fields: Readonly<Record<string, Check>>): Check {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).every((key) => Object.hasOwn(fields, key)) &&
    Object.entries(fields).every(([key, check]) =>
      check(Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined),
    );
}
