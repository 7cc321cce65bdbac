import { isUuid, temporalFormat } from '../inference/detectors.ts';
import type { ConverterName } from '../model/type-mapping.ts';
import { evaluateIntegers } from './evaluate-integers.ts';
import { fitExpression } from './expressions/fit-type.ts';
import { translateExpression } from './expressions/translate-expression.ts';
import { translateDefaultFunction } from './sqlite-function-defaults.ts';

/** A default as a plan writes it. */
export type PlanDefault = { readonly sql: string } | { readonly value: string | number | boolean };

export interface TranslatedDefault {
  /** null = none. */
  readonly default: PlanDefault | null;
  /** Why the source's default was dropped or is not the same; null when all is well. */
  readonly warning: string | null;
}

/** The column that gets the default. */
export interface DefaultTarget {
  /** PostgreSQL type without modifiers. */
  readonly type: string;
  readonly convert: ConverterName;
  /** '' counts as NULL in this column. */
  readonly emptyIsNull: boolean;
}

/**
 * Translates the SQL text of a SQLite default (S24). Literals become values of the column's type, the current time becomes now() or the text that SQLite
 * would have written, simple integer arithmetic becomes its result; everything else is dropped with a warning, never turned into a string.
 */
export function translateDefault(text: string | null, target: DefaultTarget): TranslatedDefault {
  const expression = stripParentheses(text ?? '');
  if (expression === '' || /^null$/i.test(expression)) return none;
  const literal = readLiteral(expression);
  if (literal !== null) return fromLiteral(literal, expression, target);
  const sql = translateDefaultFunction(expression, target.type) ?? constant(expression, target.type);
  return sql === null ? dropped(expression, target) : { default: { sql }, warning: null };
}

/** An expression over nothing but literals, as both databases compute it. */
function constant(expression: string, type: string): string | null {
  const translated = translateExpression(expression, () => null, 'generated');
  return 'refused' in translated ? null : fitExpression(translated, type, null);
}

const none: TranslatedDefault = { default: null, warning: null };

type Literal = { readonly kind: 'text' | 'number' | 'bytes'; readonly text: string };

function readLiteral(expression: string): Literal | null {
  const quoted = /^'((?:[^']|'')*)'$/.exec(expression) ?? /^"((?:[^"]|"")*)"$/.exec(expression);
  if (quoted !== null)
    return { kind: 'text', text: (quoted[1] as string).replaceAll(expression.charAt(0).repeat(2), expression.charAt(0)) };
  const bytes = /^x'((?:[0-9a-f]{2})*)'$/i.exec(expression);
  if (bytes !== null) return { kind: 'bytes', text: (bytes[1] as string).toLowerCase() };
  if (/^[+-]?\s*(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(expression))
    return { kind: 'number', text: expression.replace(/^\+?\s*/, '').replace(/^-\s*/, '-') };
  if (/^0x[0-9a-f]+$/i.test(expression)) return { kind: 'number', text: String(BigInt.asIntN(64, BigInt(expression))) };
  if (/^(?:true|false)$/i.test(expression)) return { kind: 'number', text: /^true$/i.test(expression) ? '1' : '0' };
  const result = evaluateIntegers(expression);
  if (result !== null) return { kind: 'number', text: String(result) };
  // SQLite takes a bare word for a string, except the names of the current time.
  return /^[a-z_]\w*$/i.test(expression) && !/^current_/i.test(expression) ? { kind: 'text', text: expression } : null;
}

function fromLiteral({ kind, text }: Literal, expression: string, target: DefaultTarget): TranslatedDefault {
  if (kind === 'text' && text === '' && target.emptyIsNull) return none;
  const value = (kind === 'bytes' ? bytesFor : (literalFor[target.type] ?? neverFits))(text, target, kind);
  return value === null ? dropped(expression, target) : { default: value, warning: null };
}

type LiteralRule = (text: string, target: DefaultTarget, kind: Literal['kind']) => PlanDefault | null;

const neverFits: LiteralRule = () => null;
const bytesFor: LiteralRule = (text, target) => (target.type === 'bytea' ? { value: `\\x${text}` } : null);
const integerFor: LiteralRule = (text) => (/^-?\d+$/.test(text) ? numberValue(text) : null);
const decimalFor: LiteralRule = (text) => (isDecimal(text) ? numberValue(text) : null);
const textFor: LiteralRule = (text) => (text.includes('\0') ? null : { value: text });
const momentFor: LiteralRule = (text, target, kind) => (kind === 'number' ? fromEpoch(text, target) : momentText(text, target.type));

const literalFor: Readonly<Record<string, LiteralRule>> = {
  smallint: integerFor,
  integer: integerFor,
  bigint: integerFor,
  numeric: decimalFor,
  'double precision': decimalFor,
  boolean: (text) => booleanValue(text),
  text: textFor,
  varchar: textFor,
  bytea: (text) => ({ value: `\\x${Buffer.from(text, 'utf8').toString('hex')}` }),
  date: (text) => (temporalFormat(text) === 'date' ? { value: text } : null),
  time: (text) => (temporalFormat(text) === 'time' ? { value: text } : null),
  timestamptz: momentFor,
  timestamp: momentFor,
  uuid: (text) => (isUuid(text.toLowerCase()) ? { value: text } : null),
  jsonb: (text) => (isJson(text) ? { value: text } : null),
};

/** What names no zone is UTC, whatever the session that creates the table believes. */
function momentText(text: string, type: string): PlanDefault | null {
  const format = temporalFormat(text);
  if (format === 'timestamptz') return type === 'timestamptz' ? { value: text } : null;
  if (format !== 'date' && format !== 'timestamp') return null;
  const whole = format === 'date' ? `${text} 00:00:00` : text;
  return { value: type === 'timestamptz' ? `${whole}+00` : whole };
}

function isDecimal(text: string): boolean {
  return /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
}

/** A JSON number only where it says exactly the same; else the literal itself. */
function numberValue(text: string): PlanDefault {
  return String(Number(text)) === text && Number.isSafeInteger(Math.trunc(Number(text))) ? { value: Number(text) } : { sql: text };
}

function booleanValue(text: string): PlanDefault | null {
  const word = text.toLowerCase();
  if (['1', 't', 'true', 'yes', 'y', 'on'].includes(word)) return { value: true };
  return ['0', 'f', 'false', 'no', 'n', 'off'].includes(word) ? { value: false } : null;
}

const perSecond: Readonly<Partial<Record<ConverterName, string>>> = { 'epoch-s': '', 'epoch-ms': ' / 1000.0', 'epoch-us': ' / 1000000.0' };

function fromEpoch(text: string, target: DefaultTarget): PlanDefault | null {
  const divisor = perSecond[target.convert];
  if (divisor === undefined || !isDecimal(text)) return null;
  const moment = `to_timestamp(${text}${divisor})`;
  return { sql: target.type === 'timestamp' ? `(${moment} AT TIME ZONE 'UTC')` : moment };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return !text.includes('\\u0000');
  } catch {
    return false;
  }
}

function dropped(expression: string, target: DefaultTarget): TranslatedDefault {
  return { default: null, warning: `its default ${expression} has no safe translation for ${target.type} and is dropped` };
}

/** Outer parentheses that belong together are no part of the value. */
function stripParentheses(text: string): string {
  let inner = text.trim();
  while (inner.startsWith('(') && closesAtEnd(inner)) inner = inner.slice(1, -1).trim();
  return inner;
}

function closesAtEnd(text: string): boolean {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')' && --depth === 0) return i === text.length - 1;
  }
  return false;
}
