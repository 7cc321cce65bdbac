import type { EmbeddingResult } from '../../core/index.ts';
import { formatCount, formatNumber, formatSeconds } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderFollowUps } from './render-follow-ups.ts';

/** Refused rows that people see; --json has a hundred. */
const shown = 10;

export function renderEmbedding(result: EmbeddingResult, again: readonly FollowUp[]): string {
  const { dimensions, requests, retries, tokens } = result;
  const asked = [
    formatNumber(requests, 'request'),
    ...(retries === 0 ? [] : [`${formatCount(retries)} of them again`]),
    ...(tokens === null ? [] : [formatNumber(tokens, 'token')]),
  ];
  const left = result.refused + result.changed;
  return [
    `${visibleControls(result.table)}, column ${visibleControls(result.column)}: ${formatNumber(result.embedded, 'embedding')} of ${formatNumber(result.missing, 'row')} without one, in ${formatSeconds(result.seconds)}`,
    ...(requests === 0
      ? []
      : [`model ${visibleControls(result.model)}, ${formatNumber(dimensions ?? 0, 'dimension')}; ${asked.join(', ')}`]),
    ...(result.empty === 0 ? [] : [`${formatNumber(result.empty, 'row')} without a text left as they are`]),
    ...(result.changed === 0 ? [] : [`${formatNumber(result.changed, 'row')} changed by others meanwhile and left as they are`]),
    ...refusals(result),
    ...(left === 0 ? [] : ['', renderFollowUps(again).trimEnd()]),
    '',
  ].join('\n');
}

function refusals({ refused, refusals: rows }: EmbeddingResult): readonly string[] {
  if (refused === 0) return [];
  const more = refused - Math.min(shown, rows.length);
  return [
    `${formatNumber(refused, 'row')} refused by the endpoint:`,
    ...rows.slice(0, shown).map(({ key, message }) => `  ${visibleControls(key.join(', '))}: ${visibleControls(message)}`),
    ...(more > 0 ? [`  … and ${formatCount(more)} more`] : []),
  ];
}
