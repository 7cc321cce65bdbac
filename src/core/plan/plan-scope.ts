import type { ObjectKind } from '../model/statement.ts';
import type { CompiledPlan, TableName } from './compiled-plan.ts';
import type { Plan } from './plan-schema.ts';
import { plannedTables, resolveTableName } from './planned-table.ts';

/** Names of what a compiled plan makes, by kind, and of what it builds on. */
export interface PlanScope {
  readonly extensions: readonly string[];
  /** Schemas that the plan makes when they are missing: all that it uses but `public`. */
  readonly schemas: readonly string[];
  readonly types: readonly TableName[];
  /** Sequences that stand for themselves; those of identity columns come with their table. */
  readonly sequences: readonly TableName[];
  readonly tables: readonly TableName[];
  /** Tables that the foreign keys of a table refer to, by its label; those the plan does not know are there as well. */
  readonly references: ReadonlyMap<string, readonly TableName[]>;
  /** Every table, partition, type and sequence of the plan, identity sequences too. */
  readonly made: readonly TableName[];
}

export function planScope(plan: Plan, compiled: CompiledPlan): PlanScope {
  const objects = compiled.preData.flatMap((statement) => (statement.object === null ? [] : [statement.object]));
  const named = (kind: ObjectKind): readonly string[] => objects.filter((object) => object.kind === kind).map((object) => object.name);
  const placed = (kind: ObjectKind): readonly TableName[] =>
    objects.filter((object) => object.kind === kind).map((object) => ({ schema: object.schema ?? 'public', table: object.name }));
  const [types, sequences, tables] = [placed('type'), placed('sequence'), placed('table')];
  const { schema } = plan.target;
  const numbering = plan.sequences.map((sequence) => resolveTableName(sequence.name, schema));
  const references = plannedTables(plan, schema).map(({ label, body }): [string, readonly TableName[]] => [
    label,
    body.foreignKeys.filter((key) => key.enforce).map((key) => resolveTableName(key.references, schema)),
  ]);
  return {
    extensions: named('extension'),
    schemas: named('schema'),
    types,
    sequences,
    tables,
    references: new Map(references),
    made: [...types, ...sequences, ...tables, ...placed('partition'), ...numbering],
  };
}
