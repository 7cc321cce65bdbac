import type { RowComparison } from '../../src/core/model/row-comparison.ts';
import type { RowDiffPanelState } from '../../src/protocol/row-diff-panel.ts';
import { element } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import { dropdown, iconButton, textField } from '../shared/ui.ts';

type State = Omit<RowDiffPanelState, 'subject'>;

const chips = [
  ['different', '≠', 'Different'],
  ['missing', '−', 'Missing in target'],
  ['extra', '+', 'Extra in target'],
  ['equal', '=', 'Equal'],
] as const;

/** Chips with the counts of the verification, filters, search, and the layout. `change` gets what the user changed. */
export function filterBar(comparison: RowComparison, state: State, change: (changes: Partial<State>) => void): HTMLElement {
  const columns = comparison.columns.filter(({ different }) => different > 0).map(({ name }) => name);
  const rules = [...new Set(comparison.rows.flatMap((row) => row.columns.map(({ rule }) => rule)))].sort();
  return element(
    'div',
    { class: 'toolbar filter-bar', role: 'toolbar', 'aria-label': 'Filters' },
    ...chips.map(([name, glyph, text]) =>
      element(
        'button',
        {
          class: `chip state-${name}`,
          'aria-pressed': String(state.shown[name]),
          on: { click: () => change({ shown: { ...state.shown, [name]: !state.shown[name] } }) },
        },
        element('span', { class: 'glyph', 'aria-hidden': 'true' }, glyph),
        text,
        element('strong', {}, count(comparison.counts[name])),
      ),
    ),
    choice('Column', 'Any column', columns, state.column, (column) => change({ column })),
    choice('Rule', 'Any rule', rules, state.rule, (rule) => change({ rule })),
    element('span', { class: 'spacer' }),
    textField({ label: 'Find key or value', placeholder: 'Find key or value', value: state.find, onEnter: (find) => change({ find }) }),
    layoutButton('split-vertical', 'Stacked: source above target', state.layout === 'stacked', () => change({ layout: 'stacked' })),
    layoutButton('split-horizontal', 'Side by side', state.layout === 'side-by-side', () => change({ layout: 'side-by-side' })),
  );
}

function choice(
  label: string,
  any: string,
  values: readonly string[],
  chosen: string | null,
  choose: (value: string | null) => void,
): HTMLElement | null {
  if (values.length === 0) return null;
  const choices = [
    { value: '', text: any },
    ...values.map((value) => ({ value, text: value.length > 40 ? `${value.slice(0, 40)}…` : value })),
  ];
  return dropdown({ label, choices, value: chosen ?? '', onChange: (value) => choose(value === '' ? null : value) });
}

function layoutButton(symbol: string, label: string, pressed: boolean, press: () => void): HTMLElement {
  return iconButton(symbol, label, press, { 'aria-pressed': String(pressed), class: pressed ? 'pressed' : '' });
}
