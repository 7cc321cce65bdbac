import type { ComparedColumn, ComparedRow, RowComparison } from '../../src/core/model/row-comparison.ts';
import { cellText } from '../../src/core/model/cell-text.ts';
import { element, icon } from '../shared/dom.ts';
import { count, plural } from '../shared/quantities.ts';
import { iconButton, link } from '../shared/ui.ts';
import { bothValues, isConverted, value } from './value-cells.ts';
import { codePoints, looksEqual } from './visible-text.ts';
import { changedPart } from './changed-part.ts';

export interface RecordActions {
  readonly step: (by: 1 | -1) => void;
  readonly goToSource: (row: ComparedRow) => void;
  readonly openValues: (row: ComparedRow, column: ComparedColumn, source: string, target: string) => void;
}

const glyphs = { different: '≠', missing: '−', extra: '+' } as const;
const otherSide = { missing: 'target', extra: 'source' } as const;

/** Everything about one row: each column that differs with both raw values and the rule, then what was converted but is equal, then where it came from. */
export function record(
  comparison: RowComparison,
  row: ComparedRow,
  position: { readonly at: number; readonly of: number },
  actions: RecordActions,
): HTMLElement {
  const keys = comparison.columns.filter(({ key }) => key).map(({ name }) => name);
  const name = comparison.keyed ? row.key.map((text, at) => `${keys[at] ?? ''} ${text}`).join(', ') : 'row without a key';
  const equal =
    row.state === 'different' ? comparison.columns.filter((column) => !row.columns.some((cell) => cell.name === column.name)) : [];
  const converted = equal.filter((column) => isConverted(row, comparison.columns.indexOf(column)));
  const identical = equal.filter((column) => !converted.includes(column));
  return element(
    'aside',
    { class: 'record', 'aria-label': 'Record', tabindex: 0 },
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
    row.state === 'different'
      ? null
      : element(
          'p',
          { class: 'record-note secondary' },
          `The ${otherSide[row.state]} has no ${comparison.keyed ? 'row with this key' : 'such row'}.`,
        ),
    ...(row.state === 'different' ? differences(comparison, row, actions) : wholeRow(comparison, row)),
    ...converted.map((column) => convertedColumn(comparison, row, column)),
    identical.length === 0 ? null : identicalColumns(identical.map((column) => column.name)),
    provenance(row, actions),
  );
}

function differences({ columns }: RowComparison, row: ComparedRow, actions: RecordActions): HTMLElement[] {
  return row.columns.map((cell) => {
    const column = columns.find(({ name }) => name === cell.name);
    const both = bothValues(cell, 'block');
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
      element(
        'p',
        { class: 'rule' },
        element('span', { class: 'glyph state-different', 'aria-hidden': 'true' }, '≠'),
        column?.rule ?? cell.rule,
      ),
      sameLook(cell.source, cell.target),
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
      ...columns.flatMap(({ name }, at) => [element('dt', {}, name), element('dd', {}, value(cellText(cells[at] ?? null), 'block'))]),
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
      element('dd', {}, value(cellText(row.source?.[at] ?? null), 'block')),
      element('dt', {}, 'target'),
      element('dd', {}, value(cellText(row.target?.[at] ?? null), 'block')),
    ),
    element('p', { class: 'rule' }, element('span', { class: 'glyph', 'aria-hidden': 'true' }, '='), column.rule),
  );
}

function identicalColumns(names: readonly string[]): HTMLElement {
  const words = `${count(names.length)} identical`;
  const list = names.join(', ');
  if (names.length <= 8) return element('p', { class: 'record-note secondary' }, `${words}: ${list}`);
  return element('details', { class: 'record-note secondary' }, element('summary', {}, `${words} columns`), list);
}

function heading(name: string, column: ComparedColumn | undefined): HTMLElement {
  const types = column === undefined ? '' : `${column.declared === '' ? '' : `${column.declared} → `}${column.type}`;
  return element('h2', {}, name, element('span', { class: 'types mono' }, types));
}

/** Two texts that look the same are told apart by their code points. */
function sameLook(source: string | null, target: string | null): HTMLElement | null {
  if (source === null || target === null || !looksEqual(source, target)) return null;
  const marked = changedPart(source, target);
  const text = `Looks the same, written otherwise: ${codePoints(marked.source.changed)} became ${codePoints(marked.target.changed)}.`;
  return element('p', { class: 'rule' }, element('span', { class: 'glyph', 'aria-hidden': 'true' }, 'i'), text);
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
