import { MigrationError } from '../errors.ts';
import { readBrowsedTable } from '../target/browsed-table.ts';
import type { TargetSession } from '../target/target.ts';
import { keyOf, searchable, type KeyPart, type VectorColumnName } from './vector-column.ts';

/** A column that holds vectors, of pgvector's types or as arrays. */
export interface HealthColumn extends VectorColumnName {
  readonly form: 'vector' | 'halfvec' | 'array';
  /** As declared. */
  readonly type: string;
  /** null = each row may have its own. */
  readonly dimensions: number | null;
  readonly vectorSchema: string;
  /** e.g. "0.8.0"; null without pgvector. */
  readonly vectorVersion: string | null;
  readonly key: readonly KeyPart[];
}

const arrayTypes: ReadonlySet<string> = new Set(['real[]', 'double precision[]']);

/** Throws `no-such-target-table`, `no-such-target-column` or `not-a-vector-column`. */
export async function readHealthColumn(session: TargetSession, name: VectorColumnName): Promise<HealthColumn> {
  const found = await readBrowsedTable(session, name.schema, name.table);
  const table = `${name.schema}.${name.table}`;
  if (!searchable.includes(found.kind)) throw new MigrationError('no-such-target-table', { context: { table } });
  const own = found.columns.find((column) => column.name === name.column);
  if (own === undefined) throw new MigrationError('no-such-target-column', { context: { table, column: name.column } });
  const form = own.vectorType === 'vector' || own.vectorType === 'halfvec' ? own.vectorType : arrayTypes.has(own.cast) ? 'array' : null;
  if (form === null) {
    const fitting = 'vector, halfvec, real[] and double precision[] columns are examined';
    throw new MigrationError('not-a-vector-column', { context: { table, column: name.column, type: own.type, fitting } });
  }
  return {
    ...name,
    form,
    type: own.type,
    dimensions: form !== 'array' && (own.vector ?? 0) > 0 ? own.vector : null,
    vectorSchema: found.pgvector?.schema ?? 'public',
    vectorVersion: found.pgvector?.version ?? null,
    key: keyOf(found),
  };
}
