import type { SourceAgreement } from '../../src/core/model/source-agreement.ts';
import type { SourceAnswer } from '../../src/protocol/neighbours-panel.ts';
import { element, icon, type Child } from '../shared/dom.ts';
import { count, plural } from '../shared/quantities.ts';
import { iconButton } from '../shared/ui.ts';
import { distanceText } from '../shared/figures.ts';

type Difference = SourceAgreement['differences'][number];

/** Whether source and target agree, in a box; null = no open plan says where the source is. */
export function agreementBox(answer: SourceAnswer | null, again: () => void): Child[] {
  const repeat = iconButton('refresh', 'Ask the source again', again);
  if (answer === null) {
    const text = 'No open plan has this table: open the plan that it came by, then ask again.';
    return [element('div', { class: 'agreement', role: 'status' }, icon('info'), element('p', { class: 'secondary' }, text), repeat)];
  }
  const { plan, agreement } = answer;
  const { agrees, places, sameOrder, rows, rejected, location, table } = agreement;
  const left = rejected === 0 ? '' : `, ${plural(rejected, 'rejected row')} left out`;
  const from = `${plural(rows, 'row')} of ${table} in ${location} compared by plan ${plan}${left}`;
  return [
    element(
      'div',
      { class: `agreement ${agrees ? 'agrees' : 'differs'}`, role: 'status', title: from },
      icon(agrees ? 'pass' : 'error'),
      element(
        'p',
        {},
        element('span', {}, agrees ? 'Source and target agree' : 'Source and target differ'),
        ' ',
        element('span', { class: 'secondary' }, `${count(sameOrder)} of ${count(places)} in the same order`),
        element('span', { class: 'visually-hidden' }, `. ${from}.`),
      ),
      repeat,
    ),
  ];
}

const reasons: Readonly<Record<Difference['reason'], string>> = {
  'missing-in-target': 'not in the target',
  'missing-in-source': 'not in the source',
  'vector-differs': 'its vector differs',
  'moved-up': 'stands in for a nearer row',
  order: 'in another place',
};

const queries = {
  'vector-differs': 'The row that was searched from has another vector in the source.',
  'missing-in-source': 'The row that was searched from is not in the source.',
} as const;

/** Which rows differ, and why; null when none does. */
export function differenceList(agreement: SourceAgreement): HTMLElement | null {
  const { differences, query } = agreement;
  const about = query === null || query === 'same' ? null : element('p', {}, queries[query]);
  if (about === null && differences.length === 0) return null;
  const heads = ['Row', 'Why', 'Source', 'Target', 'Where'];
  const table =
    differences.length === 0
      ? null
      : element(
          'table',
          {},
          element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col', class: 'secondary' }, head)))),
          element('tbody', {}, ...differences.map(differenceRow)),
        );
  return element(
    'section',
    { class: 'differences', 'aria-label': 'Rows that differ between source and target', tabindex: 0 },
    about,
    table,
  );
}

function differenceRow(row: Difference): HTMLElement {
  return element(
    'tr',
    {},
    element('td', { class: 'mono' }, row.key.join(', ') || '(no key)'),
    element('td', {}, reasons[row.reason]),
    element('td', { class: 'mono' }, place(row.sourceRank, row.sourceDistance)),
    element('td', { class: 'mono' }, place(row.targetRank, row.targetDistance)),
    element('td', { class: 'secondary' }, row.provenance ?? '–'),
  );
}

/** "4 · 0.0796". */
function place(rank: number | null, distance: number | null): string {
  const parts = [rank === null ? null : String(rank), distance === null ? null : distanceText(distance)].filter((part) => part !== null);
  return parts.length === 0 ? '–' : parts.join(' · ');
}
