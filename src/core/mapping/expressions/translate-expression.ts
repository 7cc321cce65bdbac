import { traverse, type Expr } from 'sqlite3-parser';
import { parseExpression } from '../../dialect/parse-sqlite.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { alignValues, compareValues } from './compare-values.ts';
import { calculate } from './calculate.ts';
import type { ExpressionColumns } from './expression-column.ts';
import type { ExpressionPlace, ExpressionScope } from './expression-scope.ts';
import {
  columnValue,
  integerValue,
  isNumber,
  numberValue,
  operand,
  plainValue,
  textValue,
  type Collation,
  type Family,
  type Value,
} from './expression-value.ts';
import { callFunction } from './functions.ts';
import { globSql, likeSql } from './like-pattern.ts';

/** An expression in PostgreSQL's words, or why it has none that means the same. */
export type Translation = { readonly sql: string; readonly family: Family } | { readonly refused: string };

/**
 * Translates an expression of SQLite where both databases understand it alike for every value that the columns hold in the target; everything else is
 * refused with a reason, never guessed. https://www.sqlite.org/lang_expr.html
 */
export function translateExpression(text: string, columns: ExpressionColumns, place: ExpressionPlace): Translation {
  return translate(text, (translator, root) => translator.value(root), columns, place);
}

/** As translateExpression, for a condition: the WHERE of an index, a CHECK. In a CHECK, NULL and true are one. */
export function translateCondition(text: string, columns: ExpressionColumns, place: ExpressionPlace): Translation {
  return translate(text, (translator, root) => ({ ...plainValue, sql: translator.condition(root), family: 'boolean' }), columns, place);
}

function translate(
  text: string,
  rule: (translator: Translator, root: Expr) => Value,
  columns: ExpressionColumns,
  place: ExpressionPlace,
): Translation {
  const parsed = parseExpression(text);
  if (parsed === null) return { refused: 'it cannot be read' };
  const translator = new Translator(parsed.text, columns, place);
  const { sql, family } = rule(translator, parsed.root);
  return translator.refusal === null ? { sql, family } : { refused: translator.refusal };
}

/** Walks a syntax tree. The first thing that cannot be said in PostgreSQL is remembered; the rest is then read for nothing. */
class Translator implements ExpressionScope {
  readonly place: ExpressionPlace;
  refusal: string | null = null;
  readonly #text: string;
  readonly #columns: ExpressionColumns;

  constructor(text: string, columns: ExpressionColumns, place: ExpressionPlace) {
    this.#text = text;
    this.#columns = columns;
    this.place = place;
  }

  refuse(reason: string): Value {
    this.refusal ??= reason;
    return { ...plainValue, sql: '', family: 'other' };
  }

  condition(expr: Expr): string {
    const value = this.value(expr);
    if (value.family === 'boolean') return value.sql;
    if (value.literal === '1' || value.literal === '0') return value.literal === '1' ? 'true' : 'false';
    return isNumber(value) ? `(${value.sql} <> 0)` : this.refuse(`${this.textOf(expr)} is no condition`).sql;
  }

  value(expr: Expr): Value {
    switch (expr.type) {
      case 'ParenthesizedExpr':
        return expr.exprs.length === 1 ? this.value(expr.exprs[0] as Expr) : this.refuse('it compares rows of values');
      case 'StringLiteral':
        return expr.value.includes('\0') ? this.refuse('it holds a NUL character') : textValue(expr.value);
      case 'NumericLiteral':
        return numberValue(expr.value) ?? this.refuse(`${expr.value} is no 64-bit number`);
      case 'BlobLiteral':
        return { ...plainValue, sql: `'\\x${Buffer.from(expr.bytes).toString('hex')}'::bytea`, family: 'bytes' };
      case 'NullLiteral':
        return { ...plainValue, sql: 'NULL', family: 'null' };
      case 'Id':
        return this.#named(expr.name, expr);
      case 'NameExpr':
        return this.#named(expr.name.text, expr);
      case 'QualifiedExpr':
        return this.#named(expr.column.text, expr);
      default:
        return this.#withoutCollation(expr, this.#compound(expr));
    }
  }

  /** A COLLATE anywhere inside of a text counts for whatever that text is compared with, which PostgreSQL knows nothing of. */
  #withoutCollation(expr: Expr, value: Value): Value {
    if (value.family !== 'text' || value.explicit || !holdsCollation(expr)) return value;
    return this.refuse('a collation inside of it decides how it is compared');
  }

  textOf(expr: Expr): string {
    return this.#text.slice(expr.span.offset, expr.span.offset + expr.span.length);
  }

  #compound(expr: Expr): Value {
    switch (expr.type) {
      case 'UnaryExpr':
        return this.#unary(expr);
      case 'BinaryExpr':
        return this.#binary(expr);
      case 'BetweenExpr':
        return this.#between(expr);
      case 'InListExpr':
        return this.#list(expr);
      case 'IsNullExpr':
        return this.#isNull(this.value(expr.expr), false);
      case 'NotNullExpr':
        return this.#isNull(this.value(expr.expr), true);
      case 'LikeExpr':
        return this.#like(expr);
      case 'CollateExpr':
        return this.#collate(expr);
      case 'CaseExpr':
        return this.#choice(expr);
      case 'CastExpr':
        return this.#cast(expr);
      case 'FunctionCallExpr':
        return callFunction(this, expr);
      default:
        return this.refuse(`${this.textOf(expr)} has no counterpart`);
    }
  }

  /** A column; SQLite takes "x" for the text x where no column has that name. */
  #named(name: string, expr: Expr): Value {
    const column = this.#columns(name);
    if (column !== null) return columnValue(column);
    const written = this.textOf(expr);
    if (written.startsWith('"')) return textValue(name);
    if (/^(?:true|false)$/i.test(written)) return integerValue(/^true$/i.test(name) ? '1' : '0');
    return this.refuse(`there is no column ${name}`);
  }

  #unary({ op, expr }: Extract<Expr, { type: 'UnaryExpr' }>): Value {
    if (op === 'Not') return boolean(`(NOT ${this.condition(expr)})`);
    const value = this.value(expr);
    if (op === 'Positive') return value;
    // Two signs together would begin a comment.
    if (value.literal !== null && isNumber(value) && op === 'Negative') {
      const literal = value.literal.startsWith('-') ? value.literal.slice(1) : `-${value.literal}`;
      return { ...value, sql: literal, literal };
    }
    return calculate(this, op, value, value);
  }

  #binary({ left, op, right }: Extract<Expr, { type: 'BinaryExpr' }>): Value {
    if (op === 'And' || op === 'Or') return boolean(`(${this.condition(left)} ${op.toUpperCase()} ${this.condition(right)})`);
    const [a, b] = [this.value(left), this.value(right)];
    if ((op === 'Is' || op === 'IsNot') && b.family === 'null') return this.#isNull(a, op === 'IsNot');
    return compareValues(this, op, a, b) ?? calculate(this, op, a, b);
  }

  #isNull(value: Value, negated: boolean): Value {
    if (value.gainsNulls) return this.refuse(`empty texts become NULL in ${value.sql}`);
    return boolean(`(${value.sql} IS ${negated ? 'NOT ' : ''}NULL)`);
  }

  #between({ lhs, not, start, end }: Extract<Expr, { type: 'BetweenExpr' }>): Value {
    const [value, from, to] = [this.value(lhs), this.value(start), this.value(end)];
    const [left, low] = alignValues(this, value, from, true);
    const [other, high] = alignValues(this, value, to, true);
    if (left !== other) return this.refuse('its two bounds compare under different collations');
    return boolean(`(${left} ${not ? 'NOT ' : ''}BETWEEN ${low} AND ${high})`);
  }

  #list({ lhs, not, rhs }: Extract<Expr, { type: 'InListExpr' }>): Value {
    const value = this.value(lhs);
    if (rhs === undefined || rhs.length === 0) return this.refuse('it compares with an empty list');
    const pairs = rhs.map((item) => {
      const listed = this.value(item);
      if (listed.family === 'null') return [null, 'NULL'] as const;
      // The left side alone decides how a list is compared.
      if (listed.collation !== null && listed.collation !== (value.collation ?? 'BINARY'))
        this.refuse('its list has a collation of its own');
      return alignValues(this, value, listed, false);
    });
    const left = pairs.find(([sql]) => sql !== null)?.[0] ?? value.sql;
    return boolean(`(${left} ${not ? 'NOT ' : ''}IN (${pairs.map(([, sql]) => sql).join(', ')}))`);
  }

  #like({ lhs, not, op, rhs, escape }: Extract<Expr, { type: 'LikeExpr' }>): Value {
    const [value, pattern] = [this.value(lhs), this.value(rhs)];
    const mark = escape === undefined ? null : this.value(escape).literal;
    const plain = value.family === 'text' && pattern.family === 'text' && pattern.literal !== null;
    if (!plain || (escape !== undefined && mark === null))
      return this.refuse(`${op.toUpperCase()} compares something else than a text with a literal`);
    if (op === 'Like') return boolean(likeSql(value.sql, pattern.literal, mark ?? '', not));
    const glob = op === 'Glob' ? globSql(value.sql, pattern.literal, not) : null;
    return glob === null ? this.refuse(`${op.toUpperCase()} ${quoteLiteral(pattern.literal)} has no counterpart`) : boolean(glob);
  }

  #collate({ expr, collation }: Extract<Expr, { type: 'CollateExpr' }>): Value {
    const name = collation.toUpperCase();
    if (name !== 'BINARY' && name !== 'NOCASE' && name !== 'RTRIM') return this.refuse(`the collation ${collation} is unknown`);
    return { ...this.value(expr), collation: name satisfies Collation, explicit: true };
  }

  #choice({ base, whenThenPairs, elseExpr }: Extract<Expr, { type: 'CaseExpr' }>): Value {
    const subject = base === undefined ? null : this.value(base);
    const conditions = whenThenPairs.map(({ when }) =>
      subject === null ? this.condition(when) : (compareValues(this, 'Equals', subject, this.value(when))?.sql ?? ''),
    );
    const results = [...whenThenPairs.map(({ then }) => this.value(then)), ...(elseExpr === undefined ? [] : [this.value(elseExpr)])];
    const unified = this.unify(results);
    const branches = conditions.map((condition, i) => `WHEN ${condition} THEN ${unified.sqls[i] ?? ''}`);
    const otherwise = elseExpr === undefined ? '' : ` ELSE ${unified.sqls.at(-1) ?? ''}`;
    return {
      ...plainValue,
      sql: `(CASE ${branches.join(' ')}${otherwise} END)`,
      family: unified.family,
      narrow: unified.family === 'integer',
    };
  }

  unify(values: readonly Value[]): { readonly family: Family; readonly sqls: readonly string[] } {
    const found = [...new Set(values.map(({ family }) => family).filter((family) => family !== 'null'))];
    const [family = 'null'] = found;
    if (found.length > 1 || family === 'other' || family === 'json-leaf') this.refuse('its results are of different kinds');
    return { family, sqls: values.map((value) => (isNumber(value) && value.family !== 'decimal' ? operand(value) : value.sql)) };
  }

  #cast({ expr, typeName }: Extract<Expr, { type: 'CastExpr' }>): Value {
    const value = this.value(expr);
    const type = typeName?.name.toUpperCase() ?? '';
    if (/INT/.test(type)) {
      if (value.family === 'integer') return { ...value, literal: null, sql: operand(value), narrow: false };
      if (value.family === 'real') return { ...plainValue, sql: `trunc(${operand(value)})::bigint`, family: 'integer' };
      if (value.family === 'boolean') return { ...plainValue, sql: asInteger(value.sql), family: 'integer' };
    }
    if (/CHAR|CLOB|TEXT/.test(type) && value.family === 'text') return value;
    if (/CHAR|CLOB|TEXT/.test(type) && value.family === 'integer') return { ...plainValue, sql: `${operand(value)}::text`, family: 'text' };
    if (/REAL|FLOA|DOUB/.test(type) && (value.family === 'integer' || value.family === 'real'))
      return { ...plainValue, sql: `${operand(value)}::double precision`, family: 'real' };
    return this.refuse(`${this.textOf(expr)} cannot safely be cast to ${type}`);
  }
}

/** A condition as the 1, 0 or NULL that it is in SQLite. */
export function asInteger(condition: string): string {
  return `${condition}::integer::bigint`;
}

function holdsCollation(expr: Expr): boolean {
  let found = false;
  traverse(expr, { nodes: { CollateExpr: () => ((found = true), 'break') } });
  return found;
}

function boolean(sql: string): Value {
  return { ...plainValue, sql, family: 'boolean' };
}
