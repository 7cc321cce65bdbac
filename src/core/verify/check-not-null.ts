import type { ConstraintCheck } from '../model/discrepancy.ts';
import type { ConstraintSubject } from './constraint-subject.ts';

/** One check for all columns that the plan says are never NULL; one more for each that may be. */
export async function checkNotNull({ target, table, oid }: ConstraintSubject): Promise<ConstraintCheck[]> {
  const planned = table.columns.filter((column) => !column.nullable).map((column) => column.to);
  if (planned.length === 0) return [];
  const { rows } = await target.query(
    'SELECT attname::text AS name FROM pg_attribute WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped AND attnotnull',
    [oid],
  );
  const held = new Set(rows.map((row) => row['name']));
  const missing = planned.filter((column) => !held.has(column));
  if (missing.length === 0) return [{ kind: 'not-null', name: table.label, status: 'ok', message: `NOT NULL on ${planned.join(', ')}.` }];
  return missing.map((column) => ({
    kind: 'not-null',
    name: column,
    status: 'mismatch',
    message: `${table.label}.${column} should be NOT NULL and is not.`,
  }));
}
