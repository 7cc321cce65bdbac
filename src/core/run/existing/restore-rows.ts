import { MigrationError } from '../../errors.ts';
import { plural } from '../../model/plural.ts';
import { stagedTable } from '../../plan/staged-table.ts';
import {
  changedRowsSql,
  countReferencesSql,
  deleteInsertedSql,
  lockForRestoreSql,
  restoreDeletedSql,
  restoreUpdatedSql,
} from '../../sql/existing/restore.ts';
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
 * Overwritten rows become what they were, added rows go, deleted rows come back. Each of the three is one statement for all tables, so that foreign keys
 * between them are checked when all of it is done. Triggers fire as always; a row that a trigger would make another is no restored row, and
 * `roll-back-blocked`.
 */
export async function restoreRows(
  session: TargetSession,
  tables: readonly SqlStagedTable[],
  runId: string,
): Promise<Pick<RollBackResult, 'restoredRows' | 'deletedRows'>> {
  if (tables.length === 0) return { restoredRows: 0, deletedRows: 0 };
  await session.query('SET CONSTRAINTS ALL DEFERRED');
  const keyed = tables.filter(({ mode }) => mode === 'upsert');
  const updated = keyed.length === 0 ? 0 : await carryOut(session, restoreUpdatedSql(keyed));
  await refuseReferenced(session, tables);
  const deletedRows = await carryOut(session, deleteInsertedSql(tables));
  const replaced = tables.filter(({ mode }) => mode === 'replace');
  const returned = replaced.length === 0 ? 0 : await carryOut(session, restoreDeletedSql(replaced));
  await blocked(() => session.query('SET CONSTRAINTS ALL IMMEDIATE'));
  await forgetWrittenRows(session, runId);
  return { restoredRows: updated + returned, deletedRows };
}

/** Runs a statement that counts its rows by table; returns their sum. */
async function carryOut(session: TargetSession, sql: string): Promise<number> {
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
  return rows.reduce((sum, row) => sum + Number(row['rows']), 0);
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
