import type { RunReport } from '../../src/core/index.ts';
import { element } from '../shared/dom.ts';
import { count, seconds } from '../shared/quantities.ts';

const names = [
  ['plan', 'Profile'],
  ['preData', 'Pre-data'],
  ['data', 'Data'],
  ['postData', 'Post-data'],
  ['verify', 'Verify'],
] as const;

/** Where the time went: one bar to scale, and its legend. Nothing for a run that never came to its end. */
export function phases(report: RunReport): HTMLElement | null {
  const times = report.seconds;
  if (times === null) return null;
  const shown = names.map(([key, name]) => ({ key, name, time: times[key] }));
  const loaded = report.tables.reduce((sum, table) => sum + table.rowsWritten, 0);
  const rate = times.data > 0 ? ` · ${count(loaded / times.data)} rows/s while loading` : '';
  return element(
    'section',
    { class: 'phases', 'aria-label': 'Time per phase' },
    element(
      'div',
      { class: 'phase-bar', 'aria-hidden': 'true' },
      ...shown
        .filter(({ time }) => time > 0)
        .map(({ key, time }) => element('span', { class: `phase-${key}`, style: { 'flex-grow': String(time) } })),
    ),
    element(
      'ul',
      { class: 'phase-legend' },
      ...shown.map(({ key, name, time }) =>
        element(
          'li',
          {},
          element('span', { class: `swatch phase-${key}`, 'aria-hidden': 'true' }),
          name,
          element('strong', {}, `${seconds(time)} s`),
        ),
      ),
      element('li', { class: 'phase-total secondary' }, `${seconds(times.total)} s${rate}`),
    ),
  );
}
