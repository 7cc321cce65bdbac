import type { RowComparison } from '../../src/core/model/row-comparison.ts';
import { element } from '../shared/dom.ts';
import { count, plural, seconds } from '../shared/quantities.ts';
import { button } from '../shared/ui.ts';

export interface SummaryActions {
  /** Filters by a column; null = any. */
  readonly chooseColumn: (column: string | null) => void;
  readonly compareAgain: () => void;
}

export interface Summary {
  readonly root: HTMLElement;
  /** Presses the bar of the column that is filtered by; null = none. */
  choose(column: string | null): void;
}

/** The numbers of the verification: how many rows differ, in which columns, and the bar of all rows. */
export function summary(comparison: RowComparison, comparedAt: Date, actions: SummaryActions): Summary {
  const { counts } = comparison;
  const differ = counts.different + counts.missing + counts.extra;
  const all = differ + counts.equal;
  const keys = comparison.columns.filter(({ key }) => key).map(({ name }) => name);
  const matched = comparison.keyed ? `matched by ${keys.join(', ')}` : 'without a key: compared as whole rows';
  const headline =
    differ === 0
      ? all === 1
        ? 'The only row is equal'
        : `All ${plural(all, 'row')} are equal`
      : `${count(differ)} of ${plural(all, 'row')} ${differ === 1 ? 'differs' : 'differ'}`;
  const bars = columnBars(comparison, actions);
  const root = element(
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
    bars.length === 0
      ? null
      : element(
          'div',
          { class: 'by-column', role: 'group', 'aria-label': 'Rows that differ, by column' },
          element('span', { class: 'secondary small' }, 'By column'),
          ...bars.map(({ control }) => control),
        ),
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
  return {
    root,
    choose(column) {
      for (const { name, control } of bars) control.setAttribute('aria-pressed', String(name === column));
    },
  };
}

/** A toggle for each of the columns with the most differences. */
function columnBars(
  { columns }: RowComparison,
  { chooseColumn }: SummaryActions,
): { readonly name: string; readonly control: HTMLElement }[] {
  const touched = columns.filter(({ different }) => different > 0).toSorted((a, b) => b.different - a.different);
  const most = touched[0]?.different ?? 0;
  return touched.slice(0, 6).map(({ name, different }) => {
    const control = element(
      'button',
      {
        class: 'column-bar',
        title: `Show only rows that differ in ${name}`,
        on: { click: () => chooseColumn(control.getAttribute('aria-pressed') === 'true' ? null : name) },
      },
      element('span', { class: 'column-name mono' }, name),
      element('span', { class: 'column-count' }, count(different)),
      element('span', { class: 'track' }, element('span', { class: 'fill', style: { width: `${(different / most) * 100}%` } })),
    );
    return { name, control };
  });
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
