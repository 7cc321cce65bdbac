import { MigrationError } from '../../errors.ts';
import type { WritingMode } from '../../model/existing-table.ts';
import type { Warning } from '../../model/run.ts';
import type { CompiledPlan, CompiledTable, TableName } from '../../plan/compiled-plan.ts';
import { uniqueColumns } from '../../plan/plan-object-names.ts';
import type { Plan } from '../../plan/plan-schema.ts';
import { plannedTables } from '../../plan/planned-table.ts';
import { syncKey } from '../../plan/sync-key.ts';
import { readExistingObjects, type ExistingObjectRecord } from '../../state/existing-object-store.ts';
import { readRelationFacts, type RelationFacts } from '../../target/relation-facts.ts';
import type { Target, TargetSession } from '../../target/target.ts';
import { withExisting, type EffectivePlan } from '../effective-plan.ts';
import { checkVersion } from '../preflight/check-server.ts';
import { foundError, type Found } from '../preflight/finding.ts';
import { checkFit, type FitReport } from './check-fit.ts';
import { describeTable, relationProblems, type DescribedTable } from './describe-table.ts';
import { outsideReferences } from './empty-tables.ts';
import { readTypeLabels } from './read-type-labels.ts';
import { loadSequence } from './load-sequence.ts';
import { missingRead } from './missing-rights.ts';

/** A plan in a target that has some of its objects already. */
export interface ExistingObjects {
  /** Without statements for what is there; its tables know how rows get in. */
  readonly effective: EffectivePlan;
  /** What the run has to remember of them. */
  readonly records: readonly Omit<ExistingObjectRecord, 'emptied'>[];
  readonly warnings: readonly Warning[];
  /** Why the rows cannot be written: `existing-table-unfit` with everything that is in the way, and rights that are missing. */
  readonly found: readonly Found[];
}

/** Looks what of the plan is in the target already, in the modes that write into it, and whether it can take the rows. Nothing is changed. */
export async function findExisting(target: Target, effective: EffectivePlan): Promise<ExistingObjects> {
  const { mode } = effective.plan.options;
  // An older server has other catalogs; that it is old is told elsewhere.
  const cannotBeAsked = checkVersion(target.capabilities, target.label).length > 0;
  if (mode === 'create' || cannotBeAsked) return noneExisting(effective);
  const wanted = wantedObjects(effective.compiled);
  const facts = await readRelationFacts(target, [...wanted.tables, ...wanted.sequences]);
  const types = await readTypeLabels(target, wanted.types);
  const labels = new Set([...facts.map(({ schema, name }) => `${schema}.${name}`), ...types.keys()]);
  const described = describeAll(withExisting(effective, labels), facts, { mode, runId: '', remembered: new Map() });
  const problems = [
    ...facts.filter((one) => !isSequence(one, wanted.sequences) && !isLoaded(one, described.tables)).flatMap(relationProblems),
    ...described.tables.flatMap((table) => table.problems),
    ...described.effective.compiled.tables
      .filter((table) => table.existing === undefined)
      .flatMap((table) => missingParentKeys(table, facts)),
    ...effective.plan.enums.flatMap((planned) => missingLabels(planned, types, effective.plan.target.schema)),
  ];
  const fitting = described.tables.filter((table) => table.problems.length === 0).map(({ table }) => table);
  const applies = mode === 'sync' && effective.plan.options.deletions === 'apply';
  const fit = await checkFit(target, fitting, mode === 'replace' || applies);
  const emptied = mode === 'replace' ? facts.filter((one) => isLoaded(one, described.tables) && relationProblems(one).length === 0) : [];
  const references = await checkReferences(target, emptied);
  const unread = applies ? await unreadReferences(target, fitting, facts) : [];
  problems.push(...fit.problems, ...references.problems);
  return {
    effective: described.effective,
    records: recordsOf(labels, described, effective),
    warnings: described.warnings,
    found: [
      ...(problems.length > 0 ? [foundError('existing-table-unfit', { target: target.label, problems })] : []),
      ...fit.missing,
      ...references.missing,
      ...unread,
    ],
  };
}

export function noneExisting(effective: EffectivePlan): ExistingObjects {
  return { effective, records: [], warnings: [], found: [] };
}

/** Rows of others that refer to those that would go; one of their tables may be closed to the user. */
async function checkReferences(target: Target, emptied: readonly RelationFacts[]): Promise<FitReport> {
  try {
    return { problems: await outsideReferences(target, emptied), missing: [] };
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== 'no-privilege') throw error;
    return { problems: [], missing: [{ severity: 'error', error }] };
  }
}

/** Rows that are gone are deleted only when no row refers to them, so that tables which refer to them have to be read. */
async function unreadReferences(
  target: Target,
  tables: readonly CompiledTable[],
  facts: readonly RelationFacts[],
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { to, label } of tables) {
    const references = facts.find(({ schema, name }) => schema === to.schema && name === to.table)?.references ?? [];
    for (const { schema, table } of new Map(references.map((one) => [`${one.schema}.${one.table}`, one])).values())
      found.push(...(await missingRead(target, { schema, table }, label)));
  }
  return found;
}

/** The plan of a run that has begun, with what it found then. Throws `existing-table-unfit` when its tables are not any more as it needs them. */
export async function recallExisting(target: TargetSession, effective: EffectivePlan, runId: string): Promise<ExistingObjects> {
  const { mode } = effective.plan.options;
  const records = await readExistingObjects(target, runId);
  if (records.length === 0 || mode === 'create') return { ...noneExisting(effective), records };
  const known = withExisting(effective, new Set(records.map(({ label }) => label)));
  const remembered = new Map(records.filter(({ isTable }) => isTable).map((record) => [record.label, record]));
  const facts = await readRelationFacts(
    target,
    known.compiled.tables.filter(({ label }) => remembered.has(label)).map(({ to }) => to),
  );
  const described = describeAll(known, facts, { mode, runId, remembered });
  const problems = described.tables.flatMap((table) => table.problems);
  if (problems.length > 0) throw new MigrationError('existing-table-unfit', { context: { target: 'the target', problems } });
  return { effective: described.effective, records, warnings: described.warnings, found: [] };
}

/** The plan with the id of its run, once there is one. */
export function ofRun(effective: EffectivePlan, runId: string): EffectivePlan {
  const tables = effective.compiled.tables.map((table) =>
    table.existing === undefined ? table : { ...table, existing: { ...table.existing, runId } },
  );
  return { ...effective, compiled: { ...effective.compiled, tables } };
}

interface Described {
  readonly effective: EffectivePlan;
  readonly tables: readonly DescribedTable[];
  readonly warnings: readonly Warning[];
}

interface Around {
  readonly mode: WritingMode;
  readonly runId: string;
  readonly remembered: ReadonlyMap<string, ExistingObjectRecord>;
}

function describeAll(effective: EffectivePlan, facts: readonly RelationFacts[], { mode, runId, remembered }: Around): Described {
  const { plan, compiled, overrides } = effective;
  const byLabel = new Map(facts.map((one) => [`${one.schema}.${one.name}`, one]));
  const there = compiled.tables.filter(({ label }) => byLabel.has(label));
  const parentsOf = (label: string): readonly string[] => byLabel.get(label)?.parents.map(({ schema, name }) => `${schema}.${name}`) ?? [];
  const { after, circles } = loadSequence(
    there.map(({ label }) => label),
    parentsOf,
  );
  const tables = there.map((table) =>
    describeTable(table, byLabel.get(table.label) as RelationFacts, {
      compiled,
      mode,
      undo: remembered.get(table.label)?.undo ?? overrides.undo !== false,
      runId,
      planName: plan.name,
      planKey: (label) => (mode === 'sync' ? syncKey(plan, table) : planKey(plan, label)),
      remembered: (label) => remembered.get(label) ?? null,
      after: (label) => after.get(label) ?? [],
      circleOf: (label) => circles.get(label) ?? [],
    }),
  );
  const replaced = new Map(tables.map(({ table }) => [table.label, table]));
  const all = compiled.tables.map((table): CompiledTable => replaced.get(table.label) ?? table);
  return {
    effective: { ...effective, compiled: { ...compiled, tables: all } },
    tables,
    warnings: tables.flatMap((table) => table.warnings),
  };
}

/** The primary key, else the first unique key. */
function planKey(plan: Plan, label: string): readonly string[] {
  const body = plannedTables(plan, plan.target.schema).find((table) => table.label === label)?.body;
  const [unique] = body?.uniques ?? [];
  if (body === undefined || body.primaryKey.length > 0) return body?.primaryKey ?? [];
  return unique === undefined ? [] : uniqueColumns(unique);
}

function wantedObjects({ preData }: CompiledPlan): Record<'tables' | 'types' | 'sequences', readonly TableName[]> {
  const ofKind = (kind: string): readonly TableName[] =>
    preData.flatMap(({ object }) => (object?.kind === kind ? [{ schema: object.schema ?? 'public', table: object.name }] : []));
  return { tables: ofKind('table'), types: ofKind('type'), sequences: ofKind('sequence') };
}

function isSequence(facts: RelationFacts, wanted: readonly TableName[]): boolean {
  return facts.kind === 'S' && wanted.some(({ schema, table }) => schema === facts.schema && table === facts.name);
}

function isLoaded({ schema, name }: RelationFacts, tables: readonly DescribedTable[]): boolean {
  return tables.some(({ table }) => table.label === `${schema}.${name}`);
}

function missingLabels({ name, values }: Plan['enums'][number], types: ReadonlyMap<string, readonly string[]>, schema: string): string[] {
  const label = typeof name === 'string' ? `${schema}.${name}` : `${name.schema}.${name.table}`;
  const there = types.get(label);
  const missing = there === undefined ? [] : values.filter((value) => !there.includes(value));
  return missing.length === 0 ? [] : [`Type ${label} has no label ${missing.join(', ')}, which the plan gives it.`];
}

/** Foreign keys of a table that the run makes, to a table that is there and has no unique index for them. */
function missingParentKeys({ label, foreignKeys }: CompiledTable, facts: readonly RelationFacts[]): string[] {
  return foreignKeys.flatMap(({ enforce, name, to, referencesColumns }) => {
    const parent = facts.find((one) => one.schema === to.schema && one.name === to.table);
    const wanted = referencesColumns.toSorted().join();
    if (!enforce || parent === undefined || parent.uniques.some(({ columns }) => columns.toSorted().join() === wanted)) return [];
    return [
      `${to.schema}.${to.table} has no unique index on (${referencesColumns.join(', ')}), to which foreign key ${name} of ${label} refers.`,
    ];
  });
}

function recordsOf(labels: ReadonlySet<string>, described: Described, { overrides }: EffectivePlan): ExistingObjects['records'] {
  const tables = new Map(described.tables.map(({ table }) => [table.label, table.existing]));
  return [...labels].map((label) => ({
    label,
    isTable: tables.has(label),
    undo: overrides.undo !== false,
    columns: tables.get(label)?.columns.map(({ name }) => name) ?? [],
    key: tables.get(label)?.key.map(({ name }) => name) ?? [],
  }));
}
