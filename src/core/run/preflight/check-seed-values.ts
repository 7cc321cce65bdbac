import { MigrationError } from '../../errors.ts';
import type { PlannedTable } from '../../plan/planned-table.ts';
import { seedForm, seedValues } from '../../plan/seed-rows.ts';
import { formatPgType, isBuiltInType, parsePgType } from '../../sql/pg-type.ts';
import { seedLiteral } from '../../sql/seed-row.ts';
import type { Target } from '../../target/target.ts';
import { foundError, type Found } from './finding.ts';

/** Values of seed rows that PostgreSQL cannot read: it knows more types than the check of the plan. Types that the run makes itself come later. */
export async function checkSeedValues(target: Target, tables: readonly PlannedTable[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { label, body } of tables) {
    for (const [i, row] of body.seed.entries()) {
      const casts = seedValues(body, row).flatMap(({ column, text }) => {
        const type = parsePgType(body.columns.find(({ to }) => to === column)?.type ?? 'text');
        return isBuiltInType(type) && seedForm(type) !== 'vector' ? [`${seedLiteral(text)}::${formatPgType(type)}`] : [];
      });
      const detail = casts.length === 0 ? null : await refusal(target, `SELECT ${casts.join(', ')}`);
      if (detail !== null) found.push(foundError('seed-refused', { table: label, row: String(i + 1), detail }));
    }
  }
  return found;
}

async function refusal(target: Target, sql: string): Promise<string | null> {
  try {
    await target.query(sql);
    return null;
  } catch (error) {
    if (!(error instanceof MigrationError) || !/^22/.test(error.context.sqlstate ?? '')) throw error;
    return String(error.context['message'] ?? error.message);
  }
}
