import type { EngineEvent } from '../core/engine-deps.ts';
import type { EmbeddingResult } from '../core/index.ts';
import { visibleControls } from '../core/report/visible-controls.ts';
import { formatCount, formatSeconds, formatSecondsLeft } from '../views/format-quantity.ts';
import type { Translate } from '../views/tree-item-spec.ts';

/** What is about to be sent where. */
export interface BackfillOffer {
  /** `schema.table`. */
  readonly table: string;
  readonly column: string;
  readonly from: readonly string[];
  readonly missing: number;
  readonly embedded: number;
  readonly address: string;
  readonly model: string;
  readonly withKey: boolean;
  /** Texts and key leave this machine unencrypted. */
  readonly exposed: boolean;
}

/** Question and explanation before the first text is sent. */
export function backfillQuestion(offer: BackfillOffer, t: Translate): { readonly question: string; readonly detail: string } {
  const { host } = new URL(offer.address);
  const question =
    offer.missing === 1
      ? t('Send the text of 1 row to {0}?', host)
      : t('Send the texts of {0} rows to {1}?', formatCount(offer.missing), host);
  const sentences = [
    t(
      'Columns {0} of {1}, where {2} is NULL, go to {3} for model {4}{5}.',
      offer.from.map((name) => visibleControls(name)).join(', '),
      visibleControls(offer.table),
      visibleControls(offer.column),
      offer.address,
      visibleControls(offer.model),
      offer.withKey ? t(', with the key that is kept for it') : t(', without a key'),
    ),
    ...(offer.exposed ? [t('Nothing encrypts them on the way: whoever is between can read them.')] : []),
    offer.embedded === 0
      ? t('No row has a vector yet.')
      : offer.embedded === 1
        ? t('The one row that has a vector stays as it is.')
        : t('The {0} rows that have a vector stay as they are.', formatCount(offer.embedded)),
    t('It can be cancelled; what is computed by then is kept, and the same command does the rest.'),
  ];
  return { question, detail: sentences.join('\n\n') };
}

/** "1,234 of 5,000 rows · 120 rows/s · 31 s left"; null when the notification stays as it is. */
export function backfillLine(event: EngineEvent, t: Translate): string | null {
  if (event.type !== 'progress') return null;
  const rows =
    event.totalRows === null
      ? t('{0} rows', formatCount(event.rows))
      : t('{0} of {1} rows', formatCount(event.rows), formatCount(event.totalRows));
  const rate = event.rate > 0 ? [t('{0} rows/s', formatCount(event.rate))] : [];
  const left = event.secondsLeft === null ? [] : [t('{0} left', formatSecondsLeft(event.secondsLeft))];
  return [rows, ...rate, ...left].join(' · ');
}

/** How it ended: counts that add up to the rows without a vector at the beginning. */
export function backfillEnd(result: EmbeddingResult, t: Translate): { readonly level: 'info' | 'warning'; readonly text: string } {
  const { embedded, empty, refused, changed } = result;
  const counts = [
    embedded === 1 ? t('1 embedded') : t('{0} embedded', formatCount(embedded)),
    ...(empty === 0 ? [] : [t('{0} empty', formatCount(empty))]),
    ...(refused === 0 ? [] : [t('{0} refused', formatCount(refused))]),
    ...(changed === 0 ? [] : [t('{0} changed by others meanwhile', formatCount(changed))]),
  ];
  const place = `${visibleControls(result.table)}.${visibleControls(result.column)}`;
  const text = t('{0}: {1}, in {2}.', place, counts.join(', '), formatSeconds(result.seconds));
  return { level: refused + changed > 0 ? 'warning' : 'info', text };
}

/** What is said after a cancellation; `rows`: null when nobody knows. */
export function backfillCancelled(rows: number | null, t: Translate): string {
  const kept =
    rows === null
      ? t('What was computed is kept.')
      : rows === 1
        ? t('1 embedding is kept.')
        : t('{0} embeddings are kept.', formatCount(rows));
  return t('Cancelled. {0} Backfill Embeddings does the rest.', kept);
}

/** The refused rows, for a text document. */
export function refusalList({ table, refused, refusals }: EmbeddingResult, t: Translate): string {
  const more = refused - refusals.length;
  return [
    t('Rows of {0} that the endpoint does not take: key, and why', visibleControls(table)),
    '',
    ...refusals.map(({ key, message }) => `${visibleControls(key.join(', '))}: ${visibleControls(message)}`),
    ...(more > 0 ? [t('… and {0} more', formatCount(more))] : []),
    '',
  ].join('\n');
}
