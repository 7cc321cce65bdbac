import type { ConstraintCheck } from '../model/discrepancy.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { Target } from '../target/target.ts';
import { checkForeignKeys } from './check-foreign-keys.ts';
import { checkIdentities } from './check-identities.ts';
import { checkKey } from './check-key.ts';
import { checkNotNull } from './check-not-null.ts';
import { checkVectors } from './check-vectors.ts';
import type { ConstraintSubject } from './constraint-subject.ts';

/** Whether what the plan promises besides rows holds: keys, NOT NULL, foreign keys, sequences past the last value, dimensions of vectors. */
export async function checkConstraints(target: Target, table: CompiledTable): Promise<ConstraintCheck[]> {
  const { rows } = await target.query('SELECT $1::regclass::oid::text AS oid', [quoteTable(table.to)]);
  const subject: ConstraintSubject = { target, table, oid: String(rows[0]?.['oid']) };
  // The keys of a table that was there before are its owner's business; what the run could have broken is asked.
  if (table.existing !== undefined) return [...(await checkForeignKeys(subject)), ...(await checkIdentities(subject))];
  return [
    ...(await checkKey(subject)),
    ...(await checkNotNull(subject)),
    ...(await checkForeignKeys(subject)),
    ...(await checkIdentities(subject)),
    ...(await checkVectors(subject)),
  ];
}
