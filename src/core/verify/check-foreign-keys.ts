import type { ConstraintCheck } from '../model/discrepancy.ts';
import { plural } from '../model/plural.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { Target } from '../target/target.ts';
import type { ConstraintSubject } from './constraint-subject.ts';

/** A foreign key that is there and validated holds; else its orphans are counted. Orphans and keys not enforced are warnings: the rows did arrive. */
export async function checkForeignKeys(subject: ConstraintSubject): Promise<ConstraintCheck[]> {
  const checks: ConstraintCheck[] = [];
  for (const key of subject.table.foreignKeys) checks.push(await checkForeignKey(subject, key));
  return checks;
}

type ForeignKey = CompiledTable['foreignKeys'][number];

async function checkForeignKey({ target, table, oid }: ConstraintSubject, key: ForeignKey): Promise<ConstraintCheck> {
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
  const orphans = await countOrphans(target, table, key);
  const found = orphans === '0' ? 'no orphans' : plural(orphans, 'orphan');
  if (rows.length > 0)
    return check('warning', `${path} is NOT VALID: new rows are checked, and there ${orphans === '1' ? 'is' : 'are'} ${found}.`);
  return key.enforce && table.existing === undefined
    ? check('mismatch', `${path} is missing; ${found}.`)
    : check(
        'warning',
        `${path} is not enforced${table.existing === undefined ? ', as the plan says' : ' under the name of the plan'}; ${found}.`,
      );
}

/** Rows whose columns are all filled and have no parent: PostgreSQL's MATCH SIMPLE. */
async function countOrphans(target: Target, table: CompiledTable, key: ForeignKey): Promise<string> {
  const filled = key.columns.map((column) => `child.${quoteIdentifier(column)} IS NOT NULL`);
  const same = key.columns.map(
    (column, i) => `parent.${quoteIdentifier(key.referencesColumns[i] ?? '')} = child.${quoteIdentifier(column)}`,
  );
  const { rows } = await target.query(
    `SELECT count(*)::text AS orphans FROM ${quoteTable(table.to)} child
      WHERE ${filled.join(' AND ')} AND NOT EXISTS (SELECT FROM ${quoteTable(key.to)} parent WHERE ${same.join(' AND ')})`,
  );
  return String(rows[0]?.['orphans']);
}
