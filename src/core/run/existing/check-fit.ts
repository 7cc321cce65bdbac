import { MigrationError } from '../../errors.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { stagedTable } from '../../plan/staged-table.ts';
import { createStagingSql, insertStagedSql, type SqlStagedTable } from '../../sql/existing/staging.ts';
import { quoteList } from '../../sql/quote.ts';
import { quoteTable } from '../../sql/table-name.ts';
import type { Target, TargetSession } from '../../target/target.ts';
import type { Found } from '../preflight/finding.ts';
import { rollingBack } from '../rolling-back.ts';
import { missingOnSequences, missingRights } from './missing-rights.ts';

/** What PostgreSQL refuses about tables that are there, in words, and the rights on them that the user does not have. */
export interface FitReport {
  readonly problems: readonly string[];
  readonly missing: readonly Found[];
}

/**
 * Lets PostgreSQL itself say whether the tables take what the plan writes: it plans the very statements of the load from an empty staging table, in a
 * transaction that is rolled back. `deletes`: rows are deleted as well.
 */
export async function checkFit(target: Target, tables: readonly CompiledTable[], deletes: boolean): Promise<FitReport> {
  const staged = tables.flatMap((table) => stagedTable(table) ?? []);
  const reports: FitReport[] = [];
  if (staged.length > 0)
    await rollingBack(target, async (session) => {
      for (const table of staged) {
        reports.push(await checkTable(session, table, deletes));
        reports.push({ problems: [], missing: await missingOnSequences(session, table) });
      }
    });
  return { problems: reports.flatMap(({ problems }) => problems), missing: reports.flatMap(({ missing }) => missing) };
}

async function checkTable(session: TargetSession, table: SqlStagedTable, deletes: boolean): Promise<FitReport> {
  const { label, conflict, columns, mode, to } = table;
  const told = { table, deletes };
  const unmade = await refusal(session, async () => {
    await session.query(createStagingSql(table));
    if (deletes) await session.query(`EXPLAIN DELETE FROM ${quoteTable(to)}`);
  });
  if (unmade !== null) return report(session, told, unmade, [`${label}: ${unmade.context['message'] ?? unmade.message}.`]);
  const explain = `EXPLAIN ${insertStagedSql(table)} RETURNING ${quoteList(columns.map(({ name }) => name))}`;
  const refused = await refusal(session, () => session.query(explain));
  const found = refused === null || refused.code === 'no-privilege' ? [] : await blameColumns(session, table);
  await session.query('DROP TABLE pg_temp.sluice_staging');
  if (refused === null || found.length > 0) return { problems: found, missing: [] };
  const problem =
    refused.context.sqlstate === noSuchConflict
      ? `${label} has no unique index on (${conflict.join(', ')}), by which mode ${mode} finds the rows that are there.`
      : `${label}: ${refused.context['message'] ?? refused.message}.`;
  return report(session, told, refused, [problem]);
}

/** A right that is missing is no fault of the table. */
async function report(
  session: TargetSession,
  { table, deletes }: { readonly table: SqlStagedTable; readonly deletes: boolean },
  refused: MigrationError,
  problems: readonly string[],
): Promise<FitReport> {
  return refused.code === 'no-privilege'
    ? { problems: [], missing: await missingRights(session, table, deletes, refused) }
    : { problems, missing: [] };
}

/** invalid_column_reference: no unique index fits ON CONFLICT. */
const noSuchConflict = '42P10';

/** Column by column, so that all that do not fit are named. */
async function blameColumns(session: TargetSession, table: SqlStagedTable): Promise<string[]> {
  const problems: string[] = [];
  for (const name of table.written) {
    const alone = { ...table, written: [name], conflict: [] };
    const refused = await refusal(session, () => session.query(`EXPLAIN ${insertStagedSql(alone)}`));
    if (refused !== null) problems.push(`${table.label}: ${refused.context['message'] ?? refused.message}.`);
  }
  return problems;
}

async function refusal(session: TargetSession, work: () => Promise<unknown>): Promise<MigrationError | null> {
  await session.query('SAVEPOINT sluice_fit');
  try {
    await work();
    await session.query('RELEASE SAVEPOINT sluice_fit');
    return null;
  } catch (error) {
    if (!(error instanceof MigrationError) || error.kind === 'transient') throw error;
    await session.query('ROLLBACK TO SAVEPOINT sluice_fit');
    return error;
  }
}
