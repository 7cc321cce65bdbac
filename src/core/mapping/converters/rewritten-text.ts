import type { ConverterName } from '../../model/type-mapping.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder } from './field-encoder.ts';

/** Converters that read one way to write numbers or dates; what they give is what PostgreSQL itself would write. */
export const numberRewrites: readonly ConverterName[] = ['decimal-comma', 'grouped-comma'];
export const dateRewrites: readonly ConverterName[] = ['date-dmy', 'date-mdy'];

export function isRewrite(converter: ConverterName): boolean {
  return rewrites[converter] !== undefined;
}

/** The encoder of a type with the texts of its column rewritten first; values of other kinds, and texts of another form, are turned away. */
export function rewritingEncoder(converter: ConverterName, encode: FieldEncoder): FieldEncoder {
  const rewrite: Rewrite = rewrites[converter] ?? ((text) => text);
  return (value, out) => {
    const text = typeof value === 'string' ? rewrite(value) : null;
    return text === null ? failure('wrong-type', `${describeValue(value)} is not written as ${converter} reads it`) : encode(text, out);
  };
}

type Rewrite = (text: string) => string | null;

const commaNumber = /^-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?$/;
const groupedNumber = /^-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/;
const dayMonth = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/;

const rewrites: Readonly<Partial<Record<ConverterName, Rewrite>>> = {
  'decimal-comma': (text) => (commaNumber.test(text) ? text.replaceAll('.', '').replace(',', '.') : null),
  'grouped-comma': (text) => (groupedNumber.test(text) ? text.replaceAll(',', '') : null),
  'date-dmy': (text) => isoDate(text, 1, 3),
  'date-mdy': (text) => isoDate(text, 3, 1),
};

/** `day` and `month`: which group of the pattern they are. */
function isoDate(text: string, day: number, month: number): string | null {
  const found = dayMonth.exec(text);
  return found === null ? null : `${found[4]}-${found[month]?.padStart(2, '0')}-${found[day]?.padStart(2, '0')}`;
}
