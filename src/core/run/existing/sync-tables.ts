import { MigrationError } from '../../errors.ts';
import type { Warning } from '../../model/run.ts';
import { plural } from '../../model/plural.ts';
import type { CompiledPlan, CompiledTable } from '../../plan/compiled-plan.ts';
import type { Plan } from '../../plan/plan-schema.ts';
import { stagedTable } from '../../plan/staged-table.ts';
import { syncKey } from '../../plan/sync-key.ts';
import { lockForRestoreSql } from '../../sql/existing/restore.ts';
import type { SqlStagedTable } from '../../sql/existing/staging.ts';
import {
  countReferencesToGoneSql,
  countRowsInStateSql,
  deleteGoneSql,
  goneKeysSql,
  syncedTable,
  type SqlSyncedTable,
} from '../../sql/existing/synced-rows.ts';
import type { Fence } from '../../state/checkpoint-store.ts';
import { holdsRun } from '../../state/existing-object-store.ts';
import { readRelationFacts } from '../../target/relation-facts.ts';
import type { TargetSession } from '../../target/target.ts';
import type { ControlSession } from '../control-session.ts';

/** Tables of mode sync that were there before the run. */
export function syncedTables(tables: readonly CompiledTable[]): readonly SqlStagedTable[] {
  return tables.flatMap((table) => {
    const staged = stagedTable(table);
    return staged === null || staged.mode !== 'sync' ? [] : [staged];
  });
}

/** A table that the run of mode sync has made, as a later run will know it. */
export function madeTable(plan: Plan, { columnTypes }: CompiledPlan, table: CompiledTable, runId: string): SqlSyncedTable {
  const types = columnTypes.get(table.label) ?? [];
  const key = syncKey(plan, table).map((name) => ({ name, type: types[table.columns.findIndex(({ to }) => to === name)] ?? 'text' }));
  return { to: table.to, label: table.label, plan: plan.name, runId, key, keyTypes: key.map(({ type }) => type), partial: false };
}

/**
 * Deletes rows that the source has no more, all in one transaction with their entries in `sluice.undo`. A table with such rows that other rows refer to
 * keeps them: deleting them would change those or be refused. Safe to repeat; before the load as well, since a new row may need a value that a gone one has.
 */
export async function deleteGoneRows(control: ControlSession, fence: Fence, tables: readonly SqlStagedTable[]): Promise<void> {
  if (tables.length === 0) return;
  await control.use((target) =>
    target.transaction(async (session) => {
      if (!(await holdsRun(session, fence))) throw new MigrationError('fenced', { context: { runId: fence.runId } });
      const gone: SqlStagedTable[] = [];
      for (const table of tables) if ((await countRows(session, table, 'gone')) > 0) gone.push(table);
      if (gone.length === 0) return;
      await session.query(lockForRestoreSql(gone));
      const free = await withoutReferences(session, gone);
      if (free.length === 0) return;
      await session.query(deleteGoneSql(free));
      await session.query('SET CONSTRAINTS ALL IMMEDIATE');
    }),
  );
}

/** Tables whose gone rows no other row refers to, but for rows that go with them. */
async function withoutReferences(session: TargetSession, gone: readonly SqlStagedTable[]): Promise<readonly SqlStagedTable[]> {
  const facts = await readRelationFacts(
    session,
    gone.map(({ to }) => to),
  );
  let free = gone;
  for (let before = -1; before !== free.length;) {
    before = free.length;
    const still: SqlStagedTable[] = [];
    for (const table of free) {
      const references = facts.find(({ schema, name }) => `${schema}.${name}` === table.label)?.references ?? [];
      let rows = 0;
      for (const reference of references) rows += await countReferring(session, table, reference, free);
      if (rows === 0) still.push(table);
    }
    free = still;
  }
  return free;
}

type Reference = Awaited<ReturnType<typeof readRelationFacts>>[number]['references'][number];

async function countReferring(
  session: TargetSession,
  parent: SqlStagedTable,
  reference: Reference,
  free: readonly SqlStagedTable[],
): Promise<number> {
  const known = syncedTable(parent);
  const own = free.find(({ label }) => label === `${reference.schema}.${reference.table}`);
  if (known === null) return 0;
  const child = { schema: reference.schema, table: reference.table };
  const sql = countReferencesToGoneSql(known, { ...reference, child }, own === undefined ? null : syncedTable(own));
  return Number((await session.query(sql)).rows[0]?.['rows']);
}

/** Rows named in a warning. */
const namedRows = 5;

/** What a sync left in the target although the source does not have it, or not so. */
export async function syncWarnings(
  session: TargetSession,
  tables: readonly SqlStagedTable[],
  { deletions, redactValues }: { readonly deletions: Plan['options']['deletions']; readonly redactValues: boolean },
): Promise<readonly Warning[]> {
  const warnings: Warning[] = [];
  for (const table of tables) {
    const { label } = table;
    // Where rows are read in part, one that was gone may be there again.
    const gone = table.partial === true ? 0 : await countRows(session, table, 'gone');
    const behind = await countRows(session, table, 'behind');
    if (gone > 0) {
      const named = redactValues ? '' : await nameGone(session, table, gone);
      const stay =
        deletions === 'apply'
          ? 'They stay in the target, because other rows refer to rows among them.'
          : 'They stay in the target; "deletions": "apply" in the options of the plan deletes them.';
      const rows = plural(gone, `row of ${label} is`, `rows of ${label} are`);
      warnings.push({ code: 'rows-gone', message: `${rows} not in the source any more${named}. ${stay}`, table: label });
    }
    if (behind > 0) {
      const rows = plural(behind, `row of ${label} is`, `rows of ${label} are`);
      warnings.push({
        code: 'rows-behind',
        message: `${rows} as an earlier run left them: rows of the source were rejected, and these are among them or gone. They are not compared and not deleted.`,
        table: label,
      });
    }
  }
  return warnings;
}

async function nameGone(session: TargetSession, table: SqlStagedTable, gone: number): Promise<string> {
  const synced = syncedTable(table);
  if (synced === null) return '';
  const { rows } = await session.query(goneKeysSql(synced, namedRows));
  return `: ${rows.map((row) => String(row['key'])).join('; ')}${gone > rows.length ? '; …' : ''}`;
}

/** Rows of the target whose key is known in this state. */
export async function countRows(session: TargetSession, table: SqlStagedTable, state: 'gone' | 'behind'): Promise<number> {
  const synced = syncedTable(table);
  return synced === null ? 0 : Number((await session.query(countRowsInStateSql(synced, state))).rows[0]?.['rows']);
}
