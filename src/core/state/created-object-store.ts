import type { CreatedObject, ObjectKind } from '../model/statement.ts';
import type { TargetSession } from '../target/target.ts';

/** An object that a run made, in the order of making. */
export interface CreatedObjectRecord extends CreatedObject {
  readonly ordinal: number;
}

/** Records an object in the transaction that makes it. */
export async function recordCreatedObject(session: TargetSession, runId: string, ordinal: number, object: CreatedObject): Promise<void> {
  await session.query(
    `INSERT INTO sluice.created_object (run_id, ordinal, kind, schema_name, table_name, name, state) VALUES ($1, $2, $3, $4, $5, $6, 'done')`,
    [runId, ordinal, object.kind, object.schema, object.table, object.name],
  );
}

export async function readCreatedObjects(session: TargetSession, runId: string): Promise<readonly CreatedObjectRecord[]> {
  const found = await session.query(
    `SELECT ordinal, kind, schema_name, table_name, name FROM sluice.created_object WHERE run_id = $1 ORDER BY ordinal`,
    [runId],
  );
  return found.rows.map((row) => ({
    ordinal: Number(row['ordinal']),
    kind: String(row['kind']) as ObjectKind,
    schema: row['schema_name'] === null ? null : String(row['schema_name']),
    table: row['table_name'] === null ? null : String(row['table_name']),
    name: String(row['name']),
  }));
}
