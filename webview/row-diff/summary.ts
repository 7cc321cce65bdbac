import type { RowComparison } from '../../src/core/model/row-comparison.ts';
import { element } from '../shared/dom.ts';
import { count, plural, seconds } from '../shared/quantities.ts';
import { button } from '../shared/ui.ts';

export interface SummaryActions {
  /** Filters by a column; null = any. */
  readonly chooseColumn: (column: string | null) => void;
  readonly compareAgain: () => void;
}

/** The numbers of the verification: how many rows differ, in which columns, and the bar of all rows. */
export function summary(comparison: RowComparison, chosen: string | null, comparedAt: Date, actions: SummaryActions): HTMLElement {
  const { counts } = comparison;
  const differ = counts.different + counts.missing + counts.extra;
  const all = differ + counts.equal;
  const keys = comparison.columns.filter(({ key }) => key).map(({ name }) => name);
  const matched = comparison.keyed ? `matched by ${keys.join(', ')}` : 'without a key: compared as whole rows';
  const headline =
    differ === 0
      ? `All ${plural(all, 'row')} are equal`
      : `${count(differ)} of ${plural(all, 'row')} ${differ === 1 ? 'differs' : 'differ'}`;
  return element(
    'section',
    { class: 'summary', 'aria-label': 'Summary' },
    element(
      'div',
      { class: 'headline' },
      element('h1', {}, headline),
      element(
        'p',
        { class: 'secondary small' },
        `Source ${count(comparison.sourceRows)} · target ${count(comparison.targetRows)} · ${matched} · every cell, ${seconds(comparison.seconds)} s`,
      ),
    ),
    columnBars(comparison, chosen, actions),
    element(
      'div',
      { class: 'again' },
      element(
        'span',
        { class: 'secondary small' },
        `Verified ${comparedAt.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}`,
      ),
      button('Verify Again', { icon: 'refresh', onClick: actions.compareAgain }),
    ),
    bar(comparison),
  );
}

function columnBars({ columns }: RowComparison, chosen: string | null, { chooseColumn }: SummaryActions): HTMLElement | null {
  const touched = columns.filter(({ different }) => different > 0).toSorted((a, b) => b.different - a.different);
  const most = touched[0]?.different ?? 0;
  if (most === 0) return null;
  return element(
    'div',
    { class: 'by-column', role: 'group', 'aria-label': 'Rows that differ, by column' },
    element('span', { class: 'secondary small' }, 'By column'),
    ...touched.slice(0, 6).map(({ name, different }) =>
      element(
        'button',
        {
          class: 'column-bar',
          'aria-pressed': String(name === chosen),
          title: `Show only rows that differ in ${name}`,
          on: { click: () => chooseColumn(name === chosen ? null : name) },
        },
        element('span', { class: 'column-name mono' }, name),
        element('span', { class: 'column-count' }, count(different)),
        element('span', { class: 'track' }, element('span', { class: 'fill', style: { width: `${(different / most) * 100}%` } })),
      ),
    ),
  );
}

/** To scale, but a state with rows is never too thin to be seen. */
function bar({ counts }: RowComparison): HTMLElement {
  const states = ['equal', 'different', 'missing', 'extra'] as const;
  const words = states.map((state) => `${count(counts[state])} ${state}`).join(', ');
  return element(
    'div',
    { class: 'state-bar', role: 'img', 'aria-label': words },
    ...states
      .filter((state) => counts[state] > 0)
      .map((state) => element('span', { class: `bar-${state}`, style: { 'flex-grow': String(counts[state]) } })),
  );
}
