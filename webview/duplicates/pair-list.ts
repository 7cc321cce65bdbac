import type { DuplicatePair, DuplicatesResult } from '../../src/core/model/duplicates.ts';
import { element, fill, type Child } from '../shared/dom.ts';
import { similarityText } from '../shared/figures.ts';
import { factLine } from '../shared/payload.ts';
import { count, plural } from '../shared/quantities.ts';
import { groupPairs } from './group-pairs.ts';
import type { PairRows } from './pair-rows.ts';

type Key = readonly string[];

/** What is marked: a row, and the one that it stands beside. */
export interface Marked {
  readonly a: Key;
  readonly b: Key;
  /** Of the pair; null for rows of a group that are no pair of the list. */
  readonly similarity: number | null;
  /** The one of both that Enter is about. */
  readonly side: 'a' | 'b';
}

export interface PairListActions {
  readonly mark: (marked: Marked) => void;
  readonly openNeighbours: (key: Key) => void;
  readonly openRows: (keys: readonly Key[]) => void;
}

interface Entry {
  readonly option: HTMLElement;
  readonly a: Key;
  readonly b: Key;
  readonly similarity: number | null;
}

/** Rows that Page Down moves by. */
const page = 10;

/** Pairs, or groups of rows: one tab stop, up and down move, left and right choose a row of the pair. */
export class PairList {
  readonly root = element('div', { class: 'pair-list-place' });
  readonly #actions: PairListActions;
  #box: HTMLElement | null = null;
  #entries: readonly Entry[] = [];
  #at = -1;
  #side: 'a' | 'b' = 'a';

  constructor(actions: PairListActions) {
    this.#actions = actions;
  }

  clear(...instead: readonly Child[]): void {
    this.#box = null;
    this.#entries = [];
    this.#at = -1;
    fill(this.root, ...instead);
  }

  draw(result: DuplicatesResult, rows: PairRows, grouped: boolean): void {
    const hadFocus = this.#box !== null && this.#box === document.activeElement;
    const { children, entries } = grouped ? groupOptions(result.pairs, rows) : pairOptions(result.pairs, rows);
    const label = grouped ? 'Groups of near-duplicate rows' : 'Pairs of near-duplicate rows';
    this.#box = element(
      'div',
      { class: grouped ? 'pair-list grouped' : 'pair-list', role: 'listbox', tabindex: 0, 'aria-label': label },
      ...children,
    );
    this.#entries = entries;
    this.#side = 'a';
    this.#wire(this.#box);
    fill(this.root, this.#box);
    this.#move(0);
    if (hadFocus) this.#box.focus();
  }

  #wire(box: HTMLElement): void {
    box.addEventListener('keydown', (event) => this.#onKey(event));
    box.addEventListener('click', (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const at = this.#entries.findIndex(({ option }) => option === target?.closest('[role="option"]'));
      if (at < 0) return;
      this.#side = target?.closest('[data-side="b"]') === null ? 'a' : 'b';
      this.#move(at);
    });
    box.addEventListener('dblclick', () => this.#walk());
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.#at;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.#entries.length - 1, PageDown: at + page, PageUp: at - page }[
      event.key
    ];
    const side = { ArrowLeft: 'a', ArrowRight: 'b' }[event.key] as 'a' | 'b' | undefined;
    if (to !== undefined) this.#move(to);
    else if (side !== undefined) {
      this.#side = side;
      this.#move(at);
    } else if (event.key === 'Enter') this.#walk();
    else if (event.key.toLowerCase() === 'o') this.#open();
    else return;
    event.preventDefault();
  }

  #walk(): void {
    const entry = this.#entries[this.#at];
    if (entry !== undefined) this.#actions.openNeighbours(entry[this.#side]);
  }

  #open(): void {
    const entry = this.#entries[this.#at];
    if (entry !== undefined) this.#actions.openRows([entry.a, entry.b]);
  }

  #move(wanted: number): void {
    const at = Math.max(0, Math.min(wanted, this.#entries.length - 1));
    const entry = this.#entries[at];
    if (entry === undefined) return;
    this.#entries[this.#at]?.option.setAttribute('aria-selected', 'false');
    this.#at = at;
    entry.option.setAttribute('aria-selected', 'true');
    entry.option.dataset['side'] = this.#side;
    this.#box?.setAttribute('aria-activedescendant', entry.option.id);
    entry.option.scrollIntoView({ block: 'nearest' });
    const { a, b, similarity } = entry;
    this.#actions.mark({ a, b, similarity, side: this.#side });
  }
}

interface Options {
  readonly children: readonly HTMLElement[];
  readonly entries: readonly Entry[];
}

function pairOptions(pairs: readonly DuplicatePair[], rows: PairRows): Options {
  const entries = pairs.map(({ a, b, similarity }, i): Entry => {
    const option = element(
      'div',
      { id: `pair-${i}`, class: 'pair', role: 'option', 'aria-selected': 'false' },
      element('span', { class: 'rank' }, count(i + 1)),
      side(rows, a, 'a'),
      element('span', { class: 'alike secondary', 'aria-hidden': 'true' }, '≈'),
      side(rows, b, 'b'),
      element('span', { class: 'visually-hidden' }, ', similarity '),
      element('span', { class: 'similarity' }, similarityText(similarity)),
    );
    return { option, a, b, similarity };
  });
  return { children: entries.map(({ option }) => option), entries };
}

function side(rows: PairRows, key: Key, name: 'a' | 'b'): HTMLElement {
  const words = rows.words(key);
  const facts = factLine(words, 3);
  return element(
    'div',
    { class: 'pair-side', 'data-side': name },
    element('div', { class: 'pair-title', title: words.title }, words.title),
    facts === '' ? null : element('div', { class: 'pair-facts secondary' }, facts),
  );
}

/** Each row of a group stands beside the first one of it. */
function groupOptions(pairs: readonly DuplicatePair[], rows: PairRows): Options {
  const known = new Map(
    pairs.flatMap(({ a, b, similarity }) => [[JSON.stringify([a, b]), similarity] as const, [JSON.stringify([b, a]), similarity] as const]),
  );
  const entries: Entry[] = [];
  const children = groupPairs(pairs).map(({ keys, least, most }, at) => {
    const range = least === most ? similarityText(most) : `${similarityText(least)} to ${similarityText(most)}`;
    const label = `${plural(keys.length, 'row')}, similarity ${range}`;
    const options = keys.map((key, i) => {
      const other = keys[i === 0 ? 1 : 0] ?? key;
      const words = rows.words(key);
      const option = element(
        'div',
        { id: `group-${at}-${i}`, class: 'grouped-row', role: 'option', 'aria-selected': 'false' },
        element('span', { class: 'pair-title' }, words.title),
        element('span', { class: 'pair-facts secondary' }, factLine(words)),
      );
      entries.push({ option, a: key, b: other, similarity: known.get(JSON.stringify([key, other])) ?? null });
      return option;
    });
    const heading = element(
      'div',
      { class: 'group-heading', 'aria-hidden': 'true' },
      `Group ${count(at + 1)}`,
      element('span', { class: 'secondary' }, label),
    );
    return element('div', { class: 'group', role: 'group', 'aria-label': `Group ${count(at + 1)}: ${label}` }, heading, ...options);
  });
  return { children, entries };
}
