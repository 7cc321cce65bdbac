import { MigrationError } from '../../errors.ts';
import { plural } from '../../model/plural.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { stagedTable } from '../../plan/staged-table.ts';
import { emptyTablesSql, lockForRestoreSql } from '../../sql/existing/restore.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { quoteTable } from '../../sql/table-name.ts';
import type { Fence } from '../../state/checkpoint-store.ts';
import { holdsRun, markEmptied } from '../../state/existing-object-store.ts';
import { readRelationFacts, type RelationFacts, type RelationReference } from '../../target/relation-facts.ts';
import type { TargetSession } from '../../target/target.ts';
import type { ControlSession } from '../control-session.ts';

/**
 * Mode replace: deletes the rows that were in the run's tables before, all in one transaction with their entries in `sluice.undo`, and once for a run
 * however often it is resumed. The tables themselves stay.
 */
export async function emptyTables(control: ControlSession, fence: Fence, tables: readonly CompiledTable[]): Promise<void> {
  const staged = tables.flatMap((table) => stagedTable(table) ?? []).filter((table) => table.mode === 'replace');
  if (staged.length === 0) return;
  await control.use((target) =>
    target.transaction(async (session) => {
      if (!(await holdsRun(session, fence))) throw new MigrationError('fenced', { context: { runId: fence.runId } });
      if (!(await markEmptied(session, fence.runId))) return;
      await session.query(lockForRestoreSql(staged));
      const facts = await readRelationFacts(
        session,
        staged.map(({ to }) => to),
      );
      const problems = await outsideReferences(session, facts);
      if (problems.length > 0) throw new MigrationError('existing-table-unfit', { context: { target: target.label, problems } });
      await session.query(emptyTablesSql(staged));
    }),
  );
}

/** Rows of tables that keep their rows and refer to one that is to be emptied: they would be changed or stand in the way. In words. */
export async function outsideReferences(session: TargetSession, emptied: readonly RelationFacts[]): Promise<string[]> {
  const labels = new Set(emptied.map(({ schema, name }) => `${schema}.${name}`));
  const problems: string[] = [];
  for (const { schema, name, references } of emptied) {
    for (const reference of references) {
      const child = `${reference.schema}.${reference.table}`;
      const rows = labels.has(child) ? '0' : await countReferring(session, reference);
      if (rows !== '0')
        problems.push(
          `${plural(rows, `row of ${child} refers`, `rows of ${child} refer`)} to ${schema}.${name}, whose rows mode replace deletes; that would ${consequences[reference.onDelete] ?? 'be refused'} (foreign key ${reference.name}).`,
        );
    }
  }
  return problems;
}

const consequences: Readonly<Record<string, string>> = {
  c: 'delete them as well',
  n: 'set their reference to NULL',
  d: 'set their reference to its default',
};

async function countReferring(session: TargetSession, { schema, table, columns }: RelationReference): Promise<string> {
  const filled = columns.map((column) => `${quoteIdentifier(column)} IS NOT NULL`).join(' AND ');
  const found = await session.query(`SELECT count(*)::text AS rows FROM ${quoteTable({ schema, table })} WHERE ${filled}`);
  return String(found.rows[0]?.['rows']);
}
