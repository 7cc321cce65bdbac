import { parse } from 'jsonc-parser';
import type { RunOverrides } from '../../core/index.ts';

export interface PlanOutline {
  readonly name: string | null;
  /** `schema.table` of every table that a run of the plan loads, in its order. */
  readonly tables: readonly string[];
}

/** What a tree shows of a plan before its run has told anything. A text that is no plan has no tables; the engine says why. */
export function outlinePlan(text: string, overrides: RunOverrides): PlanOutline {
  const plan = record(parse(text, [], { allowTrailingComma: true }));
  const schema = overrides.schema ?? textOr(record(plan['target'])['schema'], 'public');
  const tables = Array.isArray(plan['tables']) ? plan['tables'].map(record) : [];
  const labelled = tables
    .filter((table) => table['include'] !== false)
    .map((table) => ({ from: textOr(table['from'], ''), ...targetName(table['to'], schema) }))
    .filter(({ from, name }) => overrides.tables === undefined || overrides.tables.includes(from) || overrides.tables.includes(name));
  return { name: typeof plan['name'] === 'string' ? plan['name'] : null, tables: labelled.map(({ label }) => label) };
}

function targetName(to: unknown, schema: string): { readonly name: string; readonly label: string } {
  if (typeof to === 'string') return { name: to, label: `${schema}.${to}` };
  const parts = record(to);
  const name = textOr(parts['table'], '');
  return { name, label: `${textOr(parts['schema'], schema)}.${name}` };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
