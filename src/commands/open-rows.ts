import path from 'node:path';
import * as vscode from 'vscode';
import { MigrationError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import type { RowsPanelSubject } from '../protocol/panel-subjects.ts';
import type { SluiceNode } from '../views/nodes.ts';
import { originOf, orphansOf } from '../views/runs/orphans-of.ts';
import { askPlan, requireValid } from './ask/ask-plan.ts';
import { askTable, targetNameOf } from './ask/ask-table.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';
import { placeCondition } from './place-condition.ts';
import { planTableOf } from './plan-table-of.ts';

export const openRows: Command = {
  id: commandIds.openRows,
  async run(host, argument) {
    host.panels.openRows(await subjectOf(host, argument));
  },
};

async function subjectOf(host: Host, argument: unknown): Promise<RowsPanelSubject> {
  const inStore = nodeOf(argument, 'store-table', 'store-column');
  if (inStore !== null) return { side: 'source', location: inStore.path, table: inStore.table };
  const inTarget = nodeOf(argument, 'target-table', 'target-column');
  if (inTarget !== null) return { side: 'target', profile: inTarget.profile, schema: inTarget.schema, table: inTarget.table };
  const inRun = nodeOf(argument, 'run-table');
  if (inRun !== null)
    return { side: 'target', profile: host.runs.find(inRun.key)?.profile ?? host.targets.current.id, ...split(inRun.table) };
  const rejected = nodeOf(argument, 'run-reject');
  if (rejected !== null) return rejectedRow(host, rejected);
  const orphan = nodeOf(argument, 'run-orphan');
  if (orphan !== null) return orphanedRow(host, orphan);
  const inPlan = nodeOf(argument, 'plan-table', 'plan-column');
  if (inPlan !== null) {
    const { state, plan, table } = await planTableOf(host, inPlan);
    return eitherSide(host, state.uri, plan, table);
  }
  const state = await askPlan(host, argument);
  const plan = requireValid(state);
  return eitherSide(host, state.uri, plan, await askTable(plan, vscode.l10n.t('Table to open')));
}

async function rejectedRow(host: Host, { key, table, index }: Extract<SluiceNode, { kind: 'run-reject' }>): Promise<RowsPanelSubject> {
  const rejects = host.runs.rejects(key, table);
  return rowAtPlace(host, index, rejects.at(index)?.provenance ?? null, rejects.origin);
}

async function orphanedRow(host: Host, { key, table, index }: Extract<SluiceNode, { kind: 'run-orphan' }>): Promise<RowsPanelSubject> {
  const run = host.runs.find(key)?.result ?? host.runs.report(key).value;
  return rowAtPlace(host, index, orphansOf(run, table).listed[index]?.row.provenance ?? null, originOf(run, table));
}

/** The row as its source has it. */
async function rowAtPlace(
  host: Host,
  index: number,
  provenance: string | null,
  origin: { readonly location: string; readonly table: string } | null,
): Promise<RowsPanelSubject> {
  if (provenance === null || origin === null) throw new MigrationError('row-gone', { context: { row: String(index + 1) } });
  const subject = { side: 'source', ...origin } as const;
  const { columns } = await host.engines.browse('rowsTable', { subject });
  const filter = placeCondition(provenance, columns);
  return filter === null ? subject : { ...subject, filter };
}

type Plan = ReturnType<typeof requireValid>;

/** The target's table where it is known to exist already, else the source's. */
function eitherSide(host: Host, uri: vscode.Uri, plan: Plan, table: Plan['tables'][number]): RowsPanelSubject {
  const name = targetNameOf(plan, table);
  const profile = plan.target.profile;
  const tree = host.targets.find(profile)?.tree.value;
  const migrated = tree?.schemas.some((schema) => schema.name === name.schema && schema.tables.some((known) => known.name === name.table));
  const source = plan.sources[table.source];
  if (migrated === true || typeof table.from !== 'string' || typeof source?.path !== 'string') return { side: 'target', profile, ...name };
  return { side: 'source', location: path.resolve(path.dirname(uri.fsPath), source.path), table: table.from };
}

/** `schema.table`; a dot in a schema's name is so rare that the first one counts. */
function split(label: string): { readonly schema: string; readonly table: string } {
  const dot = label.indexOf('.');
  return { schema: label.slice(0, dot), table: label.slice(dot + 1) };
}
