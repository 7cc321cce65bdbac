import type { VectorHealth } from '../../src/core/model/vector-health.ts';
import { element } from '../shared/dom.ts';
import { count, plural } from '../shared/quantities.ts';

/** How norms are spread: a bar for each bin, and the same as a table for screen readers. null when all norms are the same. */
export function normHistogram(norms: VectorHealth['norms']): HTMLElement | null {
  const bins = norms?.histogram ?? null;
  if (bins === null) return null;
  const most = Math.max(1, ...bins.map(({ rows }) => rows));
  const bars = bins.map(({ from, to, rows }) =>
    element(
      'span',
      { class: rows === 0 ? 'histogram-bar none' : 'histogram-bar', title: `${short(from)} to ${short(to)}: ${plural(rows, 'vector')}` },
      // Few among many are what somebody looks for: a bin with vectors is never invisible.
      element('span', { class: 'histogram-fill', style: { height: rows === 0 ? '0' : `max(3px, ${((rows / most) * 100).toFixed(1)}%)` } }),
    ),
  );
  const rows = bins
    .filter((bin) => bin.rows > 0)
    .map((bin) => element('tr', {}, element('td', {}, `${short(bin.from)} to ${short(bin.to)}`), element('td', {}, count(bin.rows))));
  return element(
    'section',
    { class: 'histogram', 'aria-label': 'Norms' },
    element('h2', {}, 'Norms'),
    element('div', { class: 'histogram-bars', 'aria-hidden': 'true' }, ...bars),
    element(
      'div',
      { class: 'histogram-axis mono secondary', 'aria-hidden': 'true' },
      element('span', {}, short(bins[0]?.from ?? 0)),
      element('span', {}, short(bins.at(-1)?.to ?? 0)),
    ),
    element('p', { class: 'secondary small' }, `The tallest bar is ${plural(most, 'vector')}; each has the same width.`),
    element(
      'table',
      { class: 'visually-hidden' },
      element('caption', {}, 'Vectors by norm'),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'norm'), element('th', { scope: 'col' }, 'vectors'))),
      element('tbody', {}, ...rows),
    ),
  );
}

function short(norm: number): string {
  return String(Number(norm.toPrecision(4)));
}
