import type { PgType } from '../model/pg-type.ts';
import type { AffinityRule, CastRule } from './cast-rule.ts';
import { duckDbCastRules } from './duckdb-cast-rules.ts';
import { enforcedType } from './enforced-type.ts';
import { jacCastRules } from './jac-cast-rules.ts';
import { jsonCastRules } from './json-cast-rules.ts';
import { sqliteAffinityRules, sqliteCastRules } from './sqlite-cast-rules.ts';

/** A declared type as the rules read it. */
export interface DeclaredType {
  readonly type: string | null;
  readonly modifiers: readonly number[];
  readonly upgrade: boolean;
  /** The whole PostgreSQL type, where the store lets no other values in. */
  readonly enforced?: PgType;
  /** What PostgreSQL's type does to some values, in words. */
  readonly rounds?: string;
  /** The store has texts only: numbers and dates are written out. */
  readonly written: boolean;
}

interface Dialect {
  readonly rules: readonly CastRule[];
  readonly affinities: readonly AffinityRule[];
  readonly written: boolean;
}

const duckDb: Dialect = { rules: duckDbCastRules, affinities: [], written: false };

/** Which dialect a source's declarations are written in, by the kind of the source. */
const dialects: Readonly<Record<string, Dialect>> = {
  sqlite: { rules: sqliteCastRules, affinities: sqliteAffinityRules, written: false },
  duckdb: duckDb,
  // Read by DuckDB, in whose words the columns are declared.
  parquet: duckDb,
  json: { rules: jsonCastRules, affinities: [], written: false },
  jac: { rules: jacCastRules, affinities: [], written: false },
  // A value in the name of a folder is a text beyond doubt: 01 is not 1.
  delimited: { rules: [{ declared: ['folder'], type: 'text', enforced: true }], affinities: [], written: true },
};

/** Looks a declared type up in the cast rules of its dialect; an unknown dialect or name leaves the decision to the values. */
export function readDeclaredType(declared: string, dialect: string): DeclaredType {
  const known = dialects[dialect];
  const enforced = enforcedType(declared, known?.rules ?? []);
  if (enforced !== null) {
    const { type, rounds } = enforced;
    return {
      type: type.name,
      modifiers: type.modifiers,
      upgrade: false,
      written: false,
      enforced: type,
      ...(rounds === undefined ? {} : { rounds }),
    };
  }
  const { name, numbers } = splitDeclared(declared);
  const written = known?.written ?? false;
  const rule = known?.rules.find((candidate) => candidate.declared.includes(name));
  if (rule !== undefined) {
    const count = rule.modifiers ?? 0;
    return { type: rule.type, modifiers: numbers.length === 0 ? [] : numbers.slice(0, count), upgrade: rule.upgrade ?? false, written };
  }
  const affinity = known?.affinities.find((candidate) => name.includes(candidate.contains));
  return { type: affinity?.type ?? null, modifiers: [], upgrade: affinity?.upgrade ?? true, written };
}

/** `decimal (10, 2) unsigned` → DECIMAL UNSIGNED with 10 and 2. */
function splitDeclared(declared: string): { readonly name: string; readonly numbers: readonly number[] } {
  const list = /\(([^)]*)\)/.exec(declared);
  const name = declared
    .replace(/\([^)]*\)/, ' ')
    .trim()
    .replace(/\s+/g, ' ')
    .toUpperCase();
  const numbers = (list?.[1] ?? '').split(',').map((part) => Number(part.trim() === '' ? NaN : part));
  return { name, numbers: numbers.every((value) => Number.isInteger(value)) ? numbers : [] };
}
