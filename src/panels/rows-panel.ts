import * as vscode from 'vscode';
import type { RowsTable } from '../core/model/rows.ts';
import type { RowsSubject } from '../core/run/browse-requests.ts';
import { panelIds } from '../ids.ts';
import type { RowsPanelSubject } from '../protocol/panel-subjects.ts';
import type { RowsPanelMethods } from '../protocol/rows-panel.ts';
import { commonAnswers, openValue, readable } from './common-answers.ts';
import { exportRowsToFile } from './export-rows-to-file.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { PanelHandlers, PanelKind } from './panel-host.ts';
import { rowsLinks, whereRowsCameFrom } from './rows-links.ts';
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

function rowsAnswers(deps: PanelDeps, subject: RowsPanelSubject): PanelHandlers<RowsPanelMethods> {
  const { engines } = deps;
  let table: Promise<RowsTable> | null = null;
  /** The address, for one call; the page never sees it. */
  const engineSubject = async (): Promise<RowsSubject> => {
    if (subject.side === 'source') return { side: 'source', location: subject.location, table: subject.table };
    return { side: 'target', target: await deps.targets.resolve(subject.profile), schema: subject.schema, table: subject.table };
  };
  const describe = async (): Promise<RowsTable> => engines.browse('rowsTable', { subject: await engineSubject() });
  const known = (): Promise<RowsTable> => (table ??= describe());
  return {
    ...commonAnswers(),
    ...rowsLinks(deps, subject, known),
    async ready() {
      table = describe();
      return { subject, table: await table, canCompare: whereRowsCameFrom(deps, subject) !== null };
    },
    page: async (params, signal) => engines.browse('rowsPage', { subject: await engineSubject(), ...params }, signal),
    count: async ({ filter }, signal) => engines.browse('rowsCount', { subject: await engineSubject(), filter }, signal),
    row: async (params, signal) => engines.browse('row', { subject: await engineSubject(), ...params }, signal),
    async openCell(params, signal) {
      const value = await engines.browse('cell', { subject: await engineSubject(), ...params }, signal);
      const type = (await known()).columns.find(({ name }) => name === params.column)?.type ?? '';
      const { text, language } = readable(value ?? 'NULL', type);
      await openValue(`${subject.table}.${params.column}`, text, language);
      return null;
    },
    async openSql({ sql }) {
      await openValue(`${subject.table}: SQL`, sql, 'sql');
      return null;
    },
    exportRows: async ({ view, format }) => exportRowsToFile(engines, await engineSubject(), view, format),
  };
}
