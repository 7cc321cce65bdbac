import { element, fill } from '../shared/dom.ts';
import type { Item } from './items.ts';

export interface OverviewRuler {
  readonly root: HTMLElement;
  draw(items: readonly Item[], heightOf: (index: number) => number): void;
}

/** Marks nearer to each other than this share of the height fall together, so that thousands of rows are a few hundred marks. */
const steps = 300;

/** Where in the whole list the rows that differ are, as at the editor's own scroll bar. `jump` gets an index of `items`. For the mouse only: the keyboard steps from change to change. */
export function overviewRuler(jump: (index: number) => void): OverviewRuler {
  let places: readonly { readonly at: number; readonly index: number }[] = [];
  const list = element('div', { class: 'overview-marks' });
  const root = element('div', { class: 'overview-ruler', 'aria-hidden': 'true' }, list);
  root.addEventListener('mousedown', (event) => {
    const { top, height } = list.getBoundingClientRect();
    const clicked = (event.clientY - top) / height;
    const nearest = places.toSorted((a, b) => Math.abs(a.at - clicked) - Math.abs(b.at - clicked))[0];
    event.preventDefault();
    if (nearest !== undefined) jump(nearest.index);
  });
  return {
    root,
    draw(items, heightOf) {
      const heights = items.map((_, index) => heightOf(index));
      const total = Math.max(
        1,
        heights.reduce((sum, height) => sum + height, 0),
      );
      const found: { at: number; index: number; state: string }[] = [];
      let top = 0;
      items.forEach((item, index) => {
        if (item.kind === 'row') found.push({ at: (top + (heights[index] ?? 0) / 2) / total, index, state: item.row.state });
        top += heights[index] ?? 0;
      });
      places = found;
      // Beside the rows while they all are in sight, to scale when they are not.
      list.style.setProperty('height', `min(100%, ${total}px)`);
      const marks = new Map(found.map(({ at, state }) => [`${state} ${Math.round(at * steps)}`, { at, state }]));
      fill(list, ...[...marks.values()].map(({ at, state }) => element('span', { class: `bar-${state}`, style: { top: `${at * 100}%` } })));
    },
  };
}
