import type { NearPoint, NearestPoints, PointName } from '../../src/protocol/vector-map-panel.ts';
import { element, fill } from '../shared/dom.ts';
import { plural } from '../shared/quantities.ts';
import { sparkline } from '../shared/sparkline.ts';
import { swatch } from './legend.ts';
import type { MapModel } from './map-model.ts';
import { colourOf } from './palette.ts';

/** The only selected row: what it is called, its short values, its vector as a line. */
export function drawSelected(target: HTMLElement, name: PointName, nearest: NearestPoints | null): void {
  const line = element('div', { class: 'selected-line' });
  if (nearest !== null) line.append(sparkline(nearest.vector, 312, 28));
  fill(
    target,
    element('h2', {}, 'Selected', element('span', { class: 'mono selected-id', title: name.id }, name.id)),
    element('p', { class: 'selected-title' }, name.title),
    element('p', { class: 'secondary small' }, nearest?.facts ?? ''),
    line,
  );
}

/** Several selected rows: how many of each category. */
export function drawSelectedMany(target: HTMLElement, model: MapModel): void {
  const { categories, codes } = model.drawn;
  const counts = categories.map(() => 0);
  for (const point of model.selection) counts[codes[point]!]!++;
  const lines = categories.flatMap((category, code) =>
    counts[code] === 0
      ? []
      : [
          element(
            'li',
            {},
            swatch(colourOf(category, code)),
            element('span', {}, category.text || 'points'),
            element('span', { class: 'legend-count' }, counts[code]),
          ),
        ],
  );
  fill(
    target,
    element('h2', {}, 'Selected', element('span', {}, plural(model.selection.length, 'row'))),
    element('ul', { class: 'breakdown' }, ...lines),
  );
}

/** The nearest rows on all dimensions. A row outside of the sample is named and cannot be gone to. */
export function drawNearest(target: HTMLElement, model: MapModel, onGo: (point: number) => void): void {
  const { nearest } = model;
  if (nearest === null) {
    fill(target);
    return;
  }
  const entries = nearest.nearest.map((near) => element('li', {}, nearButton(model, near, onGo)));
  fill(
    target,
    element('h2', {}, 'Nearest', element('span', {}, 'similarity')),
    entries.length === 0
      ? element('p', { class: 'secondary' }, 'No other row has a vector.')
      : element('ol', { class: 'nearest-list' }, ...entries),
  );
}

function nearButton({ drawn }: MapModel, near: NearPoint, onGo: (point: number) => void): HTMLElement {
  const { point } = near;
  const code = point === null ? null : drawn.codes[point]!;
  const mark = code === null ? element('span', { class: 'swatch hollow' }) : swatch(colourOf(drawn.categories[code]!, code));
  const title = point === null ? `${near.title} (not in the sample)` : near.title;
  return element(
    'button',
    {
      type: 'button',
      class: 'near',
      title,
      'aria-disabled': point === null ? 'true' : null,
      on: { click: () => point !== null && onGo(point) },
    },
    mark,
    element('span', { class: 'near-title' }, title),
    element('span', { class: 'mono' }, near.similarity.toFixed(3)),
  );
}
