import type { ColumnConversion } from '../model/type-mapping.ts';
import { formatPgType } from '../sql/pg-type.ts';
import { canonicalRule } from '../tuple/canonical-rule.ts';

/** Sentence: by which rule values of a column count as equal in a verification. */
export function comparisonRule(
  { type, convert, rules, nullTokens = [], emptyIsNull }: ColumnConversion,
  emptyText: 'null' | 'keep',
): string {
  const read = rules === undefined ? readings[convert.name] : 'Rules of the plan say how the source wrote each kind of value.';
  const rule = canonicalRule(type);
  const compared =
    rule === null
      ? (sentences.get(type.name) ?? `${capital(formatPgType(type))} compares exactly, byte by byte.`)
      : `${capital(formatPgType(type))} compares by value, ${rule.ignores} ignored.`;
  const empty = emptyIsNull && emptyText === 'null' ? ['An empty text in the source counts as NULL.'] : [];
  const tokens = nullTokens.length > 0 ? ['Texts that the plan names count as NULL.'] : [];
  return [...(read === undefined ? [] : [read]), compared, ...empty, ...tokens].join(' ');
}

const readings: Readonly<Partial<Record<ColumnConversion['convert']['name'], string>>> = {
  'epoch-s': 'The source counts seconds since 1970.',
  'epoch-ms': 'The source counts milliseconds since 1970.',
  'epoch-us': 'The source counts microseconds since 1970.',
  julian: 'The source counts Julian days.',
  'json-text': 'The source holds JSON as text.',
  'float32-blob': 'The source holds 32-bit floats as bytes.',
  'float64-blob': 'The source holds 64-bit floats as bytes.',
  'packed-bits': 'The source holds bits packed into bytes, the first in the highest.',
  'packed-bits-low': 'The source holds bits packed into bytes, the first in the lowest.',
  'blob-text': 'The source holds text as bytes.',
  'text-hex': 'The source holds bytes as hexadecimal text.',
  'decimal-comma': 'The source writes numbers with a decimal comma.',
  'grouped-comma': 'The source groups the digits of numbers by commas.',
  'date-dmy': 'The source writes dates as day, month, year.',
  'date-mdy': 'The source writes dates as month, day, year.',
};

const sentences: ReadonlyMap<string, string> = new Map([
  ['boolean', 'Boolean compares by truth: 1 is true, 0 is false.'],
  ['smallint', 'Smallint compares by number.'],
  ['integer', 'Integer compares by number.'],
  ['bigint', 'Bigint compares by number.'],
  ['timestamptz', 'Timestamptz compares by instant, however the source writes the zone.'],
  ['timestamp', 'Timestamp compares by date and time, to the microsecond.'],
  ['date', 'Date compares by day.'],
  ['time', 'Time compares to the microsecond.'],
  ['uuid', 'UUID compares by value, upper and lower case and hyphens ignored.'],
  ['json', 'JSON is text here and compares character by character.'],
  ['vector', 'Vector compares each component as a 32-bit float.'],
  ['halfvec', 'Halfvec compares each component as a 16-bit float.'],
]);

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
