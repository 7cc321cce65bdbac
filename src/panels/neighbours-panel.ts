import * as vscode from 'vscode';
import { panelIds } from '../ids.ts';
import type { NeighboursPanelMethods } from '../protocol/neighbours-panel.ts';
import type { NeighboursPanelSubject } from '../protocol/panel-subjects.ts';
import { commonAnswers } from './common-answers.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { PanelHandlers, PanelKind } from './panel-host.ts';
import { rowCondition } from './row-condition.ts';
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
  const describe = async (signal?: AbortSignal) =>
    engines.browse('vectorColumn', { target: await target(), schema, table, column }, signal);
  return {
    ...commonAnswers(),
    async ready(_params, signal) {
      const { dimensions, columns, indexes } = await describe(signal);
      return { subject, dimensions, columns, indexes };
    },
    async firstKey(_params, signal) {
      return (await describe(signal)).firstKey;
    },
    async search(search, signal) {
      return engines.browse('neighbours', { target: await target(), schema, table, column, ...search }, signal);
    },
    async openRow({ key }) {
      const filter = rowCondition((await describe()).columns, key);
      panels.openRows({ side: 'target', profile: subject.profile, schema, table, filter });
      return null;
    },
  };
}
