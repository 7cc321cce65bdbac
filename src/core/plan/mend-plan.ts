import { MigrationError } from '../errors.ts';
import { alterNullableSql, alterTypeSql } from '../sql/alter-column.ts';
import { dropStatement } from '../sql/drop-statement.ts';
import { parsePgType } from '../sql/pg-type.ts';
import type { CreatedObject } from '../model/statement.ts';
import { createCompileContext, ddlType, type CompileContext } from './compile-context.ts';
import type { CompiledPlan, CompiledTable } from './compiled-plan.ts';
import { checkExpression } from './plan-object-names.ts';
import type { Plan, PlanColumn } from './plan-schema.ts';
import { tableLabel, type PlannedTable } from './planned-table.ts';

/** A plan with what it compiles to. */
export interface CompiledWithPlan {
  readonly plan: Plan;
  readonly compiled: CompiledPlan;
}

/** What a mended plan changes in a target that was made by the plan before. */
export interface PlanMending {
  /** In the order they run; all of them in one transaction. */
  readonly statements: readonly { readonly table: string; readonly sql: string }[];
  /** Objects that these statements drop. */
  readonly dropped: readonly CreatedObject[];
  /** Tables whose rows are converted or compared by other rules than before. */
  readonly tables: readonly { readonly before: CompiledTable; readonly after: CompiledTable }[];
}

/**
 * Compares a mended plan with the one that a run was carried out by. Types, NULL, converters and options may change, and checks, keys and indexes may
 * go. Throws `mended-too-far`, naming it all, when anything else is different.
 */
export function mendPlan(before: CompiledWithPlan, after: CompiledWithPlan, vectorSchema: string | null): PlanMending {
  const [old, mended] = [contextOf(before, vectorSchema), contextOf(after, vectorSchema)];
  const problems: string[] = changedSources(before.plan, after.plan);
  const pairs = pairTables(old, mended, problems);
  const loosened = pairs.flatMap(([a, b]) => loosenedKeys(old, a, b, problems));
  const drops = [...loosened, ...droppedObjects(before.compiled, after.compiled, problems)];
  const checks = pairs.flatMap(([a, b]) => droppedChecks(old, a, b, problems));
  const columns = pairs.flatMap(([a, b]) => columnStatements(mended, a, b, problems));
  const existing = existingTables(before.compiled, after.compiled, problems);
  if (problems.length > 0) throw new MigrationError('mended-too-far', { context: { problems } });
  const isOurs = ({ table }: { readonly table: string }): boolean => !existing.has(table);
  const dropped = [...drops, ...checks].filter(isOurs);
  return {
    statements: [...dropped.map(({ table, object }) => ({ table, sql: dropStatement(object) })), ...columns.filter(isOurs)],
    dropped: dropped.map(({ object }) => object),
    tables: before.compiled.tables.flatMap((table) => {
      const other = after.compiled.tables.find(({ label }) => label === table.label);
      return other === undefined || isSameReading(table, other) ? [] : [{ before: table, after: other }];
    }),
  };
}

/** Tables that were there before the run: nothing of them is altered, and the plan's types only say how rows get in. */
function existingTables(before: CompiledPlan, after: CompiledPlan, problems: string[]): ReadonlySet<string> {
  const existing = before.tables.filter((table) => table.existing !== undefined);
  for (const { label, existing: was } of existing) {
    const now = after.tables.find((table) => table.label === label)?.existing;
    if (now !== undefined && now.conflict.join() !== was?.conflict.join()) problems.push(`${label} has another key`);
  }
  return new Set(existing.map(({ label }) => label));
}

interface DroppedObject {
  /** `schema.table` that it belongs to. */
  readonly table: string;
  readonly object: CreatedObject;
}

function contextOf({ plan, compiled }: CompiledWithPlan, vectorSchema: string | null): CompileContext {
  const made = compiled.preData.flatMap(({ object }) => (object?.kind === 'table' ? [`${object.schema}.${object.name}`] : []));
  const names = { schema: plan.target.schema, vectorSchema: vectorSchema ?? 'public', labels: new Set(made), existing: new Set<string>() };
  return createCompileContext(plan, { ...names, earlier: new Set(compiled.parents.map(tableLabel)) });
}

/** Sources that the mended plan reads in another way: the rows of the run would be other rows. Where a plan file lies decides its paths. */
function changedSources(before: Plan, after: Plan): string[] {
  return Object.entries(before.sources).flatMap(([name, { path: _was, ...old }]) => {
    const { path: _is, ...mended } = after.sources[name] ?? { path: '' };
    const keys = [...new Set([...Object.keys(old), ...Object.keys(mended)])];
    return keys
      .filter((key) => JSON.stringify((old as Record<string, unknown>)[key]) !== JSON.stringify((mended as Record<string, unknown>)[key]))
      .map((key) => `source ${name} is read with another "${key}"`);
  });
}

function pairTables(old: CompileContext, mended: CompileContext, problems: string[]): [PlannedTable, PlannedTable][] {
  const named = (tables: readonly PlannedTable[], label: string): PlannedTable | undefined => tables.find((table) => table.label === label);
  problems.push(
    ...mended.tables.filter(({ label }) => named(old.tables, label) === undefined).map(({ label }) => `${label} is a new table`),
    ...old.tables.filter(({ label }) => named(mended.tables, label) === undefined).map(({ label }) => `${label} is missing`),
  );
  return old.tables.flatMap((table) => {
    const other = named(mended.tables, table.label);
    if (other === undefined) return [];
    if (table.load?.source !== other.load?.source || JSON.stringify(table.load?.from) !== JSON.stringify(other.load?.from))
      problems.push(`${table.label} comes from another table`);
    if (JSON.stringify(table.body.partitionBy) !== JSON.stringify(other.body.partitionBy))
      problems.push(`${table.label} is partitioned in another way`);
    return [[table, other]];
  });
}

/** Keys, indexes and foreign keys of the target that the mended plan does not have any more. What is merely named in passing stays. */
function droppedObjects(before: CompiledPlan, after: CompiledPlan, problems: string[]): DroppedObject[] {
  const had = new Set([...before.preData, ...before.postData].map(({ sql }) => sql));
  const has = new Set([...after.preData, ...after.postData].map(({ sql }) => sql));
  for (const { sql, object } of [...after.preData, ...after.postData])
    if (object !== null && object.kind !== 'table' && !had.has(sql)) problems.push(sql);
  for (const { sql, object, table } of before.postData)
    if (object?.kind === 'seed' && !has.has(sql)) problems.push(`seed row ${object.name} of ${table ?? ''} is missing or another`);
  return before.postData
    .filter(({ object }) => object?.kind !== 'seed')
    .flatMap(({ sql, object, table }) => (object === null || has.has(sql) ? [] : [{ table: table ?? '', object }]))
    .toReversed();
}

/** A key that let no orphan in is made anew when its orphans are to be loaded: NOT VALID, if there are any. */
function loosenedKeys(old: CompileContext, before: PlannedTable, after: PlannedTable, problems: string[]): DroppedObject[] {
  return old.foreignKeysOf(before).flatMap(({ key, name, hazard }): DroppedObject[] => {
    const other = after.body.foreignKeys.find(
      (candidate) => JSON.stringify({ ...candidate, orphans: null }) === JSON.stringify({ ...key, orphans: null }),
    );
    if (hazard !== null || other === undefined || other.orphans === key.orphans) return [];
    if (other.orphans === 'quarantine') problems.push(`${before.label}: orphans of foreign key ${name} are loaded`);
    if (key.orphans !== 'quarantine') return [];
    return [{ table: before.label, object: { kind: 'foreign-key', schema: before.to.schema, table: before.to.table, name } }];
  });
}

function droppedChecks(old: CompileContext, before: PlannedTable, after: PlannedTable, problems: string[]): DroppedObject[] {
  const left = after.body.checks.map(checkExpression);
  const had = before.body.checks.map(checkExpression);
  problems.push(...left.filter((check) => !had.includes(check)).map((check) => `${after.label}: CHECK (${check}) is new`));
  const names = old.namesOf(before).checks;
  return had.flatMap((check, i) =>
    left.includes(check)
      ? []
      : [
          {
            table: before.label,
            object: { kind: 'check', schema: before.to.schema, table: before.to.table, name: names[i] ?? '' } as const,
          },
        ],
  );
}

function columnStatements(
  mended: CompileContext,
  before: PlannedTable,
  after: PlannedTable,
  problems: string[],
): { readonly table: string; readonly sql: string }[] {
  const added = after.body.columns.filter(({ to }) => !before.body.columns.some((column) => column.to === to));
  problems.push(...added.map(({ to }) => `${after.label}.${to} is a new column`));
  return before.body.columns.flatMap((column) => {
    const other = after.body.columns.find(({ to }) => to === column.to);
    if (other === undefined) {
      problems.push(`${before.label}.${column.to} is missing`);
      return [];
    }
    if (JSON.stringify(fixedParts(column)) !== JSON.stringify(fixedParts(other)))
      problems.push(`${before.label}.${column.to} has another origin, default, identity or expression`);
    return [
      ...(column.type === other.type ? [] : [alterTypeSql(after.to, other.to, ddlType(mended, other.type), typeNames(column, other))]),
      ...(column.nullable === other.nullable ? [] : [alterNullableSql(after.to, other.to, other.nullable)]),
    ].map((sql) => ({ table: after.label, sql }));
  });
}

function fixedParts({ from, default: value, identity, generated }: PlanColumn): unknown {
  return [from, value, identity, generated];
}

function typeNames(before: PlanColumn, after: PlanColumn): { readonly from: string; readonly to: string } {
  return { from: parsePgType(before.type).name, to: parsePgType(after.type).name };
}

/** Rows are read, converted, hashed and matched as before. */
function isSameReading(a: CompiledTable, b: CompiledTable): boolean {
  const reading = ({ columns, key, options }: CompiledTable): string => JSON.stringify([columns, key, options]);
  return reading(a) === reading(b);
}
