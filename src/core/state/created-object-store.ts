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

/**
 * Gives the objects of a run the ordinals that they have in a mended plan, whose object number i is `objects[i]`. Dropped ones are forgotten; what the
 * plan does not name any more but is still there comes behind all others.
 */
export async function renumberCreatedObjects(
  session: TargetSession,
  runId: string,
  objects: readonly (CreatedObject | null)[],
  dropped: readonly CreatedObject[],
): Promise<void> {
  const records = await readCreatedObjects(session, runId);
  const ordinals = new Map(objects.flatMap((object, ordinal) => (object === null ? [] : [[identityOf(object), ordinal] as const])));
  const gone = new Set(dropped.map(identityOf));
  await session.query('DELETE FROM sluice.created_object WHERE run_id = $1', [runId]);
  let behind = objects.length;
  for (const record of records)
    if (!gone.has(identityOf(record))) await recordCreatedObject(session, runId, ordinals.get(identityOf(record)) ?? behind++, record);
}

function identityOf({ kind, schema, table, name }: CreatedObject): string {
  return JSON.stringify([kind, schema, table, name]);
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
