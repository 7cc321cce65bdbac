import type { WritingMode } from '../../model/existing-table.ts';
import type { ExistingOutcome, TableOutcome } from '../../model/run.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import type { ExistingObjectRecord } from '../../state/existing-object-store.ts';
import { countWrites, countTableRows } from '../../state/undo-store.ts';
import type { TargetSession } from '../../target/target.ts';
import { countRows, syncedTables } from './sync-tables.ts';

/** Of a run: what it wrote, in which mode, and what of its tables was there before. */
export interface ExistingCounting {
  readonly runId: string;
  readonly mode: string;
  readonly tables: readonly CompiledTable[];
  readonly records: readonly Pick<ExistingObjectRecord, 'label' | 'isTable' | 'undo'>[];
}

/** Adds to the outcome of each table that was there before the run what the run did to its rows, as `sluice.undo` counts it. */
export async function withExistingCounts(
  session: TargetSession,
  { runId, mode, tables, records }: ExistingCounting,
  outcomes: readonly TableOutcome[],
): Promise<readonly TableOutcome[]> {
  const there = new Map(records.filter(({ isTable }) => isTable).map((record) => [record.label, record]));
  if (there.size === 0) return outcomes;
  const writes = await countWrites(session, runId);
  const counted: TableOutcome[] = [];
  for (const outcome of outcomes) {
    const record = there.get(outcome.to);
    const table = tables.find(({ label }) => label === outcome.to);
    if (record === undefined || table === undefined) {
      counted.push(outcome);
      continue;
    }
    const { added, overwritten, deleted } = writes.get(outcome.to) ?? { added: 0, overwritten: 0, deleted: 0 };
    // With --no-undo nobody knows of a written row whether there was one before.
    const known = record.undo || mode === 'append';
    const existing: ExistingOutcome = {
      mode: mode as WritingMode,
      inserted: known || mode === 'replace' ? added : null,
      updated: known ? overwritten : mode === 'replace' ? 0 : null,
      deleted: known ? deleted : mode === 'replace' ? null : 0,
      leftAlone: Math.max(0, (await countTableRows(session, table.to)) - added - overwritten),
    };
    counted.push({ ...outcome, existing: mode === 'sync' ? { ...existing, ...(await syncCounts(session, table, outcome)) } : existing });
  }
  return counted;
}

async function syncCounts(
  session: TargetSession,
  table: CompiledTable,
  { rowsRead, rowsWritten, rowsRejected }: TableOutcome,
): Promise<Pick<ExistingOutcome, 'unchanged' | 'gone'>> {
  const [synced] = syncedTables([table]);
  const unchanged = rowsRead - rowsWritten - rowsRejected;
  // Nobody looked for rows that are gone.
  if (synced?.partial === true) return { unchanged };
  return { unchanged, gone: synced === undefined ? 0 : await countRows(session, synced, 'gone') };
}
