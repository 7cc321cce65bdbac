import * as vscode from 'vscode';
import type { EngineEvent } from '../core/engine-deps.ts';
import { commandIds, panelIds } from '../ids.ts';
import type { NeighboursPanelMethods, NeighboursPanelProgress, NeighboursSearch } from '../protocol/neighbours-panel.ts';
import type { NeighboursPanelSubject } from '../protocol/panel-subjects.ts';
import { commonAnswers } from './common-answers.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { OpenPanel, PanelHandlers, PanelKind } from './panel-host.ts';
import { plannedColumn } from './planned-column.ts';
import { rowCondition } from './row-condition.ts';
import { isNeighboursSubject } from './subjects.ts';
import { TextQueries } from './text-queries.ts';

/** Rows that recall is measured from, and what chooses them: the same ones each time. */
const sample = { rows: 100, seed: 1 } as const;

export function neighboursPanel(deps: PanelDeps): PanelKind<NeighboursPanelSubject, NeighboursPanelMethods> {
  return {
    viewType: panelIds.neighbours,
    page: 'neighbours',
    title: (subject) => vscode.l10n.t('{0}.{1}: Neighbours', subject.table, subject.column),
    handlers: (subject, panel) => neighboursAnswers(deps, subject, panel),
    parse: (state) => (isNeighboursSubject(state) ? state : null),
  };
}

function neighboursAnswers(deps: PanelDeps, subject: NeighboursPanelSubject, panel: OpenPanel): PanelHandlers<NeighboursPanelMethods> {
  const { embedding, engines, targets, plans, panels } = deps;
  const { schema, table, column } = subject;
  const place = { schema, table, column };
  const target = () => targets.resolve(subject.profile);
  const describe = async (signal?: AbortSignal) => engines.browse('vectorColumn', { target: await target(), ...place }, signal);
  const planned = () => plannedColumn(plans.active, place);
  const texts = new TextQueries(deps, place, () => planned()?.model ?? null);
  panel.own(embedding.onDidChange(() => panel.tell('embedding', texts.endpoint())));
  const toSearch = async ({ query, ...search }: NeighboursSearch, signal: AbortSignal) => ({
    ...place,
    ...search,
    query: query.kind === 'text' ? await texts.vectorOf(query.text, async () => (await describe(signal)).dimensions, signal) : query,
    target: await target(),
  });
  return {
    ...commonAnswers(),
    async ready(_params, signal) {
      const { dimensions, columns, indexes } = await describe(signal);
      return { subject, dimensions, columns, indexes, embedding: texts.endpoint() };
    },
    async firstKey(_params, signal) {
      return (await describe(signal)).firstKey;
    },
    async search(search, signal) {
      return engines.browse('neighbours', await toSearch(search, signal), signal);
    },
    // Both read for as long as they need, in a process of their own, whose end is the end of it.
    async measureRecall(wanted, signal) {
      const request = { ...place, ...wanted, ...sample, target: await target() };
      return engines.runAlone('sampleRecall', request, { signal, onEvent: (event) => tellProgress(panel, 'recall', event) });
    },
    async askSource(search, signal) {
      const plan = planned();
      if (plan === null) return null;
      const request = { ...(await toSearch(search, signal)), input: plan.input };
      const options = { signal, onEvent: (event: EngineEvent) => tellProgress(panel, 'source', event) };
      return { plan: plan.name, agreement: await engines.runAlone('sourceNeighbours', request, options) };
    },
    async setEmbeddingEndpoint() {
      await vscode.commands.executeCommand(commandIds.setEmbeddingEndpoint);
      return null;
    },
    async openRow({ key }) {
      const filter = rowCondition((await describe()).columns, key);
      panels.openRows({ side: 'target', profile: subject.profile, schema, table, filter });
      return null;
    },
  };
}

function tellProgress(panel: OpenPanel, task: NeighboursPanelProgress['task'], event: EngineEvent): void {
  if (event.type === 'progress') panel.tell('progress', { task, done: event.rows, of: event.totalRows } satisfies NeighboursPanelProgress);
}
