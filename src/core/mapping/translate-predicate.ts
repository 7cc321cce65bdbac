import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { tokenizeExpression, type Token } from './expression-tokens.ts';

/** A column as expressions may use it: its name in PostgreSQL and its type without modifiers. */
export interface PredicateColumn {
  readonly to: string;
  readonly type: string;
}

export type PredicateColumns = (name: string) => PredicateColumn | null;

/**
 * Translates an expression of SQLite that both databases understand alike: columns, numbers, texts, comparisons of a column with a literal of its own kind,
 * IN, BETWEEN, IS NULL, lower(), upper(), length(), AND, OR, NOT. Returns null for anything else, which is then not carried over.
 */
export function translateExpression(text: string, columns: PredicateColumns): string | null {
  return parse(text, columns, (parser) => parser.value())?.sql ?? null;
}

/** As translateExpression, for a condition: the WHERE of an index, a CHECK. */
export function translateCondition(text: string, columns: PredicateColumns): string | null {
  return parse(text, columns, (parser) => parser.condition());
}

type Family = 'number' | 'text' | 'boolean' | 'other';

interface Value {
  readonly sql: string;
  readonly family: Family;
  /** A number literal may stand for a boolean: active = 1. */
  readonly literal: string | null;
}

const families: Readonly<Record<string, Family>> = {
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  numeric: 'number',
  'double precision': 'number',
  text: 'text',
  varchar: 'text',
  boolean: 'boolean',
};

function parse<T>(text: string, columns: PredicateColumns, rule: (parser: Parser) => T): T | null {
  const tokens = tokenizeExpression(text);
  if (tokens === null) return null;
  const parser = new Parser(tokens, columns);
  const result = rule(parser);
  return parser.isPlain ? result : null;
}

class Parser {
  private readonly tokens: readonly Token[];
  private readonly columns: PredicateColumns;
  private at = 0;
  /** False once something was met that is not plain; the rest is then read for nothing. */
  private plain = true;

  constructor(tokens: readonly Token[], columns: PredicateColumns) {
    this.tokens = tokens;
    this.columns = columns;
  }

  /** Everything was read and understood. */
  get isPlain(): boolean {
    return this.plain && this.at === this.tokens.length;
  }

  condition(): string {
    return this.chain('or', () => this.chain('and', () => this.negation()));
  }

  /** A column, a literal, or lower/upper/length of a column. */
  value(): Value {
    const token = this.next();
    if (token.kind === 'text') return { sql: quoteLiteral(token.text), family: 'text', literal: token.text };
    if (token.kind === 'number') return { sql: token.text, family: 'number', literal: token.text };
    if (token.kind === 'sign' && token.text === '-') return this.negative();
    if (token.kind === 'word' && this.isSign('(')) return this.call(token.text.toLowerCase());
    const column = token.kind === 'sign' ? null : this.columns(token.text);
    if (column === null) return this.refuse();
    return { sql: quoteIdentifier(column.to), family: families[column.type] ?? 'other', literal: null };
  }

  private chain(word: string, part: () => string): string {
    const parts = [part()];
    while (this.takeWord(word)) parts.push(part());
    return parts.length === 1 ? (parts[0] as string) : `(${parts.join(` ${word.toUpperCase()} `)})`;
  }

  private negation(): string {
    if (this.takeWord('not')) return `(NOT ${this.negation()})`;
    if (!this.isSign('(')) return this.comparison();
    this.at += 1;
    const inner = this.condition();
    this.expectSign(')');
    return inner;
  }

  private comparison(): string {
    const left = this.value();
    if (this.takeWord('is')) return this.isNull(left, this.takeWord('not'));
    if (this.takeWord('notnull')) return `(${left.sql} IS NOT NULL)`;
    if (this.takeWord('isnull')) return `(${left.sql} IS NULL)`;
    const negated = this.takeWord('not');
    if (this.takeWord('in')) return this.list(left, negated);
    if (this.takeWord('between')) return this.between(left, negated);
    if (negated && this.takeWord('null')) return `(${left.sql} IS NOT NULL)`;
    if (negated) return this.refuse().sql;
    const token = this.tokens[this.at];
    const sign = token?.kind === 'sign' ? comparisons[token.text] : undefined;
    // A bare boolean column is a condition; a bare number is none in PostgreSQL.
    if (sign === undefined) return left.family === 'boolean' ? left.sql : this.refuse().sql;
    this.at += 1;
    const right = this.value();
    const [first, second] = this.align(left, right, sign !== '=' && sign !== '<>');
    return `(${first} ${sign} ${second})`;
  }

  private isNull(left: Value, negated: boolean): string {
    if (!this.takeWord('null')) this.refuse();
    return `(${left.sql} IS ${negated ? 'NOT ' : ''}NULL)`;
  }

  private list(left: Value, negated: boolean): string {
    this.expectSign('(');
    const items: string[] = [];
    do items.push(this.align(left, this.value(), false)[1]);
    while (this.takeSign(','));
    this.expectSign(')');
    return `(${left.sql} ${negated ? 'NOT ' : ''}IN (${items.join(', ')}))`;
  }

  private between(left: Value, negated: boolean): string {
    const low = this.align(left, this.value(), true)[1];
    if (!this.takeWord('and')) this.refuse();
    const high = this.align(left, this.value(), true)[1];
    return `(${left.sql} ${negated ? 'NOT ' : ''}BETWEEN ${low} AND ${high})`;
  }

  private negative(): Value {
    const token = this.next();
    return token.kind === 'number' ? { sql: `-${token.text}`, family: 'number', literal: `-${token.text}` } : this.refuse();
  }

  private call(name: string): Value {
    this.expectSign('(');
    const argument = this.value();
    this.expectSign(')');
    if (argument.family !== 'text') return this.refuse();
    if (name === 'lower' || name === 'upper') return { sql: `${name}(${argument.sql})`, family: 'text', literal: null };
    return name === 'length' ? { sql: `length(${argument.sql})`, family: 'number', literal: null } : this.refuse();
  }

  /** Both sides as SQL when they are of one kind; 0 and 1 beside a boolean are false and true. Texts have no common order in two databases. */
  private align(left: Value, right: Value, ordered: boolean): readonly [string, string] {
    if (left.family === 'boolean' && right.literal !== null) return [left.sql, this.asBoolean(right.literal)];
    if (right.family === 'boolean' && left.literal !== null) return [this.asBoolean(left.literal), right.sql];
    if (left.family !== right.family || left.family === 'other' || (ordered && left.family === 'text')) this.refuse();
    return [left.sql, right.sql];
  }

  private asBoolean(literal: string): string {
    return literal === '1' ? 'true' : literal === '0' ? 'false' : this.refuse().sql;
  }

  /** The expression is not plain; what is returned stands in until its end is reached. */
  private refuse(): Value {
    this.plain = false;
    return { sql: '', family: 'other', literal: null };
  }

  private next(): Token {
    return this.tokens[this.at++] ?? { kind: 'sign', text: '' };
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.at];
    const found = token?.kind === 'word' && token.text.toLowerCase() === word;
    if (found) this.at += 1;
    return found;
  }

  private takeSign(sign: string): boolean {
    const found = this.isSign(sign);
    if (found) this.at += 1;
    return found;
  }

  private isSign(sign: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'sign' && token.text === sign;
  }

  private expectSign(sign: string): void {
    if (!this.takeSign(sign)) this.refuse();
  }
}

const comparisons: Readonly<Record<string, string>> = {
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
