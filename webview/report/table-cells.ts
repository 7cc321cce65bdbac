import { element } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import { link } from '../shared/ui.ts';
import type { ReportPage } from './report-page.ts';

/** The head of column number `at`: the first names the table, under all others stand numbers. */
export function heading(name: string, at: number): HTMLElement {
  return element('th', { scope: 'col', class: at === 0 ? '' : 'number' }, name);
}

/** null = not known. */
export function number(value: number | null): HTMLElement {
  return element('td', { class: 'number' }, value === null ? '?' : count(value));
}

/** The head of a row: a table by its label, which opens its rows. The schema goes without saying where it is the run's own. */
export function tableHeading({ init, messenger }: ReportPage, label: string): HTMLElement {
  const prefix = `${init.report.target.schema}.`;
  const name = label.startsWith(prefix) ? label.slice(prefix.length) : label;
  return element(
    'th',
    { scope: 'row' },
    link(name, () => void messenger.call('openRows', { table: label }), { class: 'mono' }),
  );
}
