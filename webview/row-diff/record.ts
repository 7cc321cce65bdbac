import type { ComparedColumn, ComparedRow, RowComparison } from '../../src/core/model/row-comparison.ts';
import { cellText } from '../shared/cell-text.ts';
import { element, icon } from '../shared/dom.ts';
import { count, plural } from '../shared/quantities.ts';
import { iconButton, link } from '../shared/ui.ts';
import { bothValues, value } from './value-cells.ts';

export interface RecordActions {
  readonly step: (by: 1 | -1) => void;
  readonly goToSource: (row: ComparedRow) => void;
  readonly openValues: (row: ComparedRow, column: ComparedColumn, source: string, target: string) => void;
}

const glyphs = { different: '≠', missing: '−', extra: '+' } as const;
const sentences = { missing: 'The target has no row with this key.', extra: 'The source has no row with this key.' } as const;

/** Everything about one row: each column that differs with both raw values and the rule, then what was converted but is equal, then where it came from. */
export function record(
  comparison: RowComparison,
  row: ComparedRow,
  position: { readonly at: number; readonly of: number },
  actions: RecordActions,
): HTMLElement {
  const keys = comparison.columns.filter(({ key }) => key).map(({ name }) => name);
  const name = comparison.keyed ? row.key.map((text, at) => `${keys[at] ?? ''} ${text}`).join(', ') : 'row';
  const equal =
    row.state === 'different' ? comparison.columns.filter((column) => !row.columns.some((cell) => cell.name === column.name)) : [];
  const converted = equal.filter((column) => isConverted(comparison, row, column));
  const identical = equal.filter((column) => !converted.includes(column));
  return element(
    'aside',
    { class: 'record', 'aria-label': 'Record' },
    element(
      'div',
      { class: 'record-head' },
      element('span', { class: `glyph state-${row.state}`, 'aria-hidden': 'true' }, glyphs[row.state]),
      element('strong', {}, name),
      element(
        'span',
        { class: 'secondary small' },
        row.state === 'different' ? `${count(row.columns.length)} of ${plural(comparison.columns.length, 'column')} differ` : row.state,
      ),
      element('span', { class: 'spacer' }),
      element('span', { class: 'secondary small' }, `${count(position.at + 1)} of ${count(position.of)}`),
      iconButton('arrow-up', 'Previous change (Shift+Alt+F5)', () => actions.step(-1)),
      iconButton('arrow-down', 'Next change (Alt+F5)', () => actions.step(1)),
    ),
    row.state === 'different' ? null : element('p', { class: 'record-note secondary' }, sentences[row.state]),
    ...(row.state === 'different' ? differences(comparison, row, actions) : wholeRow(comparison, row)),
    ...converted.map((column) => convertedColumn(comparison, row, column)),
    identical.length === 0
      ? null
      : element(
          'p',
          { class: 'record-note secondary' },
          `${count(identical.length)} identical: ${identical.map((column) => column.name).join(', ')}`,
        ),
    provenance(row, actions),
  );
}

function differences({ columns }: RowComparison, row: ComparedRow, actions: RecordActions): HTMLElement[] {
  return row.columns.map((cell) => {
    const column = columns.find(({ name }) => name === cell.name);
    const both = bothValues(cell);
    return element(
      'section',
      {},
      heading(cell.name, column),
      element(
        'dl',
        { class: 'sides' },
        element('dt', {}, 'source'),
        element('dd', { class: 'source' }, both.source),
        element('dt', {}, 'target'),
        element('dd', { class: 'target' }, both.target),
      ),
      element('p', { class: 'rule' }, element('span', { class: 'glyph state-different', 'aria-hidden': 'true' }, '≠'), cell.rule),
      column === undefined || (cell.source ?? '').length + (cell.target ?? '').length < 60
        ? null
        : link('Open in diff editor', () => actions.openValues(row, column, cell.source ?? 'NULL', cell.target ?? 'NULL')),
    );
  });
}

function wholeRow({ columns }: RowComparison, row: ComparedRow): HTMLElement[] {
  const cells = row.source ?? row.target ?? [];
  return [
    element(
      'dl',
      { class: 'whole-row' },
      ...columns.flatMap(({ name }, at) => [element('dt', {}, name), element('dd', {}, value(cellText(cells[at] ?? null)))]),
    ),
  ];
}

function convertedColumn({ columns }: RowComparison, row: ComparedRow, column: ComparedColumn): HTMLElement {
  const at = columns.indexOf(column);
  return element(
    'section',
    {},
    heading(column.name, column),
    element(
      'dl',
      { class: 'sides' },
      element('dt', {}, 'source'),
      element('dd', {}, value(cellText(row.source?.[at] ?? null))),
      element('dt', {}, 'target'),
      element('dd', {}, value(cellText(row.target?.[at] ?? null))),
    ),
    element('p', { class: 'rule' }, element('span', { class: 'glyph', 'aria-hidden': 'true' }, '='), column.rule),
  );
}

function heading(name: string, column: ComparedColumn | undefined): HTMLElement {
  const types = column === undefined ? '' : `${column.declared === '' ? '' : `${column.declared} → `}${column.type}`;
  return element('h2', {}, name, element('span', { class: 'types mono' }, types));
}

/** Written differently on both sides and yet the same value. */
function isConverted({ columns }: RowComparison, row: ComparedRow, column: ComparedColumn): boolean {
  const at = columns.indexOf(column);
  return cellText(row.source?.[at] ?? null) !== cellText(row.target?.[at] ?? null);
}

function provenance(row: ComparedRow, actions: RecordActions): HTMLElement | null {
  if (row.provenance === null) return null;
  return element(
    'div',
    { class: 'provenance' },
    element('span', { class: 'secondary' }, 'source'),
    element('span', { class: 'mono' }, row.provenance),
    link(element('span', {}, icon('go-to-file'), ' Go to Source'), () => actions.goToSource(row)),
  );
}
