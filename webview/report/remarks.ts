import { element, icon, type Child } from '../shared/dom.ts';
import { count, plural } from '../shared/quantities.ts';
import { button, link } from '../shared/ui.ts';
import type { ReportPage } from './report-page.ts';

/** Everything that a person should know besides the numbers: what ended the run, warnings, losses, rejects, orphans, and what was created. */
export function remarks(page: ReportPage): HTMLElement {
  return element(
    'div',
    { class: 'remarks' },
    element('div', {}, failure(page), constraints(page), warnings(page), losses(page), rejects(page), orphans(page)),
    element('div', {}, created(page)),
  );
}

function failure({ init }: ReportPage): HTMLElement | null {
  const { error } = init.report;
  if (error === null) return null;
  return section('What ended it', '', [line('error', 'failure', error.message, error.remedy, null)]);
}

function constraints({ init }: ReportPage): HTMLElement | null {
  const found = init.report.verification.tables.flatMap((table) =>
    table.constraints.filter(({ status }) => status === 'mismatch').map((one) => ({ ...one, table: table.table })),
  );
  if (found.length === 0) return null;
  return section(
    'Constraints',
    count(found.length),
    found.map((one) => line('error', 'failure', `${one.name} on ${one.table}`, one.message, null)),
  );
}

function warnings({ init, messenger }: ReportPage): HTMLElement {
  const { warnings: list } = init.report;
  return section(
    'Warnings',
    list.length === 0 ? 'none' : count(list.length),
    list.map((warning) => {
      const { table } = warning;
      const open =
        table === undefined ? null : link('Rows', () => void messenger.call('openRows', { table }), { 'aria-label': `Rows of ${table}` });
      return line('warning', 'warning', warning.message, table ?? '', open);
    }),
  );
}

function losses({ init, messenger }: ReportPage): HTMLElement {
  const list = init.report.losses;
  return section(
    'Losses',
    list.length === 0 ? 'none' : 'accepted in the plan',
    list.map((loss) =>
      line(
        'info',
        'information',
        `${loss.column} ${loss.loss}`,
        `${loss.message}${loss.values === null ? '' : ` (${plural(loss.values, 'value')} in ${loss.table})`}`,
        link('Plan', () => void messenger.call('openPlan', {}), { 'aria-label': `Plan: ${loss.column}` }),
      ),
    ),
  );
}

function rejects({ init }: ReportPage): HTMLElement {
  const { total, shown } = init.report.rejects;
  const more = total > shown.length ? `the first ${count(shown.length)} of ${count(total)}` : count(total);
  return section(
    'Rejects',
    total === 0 ? 'none' : more,
    shown.map((reject) =>
      line(
        'circle-slash',
        'warning',
        `${reject.table}${reject.column === null ? '' : `.${reject.column}`}: ${reject.message}`,
        `${reject.provenance}${valueText(reject.value)}`,
        null,
      ),
    ),
  );
}

/** Rows that are in the target, unlike rejects. */
function orphans({ init }: ReportPage): HTMLElement | null {
  const lists = init.report.orphans;
  if (lists.length === 0) return null;
  const total = lists.reduce((sum, list) => sum + list.total, 0);
  const shown = lists.reduce((sum, list) => sum + list.rows.length, 0);
  return section(
    'Loaded without a parent',
    total > shown ? `${count(shown)} of ${count(total)}` : count(total),
    lists.flatMap((list) =>
      list.rows.map((row) =>
        line(
          'references',
          'warning',
          `${list.table}.${list.columns.join(', ')}: no such row in ${list.references}`,
          `${row.provenance ?? 'not in the source'}${valueText(row.values?.join(', ') ?? null)}`,
          null,
        ),
      ),
    ),
  );
}

/** The beginning of a value; nothing where the run kept none. */
function valueText(value: string | null): string {
  if (value === null) return '';
  return ` · ${value === '' ? 'empty text' : value.length > 160 ? `${value.slice(0, 160)}…` : value}`;
}

function created({ init, messenger }: ReportPage): HTMLElement {
  const { createdObjects, statements } = init.report;
  const kinds = new Map<string, number>();
  for (const { kind } of createdObjects) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const script = statements.map(({ sql }) => `${sql.replace(/;?\s*$/, '')};`).join('\n\n');
  return section('Created', plural(createdObjects.length, 'object'), [
    element(
      'dl',
      { class: 'facts' },
      ...[...kinds].flatMap(([kind, number]) => [
        element('dt', {}, kind.replaceAll('-', ' ')),
        element('dd', { class: 'number' }, count(number)),
      ]),
    ),
    element(
      'div',
      { class: 'remark-actions' },
      button(`Open SQL (${plural(statements.length, 'statement')})`, {
        icon: 'file-code',
        onClick: () => void messenger.call('openText', { text: script, language: 'sql', title: `${init.report.name}: SQL that ran` }),
      }),
    ),
  ]);
}

function section(title: string, note: string, children: readonly Child[]): HTMLElement {
  return element('section', {}, element('h2', {}, title, element('span', { class: 'aside-note' }, note)), ...children);
}

function line(symbol: string, tone: string, text: string, detail: string, action: HTMLElement | null): HTMLElement {
  return element(
    'div',
    { class: 'remark' },
    icon(symbol, { class: tone }),
    element(
      'div',
      { class: 'remark-text' },
      element('p', {}, text),
      detail === '' ? null : element('p', { class: 'secondary small' }, detail),
    ),
    action,
  );
}
