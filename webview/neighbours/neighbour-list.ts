import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import { element, type Child } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import { distanceText, similarityText } from '../shared/figures.ts';
import { keyText, type MatchedRow } from './match-lists.ts';
import { factLine, rowWords } from '../shared/payload.ts';

export interface ListOptions {
  /** Prefix of the ids of its rows. */
  readonly id: 'exact' | 'indexed';
  readonly label: string;
  readonly heading: readonly Child[];
  readonly result: NeighboursResult;
  readonly rows: readonly MatchedRow[];
  /** Largest distance of both lists: bars start at zero and share one scale. */
  readonly farthest: number;
}

/** A list with its heading. `listbox` holds the rows, in order. */
export function neighbourList(options: ListOptions): { readonly root: HTMLElement; readonly listbox: HTMLElement } {
  const heading = element(
    'div',
    { class: 'list-heading' },
    ...options.heading,
    element(
      'span',
      { class: 'list-units secondary', 'aria-hidden': 'true' },
      element('span', {}, options.result.metric === 'ip' ? 'product' : 'distance'),
      element('span', {}, 'similarity'),
    ),
  );
  const rows = options.rows.map((row, i) => item(row, i, options));
  const listbox = element(
    'div',
    { class: 'neighbour-list', role: 'listbox', tabindex: rows.length > 0 ? 0 : null, 'aria-label': options.label },
    ...rows,
  );
  return { root: element('section', { class: `list ${options.id}` }, heading, listbox), listbox };
}

function item(row: MatchedRow, at: number, { id, result, farthest }: ListOptions): HTMLElement {
  const { neighbour, rank, match } = row;
  const words = rowWords(result.columns, neighbour.row, neighbour.key);
  const facts = factLine(words);
  const tag = tagOf(row, id);
  const note =
    match === 'found' && row.otherRank !== null && row.otherRank !== rank
      ? element('span', { class: 'rank-note' }, shiftNote(row, id))
      : null;
  const attributes = {
    id: `${id}-${at}`,
    class: `neighbour ${match}`,
    role: 'option',
    'aria-selected': 'false',
    'data-key': keyText(neighbour.key),
  };
  return element(
    'div',
    attributes,
    element('span', { class: 'rank' }, rank),
    element(
      'div',
      { class: 'neighbour-words' },
      element('div', { class: 'neighbour-title', title: words.title }, words.title),
      element(
        'div',
        { class: 'neighbour-facts secondary' },
        element('span', {}, facts),
        facts !== '' && tag !== null ? '\u00a0·\u00a0' : null,
        tag,
        note,
      ),
    ),
    figures(neighbour, farthest),
  );
}

function figures(neighbour: MatchedRow['neighbour'], farthest: number): HTMLElement {
  const share = farthest > 0 ? Math.min(1, Math.abs(neighbour.distance) / farthest) : 0;
  return element(
    'div',
    { class: 'figures' },
    element('span', { class: 'visually-hidden' }, 'distance '),
    element('span', { class: 'secondary' }, distanceText(neighbour.distance)),
    element('span', { class: 'visually-hidden' }, ', similarity '),
    element('span', {}, similarityText(neighbour.similarity)),
    element(
      'span',
      { class: 'bar', 'aria-hidden': 'true' },
      element('span', { class: 'bar-fill', style: { width: `${(share * 100).toFixed(1)}%` } }),
    ),
  );
}

function tagOf(row: MatchedRow, id: ListOptions['id']): HTMLElement | null {
  const text = tagText(row, id);
  return text === null ? null : element('span', { class: `tag ${row.match}` }, text);
}

function tagText({ match, neighbour }: MatchedRow, id: ListOptions['id']): string | null {
  if (match === 'found') return null;
  if (match === 'tied') return 'as near as the last';
  if (id === 'exact') return 'not found by the index';
  return neighbour.exactRank === null ? 'exact rank beyond 10,000' : `exact rank ${count(neighbour.exactRank)}`;
}

/** For narrow panels, which have no connectors: exact rank → rank by the index. */
function shiftNote({ rank, otherRank }: MatchedRow, id: ListOptions['id']): string {
  return id === 'exact' ? ` ${rank} → ${otherRank}` : ` ${otherRank} → ${rank}`;
}
