import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import { element, fill } from '../shared/dom.ts';
import { nullMark } from '../shared/cells.ts';
import { sparkline } from '../shared/sparkline.ts';
import { rowWords } from '../shared/payload.ts';
import { plural } from '../shared/quantities.ts';

/** Facts of the row that fit into the column; all of them are in the row itself. */
const shownFacts = 6;

/** The row that is searched from, in words, and its vector as a line. */
export function drawQueryCard(target: HTMLElement, result: NeighboursResult): void {
  const { row, key, vector, norm } = result.query;
  const words = row === null ? null : rowWords(result.columns, row, key ?? []);
  // The key stands in the field above.
  const facts = (words?.facts ?? [])
    .filter(({ isKey }) => !isKey)
    .slice(0, shownFacts)
    .flatMap(({ name, value }) => [
      element('dt', { class: 'secondary' }, name),
      element('dd', { class: 'mono', title: value }, value ?? nullMark()),
    ]);
  fill(
    target,
    words === null ? null : element('h2', {}, words.title),
    words?.body === null || words === null ? null : element('p', { class: 'secondary' }, words.body),
    facts.length === 0 ? null : element('dl', {}, ...facts),
    vectorBox(result.column, vector, norm),
  );
}

function vectorBox(column: string, vector: Float32Array, norm: number): HTMLElement {
  const line = element('div', { class: 'query-line' });
  line.append(sparkline(vector, 266, 36));
  return element(
    'div',
    { class: 'query-vector' },
    line,
    element(
      'div',
      { class: 'query-vector-facts secondary' },
      element('span', {}, `${column} · ${plural(vector.length, 'dimension')}`),
      element('span', {}, `norm ${norm.toPrecision(5)}`),
    ),
  );
}
