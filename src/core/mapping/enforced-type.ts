import type { PgType } from '../model/pg-type.ts';
import { maxVectorDimensions } from '../model/vector-limits.ts';
import { hasArrayType } from '../sql/array-types.ts';
import type { CastRule } from './cast-rule.ts';
import { scalarType } from './scalar-type.ts';

export interface EnforcedType {
  readonly type: PgType;
  readonly rounds?: string;
}

/**
 * The PostgreSQL type of a declared type that the store enforces; null where no rule says that it does. `FLOAT[384]` is a vector, other lists and arrays
 * of scalars are arrays, of which those in two dimensions still depend on the values, and whatever else is nested is jsonb.
 */
export function enforcedType(declared: string, rules: readonly CastRule[]): EnforcedType | null {
  const list = /^(.+)\[(\d*)\]$/s.exec(declared);
  if (list === null) return scalarOf(declared, rules);
  if (!rules.some(({ enforced }) => enforced === true)) return null;
  const [, element = '', length = ''] = list;
  const dimensions = Number(length);
  if (element === 'FLOAT' && dimensions > 0 && dimensions <= maxVectorDimensions) return { type: scalarType('vector', dimensions) };
  const inner = elementOf(element, rules);
  if (inner === null || inner.type.arrayDepth > 1) return { type: scalarType('jsonb') };
  return { ...inner, type: { ...inner.type, arrayDepth: inner.type.arrayDepth + 1 } };
}

/** null: values of this type cannot stand in an array of PostgreSQL that we write. Labels of an enum stand in one as texts. */
function elementOf(declared: string, rules: readonly CastRule[]): EnforcedType | null {
  if (declared.startsWith('ENUM(') || declared === 'VARCHAR') return { type: scalarType('text') };
  if (declared === 'BLOB') return { type: scalarType('bytea') };
  const found = declared.endsWith(']') ? enforcedType(declared.replace(/\[\d+\]$/, '[]'), rules) : scalarOf(declared, rules);
  return found !== null && hasArrayType(found.type) ? found : null;
}

function scalarOf(declared: string, rules: readonly CastRule[]): EnforcedType | null {
  // What is no type of the plan's: the planner gives it one of its own where it can.
  if (declared.startsWith('ENUM(') && rules.some(({ enforced }) => enforced === true)) return { type: scalarType('text') };
  const [, name = '', numbers] = /^([^()]+?)(?:\(([\d, ]*)\)|\(.*\))?$/s.exec(declared) ?? [];
  const rule = rules.find((candidate) => candidate.declared.includes(name));
  if (rule?.enforced !== true || rule.type === null) return null;
  const modifiers =
    rule.fixed ??
    (numbers ?? '')
      .split(',')
      .slice(0, rule.modifiers ?? 0)
      .map(Number);
  return { type: scalarType(rule.type, ...modifiers), ...(rule.rounds === undefined ? {} : { rounds: rule.rounds }) };
}
