import * as vscode from 'vscode';
import { MigrationError } from '../core/errors.ts';
import type { TargetChoice } from '../core/index.ts';
import type { VectorColumnSummary } from '../core/model/neighbours.ts';
import { panelIds } from '../ids.ts';
import type { VectorMapPanelSubject } from '../protocol/panel-subjects.ts';
import type { MapProgress, VectorMapPanelMethods } from '../protocol/vector-map-panel.ts';
import { commonAnswers } from './common-answers.ts';
import { defaultColour, factsOf, MapNames } from './map-names.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { OpenPanel, PanelHandlers, PanelKind } from './panel-host.ts';
import { rowsCondition } from './row-condition.ts';
import { isVectorMapSubject } from './subjects.ts';

export function vectorMapPanel(deps: PanelDeps): PanelKind<VectorMapPanelSubject, VectorMapPanelMethods> {
  return {
    viewType: panelIds.vectorMap,
    page: 'vector-map',
    title: (subject) => vscode.l10n.t('{0}.{1}: Vector Map', subject.table, subject.column),
    handlers: (subject, panel) => vectorMapAnswers(deps, subject, panel),
    parse: (state) => (isVectorMapSubject(state) ? state : null),
  };
}

/** Rows that one condition names; a longer one is no use in a filter. */
const mostConditionRows = 1_000;

let lastRequest = 0;

/** What the answers about a column share. */
interface MapColumn {
  readonly deps: PanelDeps;
  readonly subject: VectorMapPanelSubject;
  readonly target: () => Promise<TargetChoice>;
  readonly describe: (signal?: AbortSignal) => Promise<VectorColumnSummary>;
}

function vectorMapAnswers(deps: PanelDeps, subject: VectorMapPanelSubject, panel: OpenPanel): PanelHandlers<VectorMapPanelMethods> {
  const { engines, targets } = deps;
  const { schema, table, column } = subject;
  const target = () => targets.resolve(subject.profile);
  const describe = async (signal?: AbortSignal) =>
    engines.browse('vectorColumn', { target: await target(), schema, table, column }, signal);
  let names: MapNames | null = null;
  let pictures = 0;
  let drawing = '';
  panel.own(
    engines.onDidTell((event) => {
      if (event.type !== 'map' || event.request !== drawing) return;
      panel.tell('progress', { stage: event.stage, done: event.done, total: event.total } satisfies MapProgress);
    }),
  );

  return {
    ...commonAnswers(),
    async ready(_params, signal) {
      const { dimensions, columns } = await describe(signal);
      return { subject, dimensions, columns, colour: defaultColour(columns) };
    },
    async draw(wish, signal) {
      const request = `map-${++lastRequest}`;
      drawing = request;
      const asked = { target: await target(), schema, table, column, ...wish, request };
      const { keys, labels, ...picture } = await engines.browse('vectorMap', asked, signal);
      if (drawing !== request) throw new MigrationError('cancelled');
      names = new MapNames(keys, labels);
      return { ...picture, picture: ++pictures, labelOrder: names.order() };
    },
    ...pointAnswers({ deps, subject, target, describe }, (picture) => {
      if (names === null || picture !== pictures) throw new MigrationError('cancelled');
      return names;
    }),
  };
}

type AboutPoints = 'names' | 'find' | 'nearest' | 'openRows' | 'openNeighbours' | 'copyIds';

/** `namesOf` throws `cancelled` for a picture that is not the last one. */
function pointAnswers(
  { deps, subject, target, describe }: MapColumn,
  namesOf: (picture: number) => MapNames,
): Pick<PanelHandlers<VectorMapPanelMethods>, AboutPoints> {
  const { engines, panels } = deps;
  const { profile, schema, table, column } = subject;
  return {
    names: ({ picture, points }) => points.map((point) => namesOf(picture).of(point)),
    find: ({ picture, text }) => namesOf(picture).find(text),
    async nearest({ picture, point, k }, signal) {
      const known = namesOf(picture);
      const query = { kind: 'row', key: known.key(point) } as const;
      const search = { target: await target(), schema, table, column, query, k, metric: null, filter: null, effort: null };
      const { exact, columns, metric, dimensions, query: found } = await engines.browse('neighbours', search, signal);
      return {
        metric,
        dimensions,
        vector: found.vector,
        facts: found.row === null ? '' : factsOf(columns, found.row),
        nearest: exact.neighbours.map(({ key, row, similarity }) => ({ ...known.named(key, columns, row), similarity })),
      };
    },
    async openRows({ picture, points }) {
      const keys = points.slice(0, mostConditionRows).map((point) => namesOf(picture).key(point));
      panels.openRows({ side: 'target', profile, schema, table, filter: rowsCondition((await describe()).columns, keys) });
      return { shown: keys.length };
    },
    openNeighbours({ picture, point }) {
      panels.openNeighbours({ ...subject, key: namesOf(picture).key(point) });
      return null;
    },
    async copyIds({ picture, points }) {
      await vscode.env.clipboard.writeText(points.map((point) => namesOf(picture).of(point).id).join('\n'));
      return null;
    },
  };
}
