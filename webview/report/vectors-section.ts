import type { ReportedHealth } from '../../src/core/model/vector-health.ts';
import { element, type Child } from '../shared/dom.ts';
import { checkTitles, verdict } from '../shared/health-words.ts';
import { count } from '../shared/quantities.ts';
import { link } from '../shared/ui.ts';
import type { ReportPage } from './report-page.ts';

/** What the vectors of each column that was written are like; what is fine is told in one word. */
export function vectorsSection({ init, messenger }: ReportPage): HTMLElement | null {
  const columns = init.report.verification.tables.flatMap(({ table, vectors = [] }) => vectors.map((one) => ({ table, ...one })));
  if (columns.length === 0) return null;
  const rows = columns.map(({ table, ...one }) => {
    const name = `${table}.${one.column}`;
    const open = link('Vector Health', () => void messenger.call('openHealth', { table, column: one.column }), {
      'aria-label': `Vector health of ${name}`,
    });
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, ...breakable(name)),
      element('td', { class: 'number' }, one.health === null ? '' : count(one.health.vectors)),
      element('td', { class: 'vector-findings' }, ...findings(one)),
      element('td', {}, open),
    );
  });
  return element(
    'section',
    {},
    element('h2', {}, 'Vector health'),
    element(
      'table',
      { class: 'report-table' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'column'),
          element('th', { scope: 'col', class: 'number' }, 'vectors'),
          element('th', { scope: 'col' }, 'finding'),
          element('td', {}),
        ),
      ),
      element('tbody', {}, ...rows),
    ),
  );
}

/** A long name is broken behind its dots. */
function breakable(name: string): readonly Child[] {
  return name.split(/(?<=\.)/).flatMap((part, i) => (i === 0 ? [part] : [element('wbr', {}), part]));
}

function findings({ health, leftOut }: ReportedHealth): readonly Child[] {
  if (health === null) return [element('p', {}, verdict('skipped'), ` ${leftOut ?? ''}`)];
  const told = health.checks.filter(({ state }) => state !== 'ok');
  if (told.length === 0) return [element('p', {}, verdict('ok'), ' every check passed')];
  return told.map(({ check, state, message }) => element('p', {}, verdict(state), ` ${checkTitles[check]}: ${message}`));
}
