import type { Expr } from 'sqlite3-parser';
import type { ExpressionScope } from './expression-scope.ts';
import { foldedText, operand, plainValue, type Family, type Value } from './expression-value.ts';
import { jsonLeaf } from './json-leaf.ts';

type Call = Extract<Expr, { type: 'FunctionCallExpr' }>;
type Rule = (scope: ExpressionScope, args: readonly Value[]) => Value | null;

/** https://www.sqlite.org/lang_corefunc.html: those that give the same in both databases, for the families named. */
export function callFunction(scope: ExpressionScope, call: Call): Value {
  const name = call.name.name.toLowerCase();
  const plain = call.distinctness === undefined && call.filterOver === undefined && call.orderBy === undefined;
  const args = (call.args ?? []).map((arg) => scope.value(arg));
  if (name === 'iif' || name === 'if') return plain ? choose(scope, call, args) : scope.refuse(`${name}() has no counterpart`);
  const rule = rules[name];
  const found = plain && rule !== undefined && !args.some(({ gainsNulls }) => gainsNulls) ? rule(scope, args) : null;
  return found ?? scope.refuse(`${scope.textOf(call)} has no safe counterpart`);
}

const rules: Readonly<Record<string, Rule>> = {
  lower: (scope, args) => changeCase(scope, args, 'lower'),
  upper: (scope, args) => changeCase(scope, args, 'upper'),
  length: (_scope, [value, ...more]) => {
    if (value === undefined || more.length > 0) return null;
    if (value.family === 'bytes') return give(`length(${value.sql})::bigint`, 'integer');
    return value.family === 'text' ? { ...give(`length(${value.sql})`, 'integer'), narrow: true } : null;
  },
  trim: (_scope, args) => trim(args, 'btrim'),
  ltrim: (_scope, args) => trim(args, 'ltrim'),
  rtrim: (_scope, args) => trim(args, 'rtrim'),
  replace: (_scope, args) => (allTexts(args, 3) ? give(`replace(${sqlOf(args)})`, 'text') : null),
  instr: (_scope, args) => (allTexts(args, 2) ? { ...give(`strpos(${sqlOf(args)})`, 'integer'), narrow: true } : null),
  substr: (_scope, args) => part(args),
  substring: (_scope, args) => part(args),
  abs: (_scope, [value, ...more]) => {
    if (value === undefined || more.length > 0 || (value.family !== 'integer' && value.family !== 'real')) return null;
    return give(`abs(${operand(value)})`, value.family);
  },
  coalesce: (scope, args) => first(scope, args),
  ifnull: (scope, args) => (args.length === 2 ? first(scope, args) : null),
  nullif: (scope, [a, b, ...more]) => {
    if (a === undefined || b === undefined || more.length > 0 || a.family !== b.family || (a.collation ?? 'BINARY') !== 'BINARY')
      return null;
    return a.family === 'other' ? null : give(`nullif(${a.sql}, ${b.sql})`, scope.unify([a]).family);
  },
  typeof: (_scope, [value]) =>
    value === undefined || value.storage === null
      ? null
      : give(`(CASE WHEN ${value.sql} IS NULL THEN 'null' ELSE '${value.storage}' END)`, 'text'),
  json_valid: (scope, [value, ...more]) =>
    // The column holds nothing but documents, and NULL lets a CHECK pass.
    value?.family === 'json' && more.length === 0 && scope.place === 'check' ? give('true', 'boolean') : null,
  json_extract: (_scope, [value, path, ...more]) => (more.length > 0 ? null : jsonLeaf(value, path)),
};

function give(sql: string, family: Family): Value {
  return { ...plainValue, sql, family };
}

function sqlOf(args: readonly Value[]): string {
  return args.map(({ sql }) => sql).join(', ');
}

function allTexts(args: readonly Value[], count: number): boolean {
  return args.length === count && args.every(({ family }) => family === 'text');
}

/** ASCII only, as in SQLite. A plain index serves queries, which say lower(x), and cannot fail by what it holds equal. */
function changeCase({ place }: ExpressionScope, [value, ...more]: readonly Value[], name: 'lower' | 'upper'): Value | null {
  if (value?.family !== 'text' || more.length > 0) return null;
  if (place === 'index') return give(`${name}(${value.sql})`, 'text');
  return give(name === 'lower' ? foldedText(value.sql) : `upper(${value.sql} COLLATE "C")`, 'text');
}

function trim(args: readonly Value[], name: string): Value | null {
  if (!allTexts(args, 1) && !allTexts(args, 2)) return null;
  return give(`${name}(${args.length === 1 ? `${sqlOf(args)}, ' '` : sqlOf(args)})`, 'text');
}

/** Only from a place inside the text and with a length that is none below zero: the rest counts from the end in SQLite. */
function part([value, start, length]: readonly Value[]): Value | null {
  const isCount = (given: Value | undefined, least: number): boolean =>
    given !== undefined && given.literal !== null && /^\d{1,9}$/.test(given.literal) && Number(given.literal) >= least;
  if (value?.family !== 'text' || !isCount(start, 1) || (length !== undefined && !isCount(length, 0))) return null;
  return give(`substr(${[value, start, length].flatMap((arg) => arg?.sql ?? []).join(', ')})`, 'text');
}

function first(scope: ExpressionScope, args: readonly Value[]): Value {
  const { family, sqls } = scope.unify(args);
  return { ...give(`coalesce(${sqls.join(', ')})`, family), narrow: family === 'integer' };
}

function choose(scope: ExpressionScope, { args = [] }: Call, values: readonly Value[]): Value {
  const [condition] = args;
  if (condition === undefined || args.length < 2 || args.length > 3) return scope.refuse('iif() has no counterpart of that form');
  const { family, sqls } = scope.unify(values.slice(1));
  const otherwise = sqls[1] === undefined ? '' : ` ELSE ${sqls[1]}`;
  const sql = `(CASE WHEN ${scope.condition(condition)} THEN ${sqls[0] ?? ''}${otherwise} END)`;
  return { ...give(sql, family), narrow: family === 'integer' };
}
