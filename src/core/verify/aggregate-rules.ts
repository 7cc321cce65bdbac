import type { AggregateCheck } from '../model/discrepancy.ts';
import type { ColumnConversion } from '../model/type-mapping.ts';
import type { SourceAggregate } from '../sources/source.ts';
import { isBuiltInType } from '../sql/pg-type.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { extensionTypes } from '../sql/type-names.ts';
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
  const plain = column.convert.name === 'auto' && column.rules === undefined && column.type.arrayDepth === 0;
  const wanted = plain ? (isUserType(column) ? opaqueText : (comparable.get(column.type.name) ?? none)) : none;
  const aggregates = [
    { aggregate: 'nulls', sql: (c: string) => `count(*) FILTER (WHERE ${c} IS NULL)` } as const,
    ...wanted(column, source),
  ];
  return aggregates.flatMap(({ aggregate, sql, equal = sameText }: ComparableAggregate) => {
    const value = source[aggregate];
    return value === null ? [] : [{ column, aggregate, source: value, targetSql: sql(name), equal }];
  });
}

interface ComparableAggregate {
  readonly aggregate: AggregateCheck['aggregate'];
  /** Takes the quoted name of the column. */
  readonly sql: (column: string) => string;
  readonly equal?: AggregateRule['equal'];
}

type Choice = (column: ColumnConversion, source: SourceAggregate) => readonly ComparableAggregate[];

const none: Choice = () => [];
const bytes: ComparableAggregate = { aggregate: 'length', sql: (c) => `coalesce(sum(octet_length(${c})), 0)` };
const opaqueText: Choice = () => [{ aggregate: 'length', sql: (c) => `coalesce(sum(octet_length(${c}::text)), 0)` }];
const distinct: ComparableAggregate = { aggregate: 'distinct', sql: (c) => `count(DISTINCT ${c})` };
const distinctText: ComparableAggregate = { aggregate: 'distinct', sql: (c) => `count(DISTINCT ${c} COLLATE "C")` };
const sum: ComparableAggregate = { aggregate: 'sum', sql: (c) => `sum(${c})`, equal: sameDecimal };
const sumOfTrue: ComparableAggregate = { aggregate: 'sum', sql: (c) => `sum(${c}::integer)`, equal: sameDecimal };

const integers = ifNumbers(() => [distinct, sum, ...extremes(sameDecimal)]);
const comparable: ReadonlyMap<string, Choice> = new Map([
  ['smallint', integers],
  ['integer', integers],
  ['bigint', integers],
  ['numeric', ifNumbers(numericAggregates)],
  ['double precision', ifNumbers(() => [distinct, ...extremes(sameNumber)])],
  ['real', ifNumbers(() => extremes((a, b) => sameNumber(a, b) || Math.fround(Number(a)) === Math.fround(Number(b))))],
  ['boolean', ifNumbers(() => [sumOfTrue])],
  ['text', ifTexts(() => [distinctText, bytes])],
  ['varchar', ifTexts(() => [distinctText, bytes])],
  ['citext', opaqueText],
  ['json', opaqueText],
  ['bytea', ifTexts(() => [distinct, bytes])],
]);

/** A column whose smallest value is a number holds nothing else; texts in it could be numbers spelled in other ways. */
function ifNumbers(choice: Choice): Choice {
  return (column, source) => (source.min === null ? [] : choice(column, source));
}

/** 5 and 5.0 are one value as numbers and two as text. */
function ifTexts(choice: Choice): Choice {
  return (column, source) => (source.min === null ? choice(column, source) : []);
}

function extremes(equal: AggregateRule['equal']): ComparableAggregate[] {
  return [
    { aggregate: 'min', sql: (c) => `min(${c})`, equal },
    { aggregate: 'max', sql: (c) => `max(${c})`, equal },
  ];
}

/** Rounding keeps order, so the extremes may be rounded like the values; sums and distinct values may not. */
function numericAggregates({ type }: ColumnConversion): ComparableAggregate[] {
  if (type.modifiers.length === 0) return [distinct, sum, ...extremes(sameDecimal)];
  const scale = type.modifiers[1] ?? 0;
  return [...(scale < 0 ? [] : [sum]), ...extremes((a, b) => roundedText(a, scale) === roundedText(b, scale))];
}

/** Enums and domains over text: what the row encoder sends as text. */
function isUserType({ type }: ColumnConversion): boolean {
  return !isBuiltInType(type) && type.schema !== 'pg_catalog' && !extensionTypes.has(type.name);
}

function sameText(a: string, b: string): boolean {
  return a === b;
}

/** NaN is NaN. */
function sameNumber(a: string, b: string): boolean {
  return Number(a) === Number(b) || (a === 'NaN' && b === 'NaN');
}

function sameDecimal(a: string, b: string): boolean {
  return roundedText(a, null) === roundedText(b, null);
}

/** Infinities and NaN stay as they are. */
function roundedText(text: string, scale: number | null): string {
  const decimal = new Decimal();
  if (!decimal.parse(text)) return text;
  if (scale !== null) decimal.round(scale);
  return decimal.plainText();
}
