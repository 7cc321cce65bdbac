import { quoteIdentifier } from '../sql/quote.ts';

/** Names of system columns work quoted as well, but nobody writes them so. */
export function quoteSystemColumn(name: string): string {
  return name === 'ctid' || name === 'tableoid' ? name : quoteIdentifier(name);
}

/** A JSON array of the texts of SQL expressions. */
export function textArray(values: readonly string[]): string {
  return `array_to_json(ARRAY[${values.map((value) => `${value}::text`).join(', ')}]::text[])::text`;
}
