import type { OrphanList, Reject, RejectsResult, RetryResult } from '../../core/index.ts';
import { formatBytes, formatCount, formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderFollowUps } from './render-follow-ups.ts';
import { renderVerification } from './render-verification.ts';
import { textTable } from './text-table.ts';

/** Rejects that are shown to people; --json has all of them. */
export const shownRejects = 1_000;
/** Bytes of an original that are read to be shown. */
export const shownBytes = 240;
const shownCharacters = 60;

export function renderRejects(result: RejectsResult, followUps: readonly FollowUp[]): string {
  const total = result.tables.reduce((sum, { rejects }) => sum + rejects, 0);
  const retried = result.tables.reduce((sum, table) => sum + table.retried, 0);
  const more = total - result.rejects.length;
  return [
    `run ${result.runId} (${result.status}): ${total === 0 ? 'no row is rejected' : `${formatNumber(total, 'row')} rejected`}`,
    ...(retried === 0 ? [] : [`${formatNumber(retried, 'row')} went in by a retry`]),
    ...groups(result.rejects),
    ...(more > 0 ? ['', `… and ${formatNumber(more, 'row')} more; --json lists them all`] : []),
    ...orphanGroups(result.orphans),
    '',
    renderFollowUps(followUps),
  ].join('\n');
}

export function renderRetry({ runId, status, retried, rejects, result }: RetryResult, followUps: readonly FollowUp[]): string {
  const more = result.rejects - rejects.length;
  return [
    `run ${runId} is ${status}: ${formatNumber(retried, 'row')} went in, ${formatNumber(result.rejects, 'row')} rejected`,
    '',
    ...renderVerification(result.verification),
    ...groups(rejects),
    ...(more > 0 ? ['', `… and ${formatNumber(more, 'row')} more; --json lists them all`] : []),
    ...orphanGroups(result.orphans ?? []),
    '',
    renderFollowUps(followUps),
  ].join('\n');
}

/** By table and column, in the order they were first met. */
function groups(rejects: readonly Reject[]): string[] {
  const found = Map.groupBy(rejects, ({ table, column }) => (column === null ? `${table}, whole rows` : `${table}, column ${column}`));
  return [...found].flatMap(([title, members]) => [
    '',
    `${visibleControls(title)}: ${formatNumber(members.length, 'row')}`,
    ...textTable(
      [{ title: 'where' }, { title: 'reason' }, { title: 'original' }],
      members.map((reject) => [reject.provenance, `${reject.code}: ${reject.message}`, originalText(reject)]),
    ),
  ]);
}

/** By foreign key. These rows are in the target. */
function orphanGroups(lists: readonly OrphanList[]): string[] {
  return lists.flatMap((list) => {
    const path = `${list.constraint} (${list.columns.join(', ')}) → ${list.references} (${list.referencesColumns.join(', ')})`;
    const more = list.total - list.rows.length;
    return [
      '',
      `${visibleControls(`${list.table}, loaded without a parent by ${path}`)}: ${formatNumber(list.total, 'row')}`,
      ...textTable(
        [{ title: 'where' }, { title: 'key' }, { title: 'refers to' }],
        list.rows.map(({ provenance, key, values }) => [provenance ?? '-', textsOf(key), textsOf(values)]),
      ),
      ...(more > 0 ? [`… and ${formatCount(more)} more, which are counted and not listed`] : []),
    ];
  });
}

function textsOf(texts: readonly string[] | null): string {
  return texts === null || texts.length === 0 ? '-' : originalText({ value: texts.join(', ') });
}

/** On one line; a long one is cut and says how long it is. */
function originalText({ value, valueBytes }: Pick<Reject, 'value' | 'valueBytes'>): string {
  if (value === null) return '-';
  const visible = visibleControls(value);
  const characters = [...visible];
  if (valueBytes === undefined && characters.length <= shownCharacters) return visible;
  const bytes = valueBytes ?? (value.startsWith('\\x') ? (value.length - 2) / 2 : Buffer.byteLength(value));
  return `${characters.slice(0, shownCharacters).join('')}… (${formatBytes(bytes)})`;
}
