import { element, icon } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import { link } from '../shared/ui.ts';
import type { ReportPage } from './report-page.ts';

/** What is left to do until the switch, and which run this was. */
export function aside(page: ReportPage): HTMLElement {
  return element('aside', { class: 'report-aside', 'aria-label': 'Cut-over and run' }, cutOver(page), facts(page));
}

interface Step {
  readonly title: string;
  readonly detail: string;
  readonly done: boolean;
}

function cutOver({ init }: ReportPage): HTMLElement | null {
  const { status, verification, finishedAt } = init.report;
  if (status === 'rolled-back') return null;
  const migrated = status === 'done' || status === 'partial';
  const steps: readonly Step[] = [
    { title: 'Migrate', detail: migrated ? shortTime(finishedAt) : `The run is ${status}.`, done: migrated },
    { title: 'Verify every cell', detail: verification.status, done: verification.status === 'match' },
    { title: 'Freeze writers', detail: 'Stop whatever writes to the source.', done: false },
    { title: 'Verify again', detail: 'With the writers stopped it must say match. A source that changed is told.', done: false },
    { title: 'Switch the application', detail: 'Put the new address into its environment, with a role of its own.', done: false },
    { title: 'Keep the source', detail: 'Read-only, for as long as Roll Back may be needed.', done: false },
  ];
  return element(
    'section',
    {},
    element(
      'h2',
      {},
      'Cut-over',
      element('span', { class: 'aside-note' }, `${steps.filter(({ done }) => done).length} of ${steps.length}`),
    ),
    element('ol', { class: 'steps' }, ...steps.map(step)),
  );
}

function step({ title, detail, done }: Step): HTMLElement {
  return element(
    'li',
    { class: done ? 'done' : '' },
    icon(done ? 'pass-filled' : 'circle-large', { class: done ? 'proof' : 'secondary' }),
    element(
      'div',
      {},
      element('p', {}, title, element('span', { class: 'visually-hidden' }, done ? ' (done)' : ' (to do)')),
      element('p', { class: 'secondary small' }, detail),
    ),
  );
}

function facts({ init, messenger }: ReportPage): HTMLElement {
  const { report } = init;
  const { target } = report;
  const rows: readonly (readonly [string, HTMLElement | string])[] = [
    ['id', report.runId],
    ['status', report.status],
    ['started', shortTime(report.startedAt)],
    ['finished', report.finishedAt === null ? 'not finished' : shortTime(report.finishedAt)],
    ['plan', link(report.name, () => void messenger.call('openPlan', {}))],
    ['plan hash', report.planHash.slice(0, 16)],
    ...report.sources.map((source): readonly [string, string] => [
      'source',
      `${source.kind} ${source.location.split(/[\\/]/).at(-1) ?? ''}`,
    ]),
    ['target', `PostgreSQL ${target.serverVersion}${target.vectorVersion === null ? '' : ` · pgvector ${target.vectorVersion}`}`],
    ...(report.peakRssMb === null ? [] : [['memory', `${count(report.peakRssMb)} MB at peak`] as const]),
    ['Sluice', report.engineVersion],
  ];
  return element(
    'section',
    {},
    element('h2', {}, 'Run'),
    element(
      'dl',
      { class: 'facts' },
      ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', { class: 'mono' }, value)]),
    ),
  );
}

/** "12 Mar 2026, 14:02". */
function shortTime(iso: string | null): string {
  if (iso === null) return '';
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(
    new Date(iso),
  );
}
