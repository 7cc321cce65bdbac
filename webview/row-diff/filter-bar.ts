import type { RowComparison } from '../../src/core/model/row-comparison.ts';
import type { RowDiffPanelState } from '../../src/protocol/row-diff-panel.ts';
import { element } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import { dropdown, iconButton, textField, type Dropdown } from '../shared/ui.ts';

type State = Omit<RowDiffPanelState, 'subject'>;

const chips = [
  ['different', '≠', 'Different'],
  ['missing', '−', 'Missing in target'],
  ['extra', '+', 'Extra in target'],
  ['equal', '=', 'Equal'],
] as const;

export interface FilterBar {
  readonly root: HTMLElement;
  draw(state: State): void;
  focusFind(): void;
}

export interface FilterBarActions {
  /** The state as it is now. */
  readonly state: () => State;
  readonly change: (changes: Partial<State>) => void;
  /** Escape or the arrow down in the search field: on to the rows. */
  readonly leave: () => void;
}

/** Chips with the counts of the verification, filters, search, and the layout. */
export function filterBar(comparison: RowComparison, { state, change, leave }: FilterBarActions): FilterBar {
  const columns = comparison.columns.filter(({ different }) => different > 0).map(({ name }) => name);
  const rules = [...new Set(comparison.rows.flatMap((row) => row.columns.map(({ rule }) => rule)))].sort();
  const made = chips.map(([name, glyph, text]) => {
    const unfolded = name === 'equal' && comparison.folds === null;
    return element(
      'button',
      {
        class: `chip state-${name}`,
        disabled: unfolded,
        title: unfolded ? 'Equal rows can be shown for tables with one key column and a complete list.' : null,
        on: { click: () => change({ shown: { ...state().shown, [name]: !state().shown[name] } }) },
      },
      element('span', { class: 'glyph', 'aria-hidden': 'true' }, glyph),
      text,
      element('strong', {}, count(comparison.counts[name])),
    );
  });
  const column = choice('Column', 'Any column', columns, state().column, (chosen) => change({ column: chosen }));
  const rule = choice('Rule', 'Any rule', rules, state().rule, (chosen) => change({ rule: chosen }));
  const find = textField({ label: 'Find key or value', placeholder: 'Find key or value', onInput: (text) => change({ find: text }) });
  find.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') leave();
  });
  const layouts = (['stacked', 'side-by-side'] as const).map((layout) => ({ layout, control: layoutButton(layout, change) }));

  return {
    root: element(
      'div',
      { class: 'toolbar filter-bar', role: 'toolbar', 'aria-label': 'Filters' },
      ...made,
      column,
      rule,
      element('span', { class: 'spacer' }),
      find,
      ...layouts.map(({ control }) => control),
    ),
    draw(now) {
      chips.forEach(([name], at) => made[at]?.setAttribute('aria-pressed', String(now.shown[name] && !made[at].disabled)));
      // Before they are in the document they know none of their entries yet, and begin with the chosen one.
      if (column?.isConnected === true) column.value = now.column ?? '';
      if (rule?.isConnected === true) rule.value = now.rule ?? '';
      if (find.value !== now.find) find.value = now.find;
      for (const { layout, control } of layouts) {
        control.setAttribute('aria-pressed', String(layout === now.layout));
        control.classList.toggle('pressed', layout === now.layout);
      }
    },
    focusFind: () => find.focus(),
  };
}

/** Null where there is nothing to choose from. */
function choice(
  label: string,
  any: string,
  values: readonly string[],
  chosen: string | null,
  choose: (value: string | null) => void,
): Dropdown | null {
  if (values.length === 0) return null;
  const choices = values.map((value) => ({ value, text: value.length > 40 ? `${value.slice(0, 40)}…` : value }));
  return dropdown({
    label,
    choices: [{ value: '', text: any }, ...choices],
    value: chosen ?? '',
    onChange: (value) => choose(value === '' ? null : value),
  });
}

function layoutButton(layout: State['layout'], change: (changes: Partial<State>) => void): HTMLElement {
  const [symbol, label] = layout === 'stacked' ? ['split-vertical', 'Stacked: source above target'] : ['split-horizontal', 'Side by side'];
  return iconButton(symbol, label, () => change({ layout }));
}
