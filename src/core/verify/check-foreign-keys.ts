import type { ConstraintCheck } from '../model/discrepancy.ts';
import { plural } from '../model/plural.ts';
import { referenceOf, type CompiledKey } from '../plan/compiled-keys.ts';
import { countOrphansSql } from '../sql/orphan-rows.ts';
import type { ConstraintSubject } from './constraint-subject.ts';

/** A foreign key that is there and validated holds; else its orphans are counted. Orphans and keys not enforced are warnings: the rows did arrive. */
export async function checkForeignKeys(subject: ConstraintSubject): Promise<ConstraintCheck[]> {
  const checks: ConstraintCheck[] = [];
  for (const key of subject.table.foreignKeys) checks.push(await checkForeignKey(subject, key));
  return checks;
}

async function checkForeignKey({ target, table, oid }: ConstraintSubject, key: CompiledKey): Promise<ConstraintCheck> {
  const { rows } = await target.query(
    `SELECT convalidated FROM pg_constraint WHERE conrelid = $1::oid AND contype = 'f' AND conname = $2`,
    [oid, key.name],
  );
  const check = (status: ConstraintCheck['status'], message: string): ConstraintCheck => ({
    kind: 'foreign-key',
    name: key.name,
    status,
    message,
  });
  const path = `${table.label} (${key.columns.join(', ')}) → ${key.to.schema}.${key.to.table} (${key.referencesColumns.join(', ')})`;
  if (rows[0]?.['convalidated'] === true) return check('ok', `${path} holds for every row.`);
  const counted = await target.query(countOrphansSql(referenceOf(table, key)));
  const orphans = String(counted.rows[0]?.['orphans']);
  const found = orphans === '0' ? 'no orphans' : plural(orphans, 'orphan');
  if (rows.length > 0)
    return check('warning', `${path} is NOT VALID: new rows are checked, and there ${orphans === '1' ? 'is' : 'are'} ${found}.`);
  if (key.enforce && table.partitioned === true && table.existing === undefined && orphans !== '0')
    return check(
      'warning',
      `${path} is not created, since PostgreSQL has no key of a partitioned table that is not proved; there ${orphans === '1' ? 'is' : 'are'} ${found}.`,
    );
  return key.enforce && table.existing === undefined
    ? check('mismatch', `${path} is missing; ${found}.`)
    : check(
        'warning',
        `${path} is not enforced${table.existing === undefined ? ', as the plan says' : ' under the name of the plan'}; ${found}.`,
      );
}
