import type { TargetSession } from '../target/target.ts';
import type { Fence } from './checkpoint-store.ts';

/** What a run found in the target and uses: for tables, how their rows are remembered. */
export interface ExistingObjectRecord {
  /** `schema.name`. */
  readonly label: string;
  readonly isTable: boolean;
  /** false: with --no-undo, so that the run cannot be rolled back. */
  readonly undo: boolean;
  /** Columns of `before` in `sluice.undo`, in that order. */
  readonly columns: readonly string[];
  /** Columns of `key` in `sluice.undo`; empty = rows are told apart by their content. */
  readonly key: readonly string[];
  /** Mode replace has deleted the rows that were there. */
  readonly emptied: boolean;
}

export async function insertExistingObjects(
  session: TargetSession,
  runId: string,
  objects: readonly Omit<ExistingObjectRecord, 'emptied'>[],
): Promise<void> {
  for (const { label, isTable, undo, columns, key } of objects) {
    await session.query(
      'INSERT INTO sluice.existing_object (run_id, label, is_table, undo, columns, key) VALUES ($1, $2, $3, $4, $5, $6)',
      [runId, label, isTable, undo, columns, key],
    );
  }
}

/** Empty for a run of an older Sluice, which only made tables of its own. */
export async function readExistingObjects(session: TargetSession, runId: string): Promise<readonly ExistingObjectRecord[]> {
  const known = await session.query("SELECT to_regclass('sluice.existing_object') IS NOT NULL AS known");
  if (known.rows[0]?.['known'] !== true) return [];
  const found = await session.query(
    `SELECT label, is_table, undo, to_json(columns)::text AS columns, to_json(key)::text AS key, emptied
       FROM sluice.existing_object WHERE run_id = $1 ORDER BY label`,
    [runId],
  );
  return found.rows.map((row) => ({
    label: String(row['label']),
    isTable: row['is_table'] === true,
    undo: row['undo'] === true,
    columns: JSON.parse(String(row['columns'])) as string[],
    key: JSON.parse(String(row['key'])) as string[],
    emptied: row['emptied'] === true,
  }));
}

/** Marks the tables of a run as emptied, inside the transaction that empties them; false when that was done before. */
export async function markEmptied(session: TargetSession, runId: string): Promise<boolean> {
  const marked = await session.query('UPDATE sluice.existing_object SET emptied = true WHERE run_id = $1 AND is_table AND NOT emptied', [
    runId,
  ]);
  return marked.rowCount > 0;
}

/** Whether this process still holds the run; keeps others from taking it over until the transaction ends. */
export async function holdsRun(session: TargetSession, { runId, epoch }: Fence): Promise<boolean> {
  const held = await session.query('SELECT 1 FROM sluice.run WHERE run_id = $1 AND epoch = $2 FOR UPDATE', [runId, epoch]);
  return held.rowCount === 1;
}
