import type { RunReport } from '../../src/core/index.ts';
import { isTableMatch } from '../../src/core/model/is-table-match.ts';
import { element, icon } from '../shared/dom.ts';
import { count, plural, seconds } from '../shared/quantities.ts';
import { link } from '../shared/ui.ts';
import type { ReportPage } from './report-page.ts';
import { heading, number, tableHeading } from './table-cells.ts';

type Outcome = RunReport['tables'][number];

/** One line per table: what was read, loaded, rejected, how fast, and whether it was proved. */
export function tablesSection(page: ReportPage): HTMLElement {
  const { report } = page.init;
  const files = report.sources.map(({ location }) => location.split(/[\\/]/).at(-1)).join(', ');
  const fastest = Math.max(1, ...report.tables.map(rateOf));
  return element(
    'section',
    {},
    element('h2', {}, 'Tables', element('span', { class: 'aside-note' }, `${files} → ${report.target.label} · ${report.target.schema}`)),
    report.tables.length === 0
      ? element('p', { class: 'secondary' }, 'No table was loaded.')
      : element(
          'table',
          { class: 'report-table' },
          element(
            'thead',
            {},
            element(
              'tr',
              {},
              ...['table', 'source rows', 'loaded', 'rejected', 'rows/s'].map(heading),
              element('td', { class: 'rate' }),
              ...['seconds', 'verified'].map((name) => heading(name, 1)),
            ),
          ),
          element('tbody', {}, ...worstFirst(report).map((table) => row(page, table, fastest))),
          element('tfoot', {}, totals(report)),
        ),
  );
}

/** Of two hundred tables the one that differs must not have to be looked for; the others keep the plan's order. */
function worstFirst({ tables, verification }: RunReport): readonly Outcome[] {
  const wrong = new Set(verification.tables.filter((table) => !isTableMatch(table)).map(({ table }) => table));
  const rank = (table: Outcome): number => (wrong.has(table.to) ? 0 : table.rowsRejected > 0 ? 1 : 2);
  return tables.toSorted((a, b) => rank(a) - rank(b));
}

function row(page: ReportPage, table: Outcome, fastest: number): HTMLElement {
  const { init, messenger } = page;
  const rate = rateOf(table);
  return element(
    'tr',
    {},
    tableHeading(page, table.to),
    number(table.rowsRead),
    number(table.rowsWritten),
    element('td', { class: table.rowsRejected === 0 ? 'number zero' : 'number warning' }, count(table.rowsRejected)),
    number(rate),
    element(
      'td',
      { class: 'rate', 'aria-hidden': 'true' },
      element('span', { class: 'rate-bar', style: { width: `${(rate / fastest) * 100}%` } }),
    ),
    element('td', { class: 'number' }, seconds(table.seconds)),
    verified(init.report, table, () => void messenger.call('openRowDiff', { table: table.to })),
  );
}

function totals(report: RunReport): HTMLElement {
  const sum = (field: 'rowsRead' | 'rowsWritten' | 'rowsRejected'): number =>
    report.tables.reduce((total, table) => total + table[field], 0);
  const time = report.seconds?.data ?? 0;
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, plural(report.tables.length, 'table')),
    number(sum('rowsRead')),
    number(sum('rowsWritten')),
    number(sum('rowsRejected')),
    element('td', { class: 'number' }, time > 0 ? count(sum('rowsWritten') / time) : ''),
    element('td', { class: 'rate' }),
    element('td', { class: 'number' }, time > 0 ? seconds(time) : ''),
    element('td', { class: 'number' }, report.verification.status === 'skipped' ? 'not verified' : report.verification.status),
  );
}

function verified(report: RunReport, table: Outcome, compare: () => void): HTMLElement {
  const found = report.verification.tables.find((one) => one.table === table.to);
  if (found === undefined) return element('td', { class: 'number secondary' }, 'not verified');
  if (isTableMatch(found)) return element('td', { class: 'number' }, icon('check', { class: 'proof' }), ' match');
  return element(
    'td',
    { class: 'number' },
    icon('error', { class: 'failure' }),
    ' ',
    link('differs', compare, { 'aria-label': `${table.to} differs: compare rows` }),
  );
}

function rateOf(table: Outcome): number {
  return table.seconds > 0 ? table.rowsWritten / table.seconds : 0;
}
