import path from 'node:path';
import * as vscode from 'vscode';
import type { RowsSubject } from '../core/run/browse-requests.ts';
import type { ExportFormat, RowsTable, RowsView } from '../core/model/rows.ts';
import { panelIds } from '../ids.ts';
import type { RowsPanelSubject } from '../protocol/panel-subjects.ts';
import type { RowsPanelMethods } from '../protocol/rows-panel.ts';
import { commonAnswers, openValue, readable } from './common-answers.ts';
import type { PanelHandlers, PanelKind } from './panel-host.ts';
import type { PanelDeps } from './panels.ts';
import { isRowsSubject } from './subjects.ts';

export function rowsPanel(deps: PanelDeps): PanelKind<RowsPanelSubject, RowsPanelMethods> {
  return {
    viewType: panelIds.rows,
    page: 'rows',
    title: (subject) => vscode.l10n.t('{0}: Rows', subject.table),
    handlers: (subject) => rowsAnswers(deps, subject),
    parse: (state) => (isRowsSubject(state) ? state : null),
  };
}

function rowsAnswers({ engines, targets, runs, panels }: PanelDeps, subject: RowsPanelSubject): PanelHandlers<RowsPanelMethods> {
  let table: Promise<RowsTable> | null = null;
  const engineSubject = () => resolveSubject(targets, subject);
  const describe = async (): Promise<RowsTable> => engines.browse('rowsTable', { subject: await engineSubject() });
  return {
    ...commonAnswers(),
    async ready() {
      table = describe();
      return { subject, table: await table, canCompare: comparison() !== null };
    },
    async page(params, signal) {
      return engines.browse('rowsPage', { subject: await engineSubject(), ...params }, signal);
    },
    async count({ filter }, signal) {
      return engines.browse('rowsCount', { subject: await engineSubject(), filter }, signal);
    },
    async row(params, signal) {
      return engines.browse('row', { subject: await engineSubject(), ...params }, signal);
    },
    async openCell(params, signal) {
      const value = await engines.browse('cell', { subject: await engineSubject(), ...params }, signal);
      const type = (await (table ??= describe())).columns.find(({ name }) => name === params.column)?.type ?? '';
      const { text, language } = readable(value ?? 'NULL', type);
      await openValue(`${subject.table}.${params.column}`, text, language);
      return null;
    },
    async openSql({ sql }) {
      await openValue(`${subject.table}: SQL`, sql, 'sql');
      return null;
    },
    async exportRows({ view, format }) {
      const file = await askFile(subject.table, format);
      return file === undefined ? null : exportTo(file, view, format);
    },
    openNeighbours({ column, key }) {
      if (subject.side === 'target')
        panels.openNeighbours({ profile: subject.profile, schema: subject.schema, table: subject.table, column, key });
      return null;
    },
    async openReferenced({ column }) {
      const references = (await (table ??= describe())).columns.find(({ name }) => name === column)?.references;
      if (references === null || references === undefined) return null;
      if (subject.side === 'source') panels.openRows({ ...subject, table: references.table });
      else panels.openRows({ ...subject, schema: references.schema ?? subject.schema, table: references.table });
      return null;
    },
    openRowDiff() {
      const compared = comparison();
      if (compared !== null) panels.openRowDiff(compared);
      return null;
    },
  };

  /** The last run that wrote this table says where its rows came from. */
  function comparison(): Parameters<typeof panels.openRowDiff>[0] | null {
    if (subject.side === 'source') return null;
    const label = `${subject.schema}.${subject.table}`;
    const run = runs.list.find(
      (entry) =>
        entry.profile === subject.profile &&
        entry.runId !== null &&
        entry.status !== 'rolled-back' &&
        entry.result?.tables.some(({ to }) => to === label),
    );
    return typeof run?.runId === 'string' ? { profile: subject.profile, input: { kind: 'run', runId: run.runId }, table: label } : null;
  }

  async function exportTo(file: vscode.Uri, view: RowsView, format: ExportFormat): Promise<{ readonly rows: number }> {
    return vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Writing {0}', path.basename(file.fsPath)),
        cancellable: true,
      },
      async (_progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        return engines.browse('exportRows', { subject: await engineSubject(), view, format, path: file.fsPath }, controller.signal);
      },
    );
  }
}

/** The address, for one call; the page never sees it. */
export async function resolveSubject(targets: PanelDeps['targets'], subject: RowsPanelSubject): Promise<RowsSubject> {
  if (subject.side === 'source') return subject;
  return { side: 'target', target: await targets.resolve(subject.profile), schema: subject.schema, table: subject.table };
}

const extensions: Readonly<Record<ExportFormat, string>> = { csv: 'csv', json: 'json', sql: 'sql', markdown: 'md' };

async function askFile(table: string, format: ExportFormat): Promise<vscode.Uri | undefined> {
  const extension = extensions[format];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${table.replaceAll(/[^\w.-]+/g, '_')}.${extension}`;
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Rows'),
    filters: { [format.toUpperCase()]: [extension] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
}
