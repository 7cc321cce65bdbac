import { MigrationError } from '../errors.ts';
import type { CreatedObject } from '../model/statement.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { PlanMending } from '../plan/mend-plan.ts';
import type { Source } from '../sources/source.ts';
import { lockAgainstWritersSql } from '../sql/duplicate-rows.ts';
import { readCheckpoints, replaceSums, requireHeld, type Fence } from '../state/checkpoint-store.ts';
import { readCreatedObjects, renumberCreatedObjects } from '../state/created-object-store.ts';
import { setPlan } from '../state/run-store.ts';
import type { Target, TargetSession } from '../target/target.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { sumSourceRange } from '../verify/sum-source-range.ts';
import { sumTargetTable } from '../verify/sum-target-table.ts';
import { loadedSums } from './loaded-sums.ts';

export interface PlanAdoption {
  readonly target: Target;
  readonly sourceOf: (table: CompiledTable) => Promise<Source>;
  readonly fence: Fence;
  readonly mending: PlanMending;
  readonly plan: { readonly text: string; readonly hash: string };
  /** Objects of the mended plan's statements, by ordinal. */
  readonly objects: readonly (CreatedObject | null)[];
  /** Places of the rows that are not in the target, by table. */
  readonly rejected: ReadonlyMap<string, readonly string[]>;
  readonly signal: AbortSignal;
}

/**
 * Makes a mended plan the run's own, in one transaction or not at all: alters what the run created, proves by content that every loaded row is what the
 * mended plan makes of its source, and writes sums, objects and plan anew. Throws `rows-changed-since`, `mend-refused` (PostgreSQL does not take a
 * statement) and `mend-not-lossless`.
 */
export async function adoptPlan(adoption: PlanAdoption): Promise<void> {
  const { target, fence, mending, plan, objects } = adoption;
  await target.transaction(async (session) => {
    await requireHeld(session, fence, null);
    await refuseForeignTables(adoption, session);
    for (const { before } of mending.tables) await session.query(lockAgainstWritersSql(before.to));
    await refuseChangedRows(adoption, session);
    for (const { table, sql } of mending.statements) await alter(session, table, sql);
    for (const { after } of mending.tables)
      await replaceSums(session, fence.runId, after.label, await provenSums(adoption, session, after));
    await renumberCreatedObjects(session, fence.runId, objects, mending.dropped);
    await setPlan(session, fence.runId, plan);
  });
}

/** Only what the run itself made is ever altered. */
async function refuseForeignTables({ mending, fence }: PlanAdoption, session: TargetSession): Promise<void> {
  const made = await readCreatedObjects(session, fence.runId);
  const own = new Set(made.flatMap(({ kind, schema, name }) => (kind === 'table' ? [`${schema}.${name}`] : [])));
  const problems = mending.statements.filter(({ table }) => !own.has(table)).map(({ sql }) => `the run did not make the table of: ${sql}`);
  if (problems.length > 0) throw new MigrationError('mended-too-far', { context: { problems } });
}

/** What somebody else wrote must not pass for what the run wrote. */
async function refuseChangedRows({ mending, fence, signal }: PlanAdoption, session: TargetSession): Promise<void> {
  const checkpoints = await readCheckpoints(session, fence.runId);
  const changed: string[] = [];
  for (const { before } of mending.tables) {
    const written = loadedSums(checkpoints.filter(({ table }) => table === before.label));
    const { sums } = await sumTargetTable({ target: session, table: before, signal });
    if (sums.differingBuckets(BucketSums.fromBytes(written.sums)).length > 0) changed.push(before.label);
  }
  if (changed.length > 0) throw new MigrationError('rows-changed-since', { context: { tables: changed, runId: fence.runId } });
}

async function alter(session: TargetSession, table: string, sql: string): Promise<void> {
  try {
    await session.query(sql);
  } catch (error) {
    if (!(error instanceof MigrationError) || error.kind === 'transient' || error.code === 'no-privilege') throw error;
    throw new MigrationError('mend-refused', { context: { ...error.context, table, statement: sql }, cause: error });
  }
}

/** Sums of the target, when they are those of the source as the mended plan reads it. */
async function provenSums(adoption: PlanAdoption, session: TargetSession, table: CompiledTable): Promise<Uint8Array> {
  const { signal, rejected, mending } = adoption;
  const excluded = new Set(rejected.get(table.label));
  const there = await sumTargetTable({ target: session, table, signal });
  const expected = await sumSourceRange({ source: await adoption.sourceOf(table), table, range: {}, excluded, signal });
  if (there.sums.differingBuckets(expected.sums).length > 0) {
    const statements = mending.statements.filter((statement) => statement.table === table.label).map(({ sql }) => sql);
    throw new MigrationError('mend-not-lossless', { context: { table: table.label, statements } });
  }
  return there.sums.toBytes();
}
