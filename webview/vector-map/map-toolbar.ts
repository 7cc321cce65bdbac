import type { MapWish, Projection } from '../../src/core/model/vector-map.ts';
import type { DrawnMap, VectorMapPanelInit } from '../../src/protocol/vector-map-panel.ts';
import { element, fill, icon } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import { dropdown, iconButton, link, textField } from '../shared/ui.ts';
import { segments } from '../shared/segments.ts';

export type MapView = 'map' | 'list';

interface ToolbarActions {
  readonly change: (part: Partial<MapWish>) => void;
  readonly view: (view: MapView) => void;
  readonly find: (text: string) => void;
}

export interface MapToolbar {
  readonly root: HTMLElement;
  show(wish: MapWish, view: MapView): void;
  /** What the picture is of. */
  draw(drawn: DrawnMap): void;
}

const projections = [
  { value: 'pca', text: 'PCA' },
  { value: 'umap', text: 'UMAP' },
] as const;
const views = [
  { value: 'map', text: 'Map', icon: 'graph-scatter' },
  { value: 'list', text: 'List', icon: 'list-unordered' },
] as const;

export function createMapToolbar(init: VectorMapPanelInit, actions: ToolbarActions): MapToolbar {
  const projection = segments<Projection>('Projection', projections, (value) => actions.change({ projection: value }));
  const view = segments<MapView>('Show as', views, actions.view);
  const colour = dropdown({
    label: 'Colour by',
    // No column has an empty name.
    choices: [{ value: '', text: 'no column' }, ...init.columns.map(({ name }) => ({ value: name, text: name }))],
    value: init.colour ?? '',
    onChange: (value) => actions.change({ colour: value === '' ? null : value }),
  });
  const find = textField({
    label: 'Find rows by label or key',
    placeholder: `Find in ${init.subject.table}`,
    start: icon('search'),
    onEnter: (value) => actions.find(value.trim()),
  });
  const sample = element('span', { class: 'sample' });
  const root = element(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Map' },
    element('span', { class: 'secondary', 'aria-hidden': 'true' }, 'Projection'),
    projection.root,
    element('span', { class: 'secondary', 'aria-hidden': 'true' }, 'Colour'),
    colour,
    find,
    element('span', { class: 'spacer' }),
    sample,
    view.root,
  );
  return {
    root,
    show(wish, shown) {
      projection.show(wish.projection);
      view.show(shown);
      colour.value = wish.colour ?? '';
    },
    draw: (drawn) => fill(sample, ...sampleParts(drawn, actions)),
  };
}

function sampleParts(drawn: DrawnMap, actions: ToolbarActions): readonly (HTMLElement | string | null)[] {
  const shown = drawn.codes.length;
  const possible = Math.min(drawn.drawable - drawn.leftOut.notFinite, drawn.limit);
  const all = possible < drawn.drawable - drawn.leftOut.notFinite ? `Use ${count(possible)} rows` : 'Use all rows';
  const text = element('span', { title: leftOutText(drawn) }, sampleText(drawn));
  const more = shown < possible ? link(all, () => actions.change({ sample: null })) : null;
  const next = drawn.seed + 1;
  const again = iconButton('refresh', `Draw with seed ${next}`, () => actions.change({ seed: next }));
  return [text, more, again];
}

/** "Sample 10,000 of 48,211, seed 7"; what was left out is said as well. */
export function sampleText(drawn: DrawnMap): string {
  const shown = drawn.codes.length;
  const out = drawn.leftOut.withoutVector + drawn.leftOut.otherDimensions + drawn.leftOut.notFinite;
  const rest = out > 0 ? `, ${count(out)} left out` : '';
  const whole = shown === drawn.drawable - drawn.leftOut.notFinite;
  return `${whole ? `All ${count(shown)} vectors` : `Sample ${count(shown)} of ${count(drawn.drawable)}`}${rest}, seed ${drawn.seed}`;
}

export function leftOutText({ leftOut, dimensions, limit, drawable }: DrawnMap): string {
  const parts = [
    leftOut.withoutVector > 0 ? `${count(leftOut.withoutVector)} without a vector` : '',
    leftOut.otherDimensions > 0 ? `${count(leftOut.otherDimensions)} with other than ${count(dimensions)} dimensions` : '',
    leftOut.notFinite > 0 ? `${count(leftOut.notFinite)} with a component that is no finite number` : '',
  ].filter((part) => part !== '');
  const bound = drawable > limit ? `At most ${count(limit)} rows of ${count(dimensions)} dimensions are drawn. ` : '';
  return `${bound}${parts.length === 0 ? 'No row is left out.' : `Left out: ${parts.join(', ')}.`}`;
}
