import { MigrationError } from '../../errors.ts';
import { plural } from '../../model/plural.ts';
import { stagedTable } from '../../plan/staged-table.ts';
import { changedRowsSql, countReferencesSql, lockForRestoreSql, restoreDeletedSql, undoWritesSql } from '../../sql/existing/restore.ts';
import type { SqlStagedTable } from '../../sql/existing/staging.ts';
import { sumCheckpoints } from '../../state/checkpoint-store.ts';
import { readExistingObjects } from '../../state/existing-object-store.ts';
import type { RunRecord } from '../../state/run-store.ts';
import { forgetWrittenRows } from '../../state/undo-store.ts';
import { readRelationFacts } from '../../target/relation-facts.ts';
import type { TargetSession } from '../../target/target.ts';
import { makeEffectivePlan } from '../effective-plan.ts';
import type { RollBackResult } from '../requests.ts';
import { recallExisting } from './existing-objects.ts';

/** Rows named in an error, for each table. */
const namedRows = 5;

/**
 * Tables that were there before the run and hold rows of it. Throws `run-without-undo` when the run wrote into one and kept nothing, and
 * `existing-table-unfit` when one is not any more as the run found it.
 */
export async function tablesToRestore(session: TargetSession, run: RunRecord): Promise<readonly SqlStagedTable[]> {
  const records = (await readExistingObjects(session, run.runId)).filter((record) => record.isTable);
  if (records.length === 0) return [];
  if (records.some((record) => !record.undo)) {
    const written = (await sumCheckpoints(session)).get(run.runId)?.rowsWritten ?? 0;
    if (written > 0 || records.some((record) => record.emptied))
      throw new MigrationError('run-without-undo', { context: { runId: run.runId } });
  }
  const { effective } = await recallExisting(session, makeEffectivePlan(run.planText, run.planName, run.overrides), run.runId);
  const tables = effective.compiled.tables.flatMap((table) => stagedTable(table) ?? []);
  const gone = records.filter((record) => !tables.some(({ label }) => label === record.label)).map(({ label }) => label);
  if (gone.length > 0)
    throw new MigrationError('rows-changed-since', { context: { tables: gone, rows: ['The table is gone.'], runId: run.runId } });
  return tables;
}

/** Keeps others from writing to the tables until the end of the transaction. Throws `rows-changed-since` when a row is not as the run left it. */
export async function lockUnchanged(session: TargetSession, tables: readonly SqlStagedTable[], runId: string): Promise<void> {
  if (tables.length === 0) return;
  await session.query(lockForRestoreSql(tables));
  const changed: { readonly table: string; readonly rows: readonly string[] }[] = [];
  for (const table of tables) {
    const { rows } = await session.query(changedRowsSql(table, namedRows));
    const named = rows.map((row) => `${table.label} ${String(row['row'])} is ${row['gone'] === true ? 'gone' : 'changed'}`);
    if (named.length > 0) changed.push({ table: table.label, rows: named });
  }
  if (changed.length === 0) return;
  throw new MigrationError('rows-changed-since', {
    context: { tables: changed.map(({ table }) => table), rows: changed.flatMap(({ rows }) => rows), runId },
  });
}

/**
 * Added rows go and overwritten rows become what they were, in one statement for all tables; deleted rows come back in another. So foreign keys between
 * them are checked when all of it is done. Triggers fire as always; a row that a trigger would make another is no restored row, and
 * `roll-back-blocked`.
 */
export async function restoreRows(
  session: TargetSession,
  tables: readonly SqlStagedTable[],
  runId: string,
): Promise<Pick<RollBackResult, 'restoredRows' | 'deletedRows'>> {
  if (tables.length === 0) return { restoredRows: 0, deletedRows: 0 };
  await session.query('SET CONSTRAINTS ALL DEFERRED');
  await refuseReferenced(session, tables);
  const { deleted, updated, returned } = await undoAll(session, tables);
  await blocked(() => session.query('SET CONSTRAINTS ALL IMMEDIATE'));
  await forgetWrittenRows(session, runId);
  return { restoredRows: updated + returned, deletedRows: deleted };
}

/** What was deleted before the load comes back last, and first what was deleted behind it: rows may need each other. */
async function undoAll(session: TargetSession, tables: readonly SqlStagedTable[]): Promise<RestoredCounts> {
  const emptied = tables.filter(({ mode }) => mode === 'replace' || mode === 'sync');
  const bringBack = (): Promise<RestoredCounts> =>
    emptied.length === 0 ? Promise.resolve(nothing) : carryOut(session, restoreDeletedSql(emptied));
  const deletedLast = tables.some(({ mode }) => mode === 'sync');
  await session.query('SAVEPOINT sluice_restore');
  try {
    const written = await undoWrites(session, tables);
    return { ...written, returned: (await bringBack()).returned };
  } catch (error) {
    if (!deletedLast || !(error instanceof MigrationError) || error.code !== 'roll-back-blocked' || error.context.sqlstate === undefined)
      throw error;
    await session.query('ROLLBACK TO SAVEPOINT sluice_restore');
    const { returned } = await bringBack();
    return { ...(await undoWrites(session, tables)), returned };
  }
}

/** Values under a unique key or an exclusion constraint that another row has at this moment. */
const clashes = new Set(['23505', '23P01']);

/** Where a value that has to come back is still taken by a row that has it from the run, writes are undone one by one from the last to the first. */
async function undoWrites(session: TargetSession, tables: readonly SqlStagedTable[]): Promise<RestoredCounts> {
  await session.query('SAVEPOINT sluice_undo');
  try {
    return await carryOut(session, undoWritesSql(tables, 'any'));
  } catch (error) {
    if (
      !(error instanceof MigrationError) ||
      !clashes.has(error.context.sqlstate ?? '') ||
      !tables.some(({ conflict }) => conflict.length > 0)
    )
      throw error;
    await session.query('ROLLBACK TO SAVEPOINT sluice_undo');
    return carryOut(session, undoWritesSql(tables, 'backwards'));
  }
}

type RestoredCounts = Readonly<Record<'deleted' | 'updated' | 'returned', number>>;

const nothing: RestoredCounts = { deleted: 0, updated: 0, returned: 0 };

/** Runs a statement that counts its rows by table and what became of them; returns their sums. */
async function carryOut(session: TargetSession, sql: string): Promise<RestoredCounts> {
  const { rows } = await blocked(() => session.query(sql));
  const inexact = rows.filter((row) => row['inexact'] !== '0').map((row) => String(row['label']));
  if (inexact.length > 0) {
    throw new MigrationError('roll-back-blocked', {
      context: {
        object: `Rows of ${inexact.join(', ')}`,
        action: 'put back as they were',
        detail: 'a trigger changes them while they are written',
        hint: 'Disable that trigger (ALTER TABLE … DISABLE TRIGGER …), roll back again, and enable it.',
      },
    });
  }
  const sum = (what: string): number => rows.reduce((total, row) => total + (row['what'] === what ? Number(row['rows']) : 0), 0);
  return { deleted: sum('deleted'), updated: sum('updated'), returned: sum('returned') };
}

/** A foreign key, a unique key or a check of the user's that does not hold any more stands in the way. */
async function blocked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MigrationError) || !/^23/.test(error.context.sqlstate ?? '')) throw error;
    const { table, constraint } = error.context;
    throw new MigrationError('roll-back-blocked', {
      context: {
        ...error.context,
        object: `Rows of ${table ?? 'a table'}`,
        action: 'put back as they were',
        detail: [error.context['message'], error.context.detail].filter((part) => part !== undefined).join(': '),
        hint: `Remove the rows that stand in the way of ${constraint ?? 'the constraint'}, then roll back again.`,
      },
      cause: error,
    });
  }
}

/** Rows of others that refer to rows which would go: deleting those would change them or fail. They are counted and named. */
async function refuseReferenced(session: TargetSession, tables: readonly SqlStagedTable[]): Promise<void> {
  const byLabel = new Map(tables.map((table) => [table.label, table]));
  const facts = await readRelationFacts(
    session,
    tables.map(({ to }) => to),
  );
  for (const { schema, name, references } of facts) {
    const parent = byLabel.get(`${schema}.${name}`);
    for (const reference of references) {
      const child = { schema: reference.schema, table: reference.table };
      const label = `${child.schema}.${child.table}`;
      if (parent === undefined) continue;
      const { rows } = await session.query(countReferencesSql(parent, { ...reference, child }, byLabel.get(label) ?? null));
      const count = String(rows[0]?.['rows']);
      if (count === '0') continue;
      throw new MigrationError('roll-back-blocked', {
        context: {
          object: `Rows that the run added to ${parent.label}`,
          action: 'removed',
          detail: `${plural(count, `row of ${label} refers`, `rows of ${label} refer`)} to them (foreign key ${reference.name})`,
          hint: `Delete or change those rows of ${label}, then roll back again.`,
        },
      });
    }
  }
}
