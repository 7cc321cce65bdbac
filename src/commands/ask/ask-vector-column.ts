import * as vscode from 'vscode';
import { MigrationError } from '../../core/errors.ts';
import type { Plan, PlanTable } from '../../core/plan/plan-schema.ts';
import type { Host, PlanState } from '../../host/host.ts';
import { nodeOf } from '../node-of.ts';
import { planTableOf } from '../plan-table-of.ts';
import { withProgress } from '../with-progress.ts';
import { targetNameOf } from './ask-table.ts';
import { pickOne } from './pick-one.ts';
import { plainLabel } from './plain-text.ts';

/** A vector column of a target. */
export interface VectorColumnPlace {
  /** Id of a target profile. */
  readonly profile: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

interface VectorColumn extends VectorColumnPlace {
  readonly type: string;
}

/** The vector column that a command is about: of what a menu passed, else of the active plan, else of the current target; asks where there are several. */
export async function askVectorColumn(host: Host, argument: unknown): Promise<VectorColumnPlace> {
  const column = nodeOf(argument, 'target-column');
  if (column !== null) return { profile: column.profile, schema: column.schema, table: column.table, column: column.column };
  const inPlan = nodeOf(argument, 'plan-table', 'plan-column');
  if (inPlan !== null) {
    const { state, plan, table } = await planTableOf(host, inPlan);
    return pick(columnsOf(host, state, plan, table));
  }
  const table = nodeOf(argument, 'target-table');
  const columns = plannedColumns(host);
  return pick(table === null && columns.length > 0 ? columns : await readColumns(host, table?.profile ?? host.targets.current.id, table));
}

/** The plan knows its vector columns without asking a server. */
function plannedColumns(host: Host): readonly VectorColumn[] {
  const state = host.plans.active;
  const plan = state?.plan;
  if (state === null || plan === null || plan === undefined) return [];
  return plan.tables.filter((table) => table.include).flatMap((table) => columnsOf(host, state, plan, table));
}

function columnsOf(host: Host, state: PlanState, plan: Plan, table: PlanTable): readonly VectorColumn[] {
  return table.columns
    .filter(({ type }) => /^(half)?vec/.test(type))
    .map(({ to, type }) => ({ profile: host.plans.targetOf(state), ...targetNameOf(plan, table), column: to, type }));
}

async function readColumns(
  host: Host,
  profile: string,
  only: { readonly schema: string; readonly table: string } | null,
): Promise<readonly VectorColumn[]> {
  return withProgress(vscode.l10n.t('Looking for vector columns'), async (signal) => {
    const target = await host.targets.resolve(profile);
    const tables = only === null ? await allTables(host, target, signal) : [only];
    const found: VectorColumn[] = [];
    for (const { schema, table } of tables) {
      const details = await host.engines.browse('targetTable', { target, schema, table }, signal);
      for (const { name, type, vector } of details.columns) if (vector !== null) found.push({ profile, schema, table, column: name, type });
    }
    return found;
  });
}

async function allTables(
  host: Host,
  target: Awaited<ReturnType<Host['targets']['resolve']>>,
  signal: AbortSignal,
): Promise<readonly { readonly schema: string; readonly table: string }[]> {
  const tree = await host.engines.browse('targetTree', { target }, signal);
  return tree.schemas
    .filter(({ name }) => name !== 'sluice')
    .flatMap(({ name: schema, tables }) => tables.map(({ name: table }) => ({ schema, table })));
}

async function pick(columns: readonly VectorColumn[]): Promise<VectorColumnPlace> {
  const [only] = columns;
  if (only === undefined) {
    throw new MigrationError('bad-usage', {
      context: { detail: 'There is no vector column there', hint: 'This needs a column of type vector or halfvec.' },
    });
  }
  if (columns.length === 1) return withoutType(only);
  const items = columns.map((column) => ({
    label: plainLabel(`${column.schema}.${column.table}.${column.column}`),
    description: column.type,
    column,
  }));
  return withoutType((await pickOne(items, { placeHolder: vscode.l10n.t('Vector column') })).column);
}

function withoutType({ type: _, ...place }: VectorColumn): VectorColumnPlace {
  return place;
}
