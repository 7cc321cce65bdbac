import type { ExportFormat, RowsColumn, RowsSort } from '../../src/core/model/rows.ts';
import { element, fill, icon } from '../shared/dom.ts';
import { openMenu, openPopup } from '../shared/popup.ts';
import { button, checkbox, iconButton, textField, type TextField } from '../shared/ui.ts';

export interface ToolbarActions {
  readonly filter: (condition: string | null) => void;
  /** Escape or an arrow in the filter field: on to the rows. */
  readonly leave: () => void;
  readonly flip: (column: string) => void;
  readonly unsort: (column: string) => void;
  readonly hide: (column: string, hidden: boolean) => void;
  readonly showAll: () => void;
  readonly refresh: () => void;
  readonly copy: () => void;
  readonly export: (format: ExportFormat) => void;
  readonly toggleRecord: () => void;
  readonly compare: (() => void) | null;
}

export interface ToolbarState {
  readonly sort: readonly RowsSort[];
  readonly columns: readonly RowsColumn[];
  readonly hidden: ReadonlySet<string>;
  /** "1,284 of 48,211 rows". */
  readonly count: string;
  readonly recordOpen: boolean;
}

export interface Toolbar {
  readonly root: HTMLElement;
  draw(state: ToolbarState): void;
  /** Error of the condition, shown below the field; null takes it away. */
  setFilterError(message: string | null): void;
  setFilter(condition: string | null): void;
  focusFilter(): void;
}

const formats: readonly { readonly format: ExportFormat; readonly text: string }[] = [
  { format: 'csv', text: 'CSV' },
  { format: 'json', text: 'JSON' },
  { format: 'sql', text: 'SQL (INSERT statements)' },
  { format: 'markdown', text: 'Markdown' },
];

export function createToolbar(actions: ToolbarActions): Toolbar {
  const error = element('p', { id: 'filter-error', class: 'filter-error', role: 'alert', hidden: true });
  const field = filterField(actions);
  const chips = element('div', { class: 'sort-chips', role: 'group', 'aria-label': 'Sort' });
  const columns = element('button', { class: 'chip', type: 'button', 'aria-haspopup': 'dialog' });
  const count = element('span', { class: 'row-count secondary' });
  const record = iconButton('layout-sidebar-right', 'Record (Space)', actions.toggleRecord);
  let last: ToolbarState | null = null;
  columns.addEventListener('click', () => last !== null && openColumns(columns, last, actions));
  const bar = element(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Rows' },
    field,
    chips,
    columns,
    element('span', { class: 'spacer' }),
    count,
    actions.compare === null ? null : iconButton('diff', 'Compare rows with the source', actions.compare),
    iconButton('refresh', 'Refresh', actions.refresh),
    iconButton('copy', 'Copy selected cells', actions.copy),
    record,
    exportButton(actions),
  );

  return {
    root: element('div', { class: 'toolbar-block' }, bar, error),
    draw(next) {
      last = next;
      fill(chips, ...next.sort.map((entry) => sortChip(entry, actions)));
      chips.hidden = next.sort.length === 0;
      const shown = next.columns.length - next.hidden.size;
      fill(columns, 'Columns', element('strong', {}, next.hidden.size === 0 ? String(shown) : `${shown} of ${next.columns.length}`));
      count.textContent = next.count;
      record.setAttribute('aria-pressed', String(next.recordOpen));
    },
    setFilterError(message) {
      error.textContent = message ?? '';
      error.hidden = message === null;
      field.setAttribute('aria-invalid', String(message !== null));
      field.classList.toggle('invalid', message !== null);
    },
    setFilter(condition) {
      field.value = condition ?? '';
    },
    focusFilter: () => field.focus(),
  };
}

function filterField(actions: ToolbarActions): TextField {
  const field = textField({
    label: 'Filter: SQL condition',
    placeholder: 'SQL condition, Enter to filter',
    start: element('span', { class: 'filter-start', 'aria-hidden': 'true' }, icon('filter'), 'where'),
    attributes: { id: 'filter', 'aria-describedby': 'filter-error' },
    onEnter: (value) => actions.filter(value.trim() === '' ? null : value.trim()),
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' || event.key === 'ArrowDown') actions.leave();
  });
  return field;
}

function exportButton(actions: ToolbarActions): HTMLElement {
  const choices = formats.map(({ format, text }) => ({ text, onChoose: () => actions.export(format) }));
  const made = button('Export…', { onClick: () => openMenu(made, 'Export as', choices), attributes: { 'aria-haspopup': 'menu' } });
  return made;
}

function sortChip({ column, descending }: RowsSort, actions: ToolbarActions): HTMLElement {
  const order = descending ? 'descending' : 'ascending';
  return element(
    'span',
    { class: 'chip sort-chip' },
    element(
      'button',
      {
        type: 'button',
        title: 'Turn the order round',
        'aria-label': `Sorted by ${column}, ${order}`,
        on: { click: () => actions.flip(column) },
      },
      icon(descending ? 'arrow-down' : 'arrow-up'),
      column,
    ),
    element(
      'button',
      { type: 'button', 'aria-label': `Do not sort by ${column}`, on: { click: () => actions.unsort(column) } },
      icon('close'),
    ),
  );
}

function openColumns(anchor: HTMLElement, { columns, hidden }: ToolbarState, actions: ToolbarActions): void {
  const boxes = columns.map(({ name, key, type }) => {
    const attributes = { disabled: key !== null, title: key === null ? type : 'Key columns stay' };
    return checkbox(name, !hidden.has(name), (checked) => actions.hide(name, !checked), attributes);
  });
  const all = button('Show All', {
    onClick: () => {
      close();
      actions.showAll();
    },
  });
  const close = openPopup({ anchor, label: 'Columns' }, element('div', { class: 'columns-list' }, ...boxes), all);
  (boxes.find((box) => !box.disabled) ?? all).focus();
}
