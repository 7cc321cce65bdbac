import * as vscode from 'vscode';
import { MigrationError } from '../core/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../core/sql/quote.ts';
import { panelIds } from '../ids.ts';
import type { NeighboursPanelMethods } from '../protocol/neighbours-panel.ts';
import type { NeighboursPanelSubject } from '../protocol/panel-subjects.ts';
import { commonAnswers } from './common-answers.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { PanelHandlers, PanelKind } from './panel-host.ts';
import { isNeighboursSubject } from './subjects.ts';

export function neighboursPanel(deps: PanelDeps): PanelKind<NeighboursPanelSubject, NeighboursPanelMethods> {
  return {
    viewType: panelIds.neighbours,
    page: 'neighbours',
    title: (subject) => vscode.l10n.t('{0}.{1}: Neighbours', subject.table, subject.column),
    handlers: (subject) => neighboursAnswers(deps, subject),
    parse: (state) => (isNeighboursSubject(state) ? state : null),
  };
}

function neighboursAnswers(
  { engines, targets, panels }: PanelDeps,
  subject: NeighboursPanelSubject,
): PanelHandlers<NeighboursPanelMethods> {
  const { schema, table, column } = subject;
  const target = () => targets.resolve(subject.profile);
  const rowsSubject = async () => ({ side: 'target', target: await target(), schema, table }) as const;
  /** Of the primary key, in its order. */
  const keyColumns = async (signal?: AbortSignal) => {
    const { columns } = await engines.browse('rowsTable', { subject: await rowsSubject() }, signal);
    return columns.filter((one) => one.key !== null).toSorted((a, b) => (a.key ?? 0) - (b.key ?? 0));
  };
  return {
    ...commonAnswers(),
    async ready(_params, signal) {
      const details = await engines.browse('targetTable', { target: await target(), schema, table }, signal);
      const vector = details.columns.find(({ name }) => name === column);
      if (vector === undefined || vector.vector === null) {
        throw new MigrationError('bad-usage', {
          context: { detail: `${schema}.${table} has no vector column ${column}`, hint: 'It may have been rolled back or renamed since.' },
        });
      }
      return {
        subject,
        dimensions: vector.vector,
        columns: details.columns.filter(({ name }) => name !== column),
        indexes: vector.vectorIndexes,
      };
    },
    async firstKey(_params, signal) {
      const key = await keyColumns(signal);
      if (key.length === 0) return null;
      const view = { filter: `${quoteIdentifier(column)} IS NOT NULL`, sort: [], columns: key.map(({ name }) => name) };
      const { rows } = await engines.browse('rowsPage', { subject: await rowsSubject(), view, offset: 0, limit: 1 }, signal);
      return rows[0]?.map((cell) => (typeof cell === 'string' ? cell : '')) ?? null;
    },
    async search(search, signal) {
      return engines.browse('neighbours', { target: await target(), schema, table, column, ...search }, signal);
    },
    async openRow({ key }) {
      const columns = await keyColumns();
      const filter = columns.map(({ name }, at) => `${quoteIdentifier(name)} = ${quoteLiteral(key[at] ?? '')}`).join(' AND ');
      panels.openRows({ side: 'target', profile: subject.profile, schema, table, ...(filter === '' ? {} : { filter }) });
      return null;
    },
  };
}
