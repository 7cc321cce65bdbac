import { nullMark } from '../shared/cells.ts';
import { element, fill } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import type { MapModel } from './map-model.ts';
import { colourOf } from './palette.ts';

/** The categories with their numbers; each can be dimmed. `onToggle` is told its code. */
export function drawLegend(target: HTMLElement, model: MapModel, onToggle: (code: number) => void): void {
  const { drawn } = model;
  const most = Math.max(1, ...drawn.categories.map(({ points }) => points));
  const entries = drawn.categories.map((category, code) => {
    const name = category.kind === 'null' ? nullMark() : category.kind === 'all' ? 'all points' : category.text;
    const box = element(
      'button',
      {
        class: 'legend-entry',
        type: 'button',
        role: 'checkbox',
        'aria-checked': String(!model.off.has(code)),
        title: category.text,
        on: { click: () => onToggle(code) },
      },
      swatch(colourOf(category, code)),
      element('span', { class: 'legend-name' }, name),
      element('span', { class: 'legend-bar', 'aria-hidden': 'true' }, bar(category.points / most)),
      element('span', { class: 'legend-count' }, count(category.points)),
    );
    return box;
  });
  const heading = element(
    'h2',
    {},
    element('span', {}, drawn.colour ?? 'Points'),
    element('span', { class: 'count' }, count(model.points)),
  );
  const focused = [...target.querySelectorAll('.legend-entry')].indexOf(document.activeElement!);
  fill(target, heading, element('div', { role: 'group', 'aria-label': 'Legend: off is dimmed' }, ...entries));
  entries[focused]?.focus();
}

export function swatch(colour: string): HTMLElement {
  return element('span', { class: 'swatch', 'aria-hidden': 'true', style: { 'background-color': colour } });
}

function bar(share: number): HTMLElement {
  return element('span', { style: { width: `${(share * 100).toFixed(1)}%` } });
}
