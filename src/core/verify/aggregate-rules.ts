import type { AggregateCheck } from '../model/discrepancy.ts';
import type { ColumnConversion } from '../model/type-mapping.ts';
import type { SourceAggregate } from '../sources/source.ts';
import { isBuiltInType } from '../sql/pg-type.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { Decimal } from '../tuple/decimal.ts';

/** One aggregate that both engines define in the same way for a column. */
export interface AggregateRule {
  readonly column: ColumnConversion;
  readonly aggregate: AggregateCheck['aggregate'];
  /** What the source said. */
  readonly source: string;
  /** Expression whose text form is compared. */
  readonly targetSql: string;
  readonly equal: (source: string, target: string) => boolean;
}

/**
 * What can be compared without our converters:
 * - every type: NULLs;
 * - smallint, integer, bigint: min, max, sum, distinct, where the source holds numbers only;
 * - numeric: min and max rounded to the column's scale, sum of integers; distinct without a scale;
 * - double precision: min, max, distinct; real: min, max rounded to 32 bits;
 * - boolean: the number of true as the sum of 0 and 1;
 * - text, varchar, citext, json, enums: total bytes; text and varchar also distinct;
 * - bytea: total bytes, distinct.
 * char(n) is padded, and dates, jsonb, uuid and vectors have no aggregate that both define alike.
 */
export function aggregateRules(column: ColumnConversion, source: SourceAggregate): AggregateRule[] {
  const name = quoteIdentifier(column.to);
  const rule = (aggregate: AggregateCheck['aggregate'], value: string | null, targetSql: string, equal: AggregateRule['equal'] = sameText): AggregateRule[] =>
    value === null ? [] : [{ column, aggregate, source: value, targetSql, equal }];
  const nulls = rule('nulls', source.nulls, `count(*) FILTER (WHERE ${name} IS NULL)`);
  if (column.convert.name !== 'auto' || column.type.arrayDepth > 0) return nulls;
  const numbersOnly = source.min !== null;
  const distinct = (expression: string): AggregateRule[] => rule('distinct', source.distinct, `count(DISTINCT ${expression})`);
  const extremes = (equal: AggregateRule['equal']): AggregateRule[] => [...rule('min', source.min, `min(${name})`, equal), ...rule('max', source.max, `max(${name})`, equal)];
  const sum = (expression: string): AggregateRule[] => rule('sum', source.sum, `sum(${expression})`, sameDecimal);
  switch (isBuiltInType(column.type) ? column.type.name : 'text of the user') {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return numbersOnly ? [...nulls, ...distinct(name), ...extremes(sameDecimal), ...sum(name)] : nulls;
    case 'numeric': {
      const scale = column.type.modifiers.length === 0 ? null : (column.type.modifiers[1] ?? 0);
      if (!numbersOnly) return nulls;
      return [...nulls, ...(scale === null ? distinct(name) : []), ...extremes(sameRounded(scale)), ...(scale === null || scale >= 0 ? sum(name) : [])];
    }
    case 'double precision':
      return numbersOnly ? [...nulls, ...distinct(name), ...extremes((a, b) => Number(a) === Number(b))] : nulls;
    case 'real':
      return numbersOnly ? [...nulls, ...extremes((a, b) => Math.fround(Number(a)) === Math.fround(Number(b)))] : nulls;
    case 'boolean':
      return numbersOnly ? [...nulls, ...sum(`${name}::integer`)] : nulls;
    case 'text':
    case 'varchar':
      return [...nulls, ...distinct(`${name} COLLATE "C"`), ...rule('length', source.length, `sum(octet_length(${name}))`)];
    case 'json':
    case 'text of the user':
      return vectorNames.has(column.type.name) ? nulls : [...nulls, ...rule('length', source.length, `sum(octet_length(${name}::text))`)];
    case 'bytea':
      return [...nulls, ...distinct(name), ...rule('length', source.length, `sum(octet_length(${name}))`)];
    default:
      return nulls;
  }
}

const vectorNames: ReadonlySet<string> = new Set(['vector', 'halfvec', 'sparsevec']);

function sameText(a: string, b: string): boolean {
  return a === b;
}

function sameDecimal(a: string, b: string): boolean {
  return sameRounded(null)(a, b);
}

function sameRounded(scale: number | null): (a: string, b: string) => boolean {
  return (a, b) => roundedText(a, scale) === roundedText(b, scale);
}

/** Infinities and NaN stay as they are. */
function roundedText(text: string, scale: number | null): string {
  const decimal = new Decimal();
  if (!decimal.parse(text)) return text;
  if (scale !== null) decimal.round(scale);
  return decimal.plainText();
}
