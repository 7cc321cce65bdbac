import { plannedEnums } from '../plan/compile-context.ts';
import type { CompiledPlan, TableName } from '../plan/compiled-plan.ts';
import type { Plan, PlanForeignKey } from '../plan/plan-schema.ts';
import { plannedTables, resolveTableName, tableLabel } from '../plan/planned-table.ts';
import { readRelationFacts, type RelationFacts } from '../target/relation-facts.ts';
import { readStateVersion } from '../state/state-schema.ts';
import type { Target } from '../target/target.ts';
import type { EffectivePlan } from './effective-plan.ts';
import { readTypeLabels } from './existing/read-type-labels.ts';
import { checkVersion } from './preflight/check-server.ts';

/**
 * For a run of some of a plan's tables: what runs of others have left in the target, by `schema.name`. Tables that its foreign keys refer to, whoever made
 * them, as long as they have the key; types and sequences only when a run of a plan of this name made them. Empty for a run of all tables.
 */
export async function findEarlier(target: Target, { plan, compiled, overrides }: EffectivePlan): Promise<readonly string[]> {
  // An older server has other catalogs; that it is old is told elsewhere.
  if (overrides.tables === undefined || checkVersion(target.capabilities, target.label).length > 0) return [];
  return [...(await parentsThere(target, plan, compiled)), ...(await objectsOfEarlierRuns(target, plan))];
}

async function parentsThere(target: Target, plan: Plan, compiled: CompiledPlan): Promise<readonly string[]> {
  const { schema } = plan.target;
  const all = plannedTables(plan, schema);
  const own = new Set(compiled.preData.flatMap(({ object, table }) => (object?.kind === 'table' ? [table] : [])));
  const keys = all.filter(({ label }) => own.has(label)).flatMap(({ body }) => body.foreignKeys);
  const isNamed = (label: string): boolean => keys.some((key) => tableLabel(resolveTableName(key.references, schema)) === label);
  const parents = all.filter(({ label }) => !own.has(label) && isNamed(label));
  const facts = await readRelationFacts(
    target,
    parents.map(({ to }) => to),
  );
  return facts.flatMap((found) => {
    const label = `${found.schema}.${found.name}`;
    const referring = keys.filter((key) => tableLabel(resolveTableName(key.references, schema)) === label);
    return referring.every((key) => hasKey(found, key)) ? [label] : [];
  });
}

function hasKey({ kind, uniques }: RelationFacts, { enforce, referencesColumns }: PlanForeignKey): boolean {
  const wanted = referencesColumns.toSorted().join();
  return (kind === 'r' || kind === 'p') && (!enforce || uniques.some(({ columns }) => columns.toSorted().join() === wanted));
}

/** A type or sequence of the same name that is somebody else's stays in the way, as do types whose labels are others by now. */
async function objectsOfEarlierRuns(target: Target, plan: Plan): Promise<readonly string[]> {
  const { schema } = plan.target;
  const enums = plannedEnums(plan, schema);
  const sequences = plan.sequences.map(({ name }) => resolveTableName(name, schema));
  if (enums.length + sequences.length === 0 || (await readStateVersion(target)) === null) return [];
  const made = await readMade(target, plan.name);
  const labels = await readTypeLabels(
    target,
    enums.map(({ name }) => name),
  );
  const isMade = (kind: string, name: TableName): boolean => made.has(`${kind} ${tableLabel(name)}`);
  const hasLabels = (name: TableName, values: readonly string[]): boolean =>
    values.every((value) => labels.get(tableLabel(name))?.includes(value) === true);
  return [
    ...enums.filter(({ name, values }) => isMade('type', name) && hasLabels(name, values)).map(({ name }) => tableLabel(name)),
    ...sequences.filter((name) => isMade('sequence', name)).map(tableLabel),
  ];
}

async function readMade(target: Target, planName: string): Promise<ReadonlySet<string>> {
  const { rows } = await target.query(
    `SELECT DISTINCT o.kind || ' ' || o.schema_name || '.' || o.name AS object FROM sluice.created_object AS o JOIN sluice.run AS r USING (run_id)
      WHERE r.status <> 'rolled-back' AND r.plan_name = $1 AND o.kind IN ('type', 'sequence')`,
    [planName],
  );
  return new Set(rows.map((row) => String(row['object'])));
}
