import { element } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import type { ReportPage } from './report-page.ts';
import { heading, number, tableHeading } from './table-cells.ts';

/** What became of the rows of tables that were in the target before the run; null where there were none. */
export function existingSection(page: ReportPage): HTMLElement | null {
  const synced = page.init.report.tables.some(({ existing }) => existing?.unchanged !== undefined);
  const titles = ['table', 'mode', 'inserted', 'updated', 'deleted', 'left alone', ...(synced ? ['unchanged', 'gone from source'] : [])];
  const rows = page.init.report.tables.flatMap(({ to, existing }) => {
    if (existing === undefined) return [];
    const { mode, inserted, updated, deleted, leftAlone, unchanged = null, gone = null } = existing;
    return [
      element(
        'tr',
        {},
        tableHeading(page, to),
        element('td', { class: 'number' }, mode),
        ...[inserted, updated, deleted, leftAlone, ...(synced ? [unchanged, gone] : [])].map(number),
      ),
    ];
  });
  if (rows.length === 0) return null;
  return element(
    'section',
    {},
    element('h2', {}, 'Tables that were there', element('span', { class: 'aside-note' }, count(rows.length))),
    element(
      'table',
      { class: 'report-table' },
      element('thead', {}, element('tr', {}, ...titles.map(heading))),
      element('tbody', {}, ...rows),
    ),
    element('p', { class: 'secondary small' }, 'The run neither made nor altered these tables. All others it made.'),
  );
}
