import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import { element, fill, type Child } from '../shared/dom.ts';
import { emptyState } from '../shared/empty-state.ts';
import { connectors } from './connectors.ts';
import type { MatchedLists } from './match-lists.ts';
import { neighbourList } from './neighbour-list.ts';

export interface ListActions {
  readonly walk: (key: readonly string[]) => void;
  readonly openRow: (key: readonly string[]) => void;
}

/** Both lists with the lines between them. One tab stop a list; the arrows move, and light the row wherever it is. */
export class ListsView {
  readonly root = element('div', { class: 'lists' });
  readonly #actions: ListActions;
  #boxes: readonly HTMLElement[] = [];

  constructor(actions: ListActions) {
    this.#actions = actions;
  }

  clear(...instead: readonly Child[]): void {
    this.#boxes = [];
    fill(this.root, ...instead);
  }

  draw(result: NeighboursResult, lists: MatchedLists): void {
    const focused = this.#boxes.findIndex((box) => box === document.activeElement);
    const parts = listParts(result, lists);
    this.#boxes = parts.boxes;
    this.root.classList.toggle('single', parts.boxes.length === 1);
    fill(this.root, ...parts.children);
    for (const box of parts.boxes) this.#wire(box);
    // Who walked by keys goes on by keys.
    if (focused >= 0) (parts.boxes[focused] ?? parts.boxes[0])?.focus();
  }

  #wire(box: HTMLElement): void {
    const own = (): string | null => active(box)?.dataset['key'] ?? null;
    box.addEventListener('keydown', (event) => this.#onKey(box, event));
    box.addEventListener('focus', () => (active(box) === null ? this.#move(box, 0) : this.#light(own())));
    box.addEventListener('mouseover', (event) => this.#light(rowAt(event)?.dataset['key'] ?? null));
    box.addEventListener('mouseleave', () => this.#light(document.activeElement === box ? own() : null));
    box.addEventListener('click', (event) => {
      const key = keyOf(rowAt(event));
      if (key !== null) this.#actions.walk(key);
    });
  }

  #onKey(box: HTMLElement, event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = active(box);
    const at = row === null ? -1 : [...box.children].indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: box.children.length - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    const key = keyOf(row);
    if (to !== undefined) this.#move(box, to);
    else if (event.key === 'Enter' && key !== null) this.#actions.walk(key);
    else if (event.key.toLowerCase() === 'o' && key !== null) this.#actions.openRow(key);
    else if (!this.#cross(box, at, event.key)) return;
    event.preventDefault();
  }

  /** Right and Left go to the other list: to the same row when it is there. */
  #cross(box: HTMLElement, at: number, pressed: string): boolean {
    const other = pressed === 'ArrowRight' ? this.#boxes[1] : pressed === 'ArrowLeft' ? this.#boxes[0] : undefined;
    if (other === undefined || other === box) return false;
    const key = active(box)?.dataset['key'];
    const same = [...other.children].findIndex((row) => row instanceof HTMLElement && row.dataset['key'] === key);
    other.focus();
    this.#move(other, same < 0 ? at : same);
    return true;
  }

  #move(box: HTMLElement, to: number): void {
    const row = box.children[Math.max(0, Math.min(to, box.children.length - 1))];
    if (!(row instanceof HTMLElement)) return;
    active(box)?.setAttribute('aria-selected', 'false');
    row.setAttribute('aria-selected', 'true');
    box.setAttribute('aria-activedescendant', row.id);
    row.scrollIntoView({ block: 'nearest' });
    this.#light(row.dataset['key'] ?? null);
  }

  #light(key: string | null): void {
    for (const row of this.root.querySelectorAll<HTMLElement | SVGElement>('[data-key]'))
      row.classList.toggle('lit', row.dataset['key'] === key);
    // What is lit lies above the others.
    const line = this.root.querySelector('.connectors .lit');
    line?.parentElement?.append(line);
  }
}

/** The row that the keys of a list are at. */
function active(box: HTMLElement): HTMLElement | null {
  return box.querySelector<HTMLElement>('[aria-selected="true"]');
}

function listParts(
  result: NeighboursResult,
  lists: MatchedLists,
): { readonly children: readonly Child[]; readonly boxes: readonly HTMLElement[] } {
  if (lists.exact.length === 0 && (lists.indexed ?? []).length === 0)
    return { children: [emptyState('search', 'No other row with a vector meets the condition.')], boxes: [] };
  const farthest = Math.max(0, ...[...lists.exact, ...(lists.indexed ?? [])].map((row) => Math.abs(row.neighbour.distance)));
  const exact = neighbourList({
    id: 'exact',
    label: 'Exact neighbours',
    heading: [element('h2', {}, 'Exact')],
    result,
    rows: lists.exact,
    farthest,
  });
  if (lists.indexed === null || result.indexed === null) return { children: [exact.root], boxes: [exact.listbox] };
  const { index, used, candidates } = result.indexed;
  const ranked = candidates === null ? '' : ` · ${candidates} candidates ranked exactly`;
  const note = used ? `${index.label} · ${index.opclass}${ranked}` : 'index not used';
  const heading = [element('h2', {}, used ? 'Index' : 'This query'), element('span', { class: 'secondary' }, note)];
  const label = used ? 'Neighbours that the index finds' : 'Neighbours of the query as it was planned';
  const indexed = neighbourList({ id: 'indexed', label, heading, result, rows: lists.indexed, farthest });
  const middle = element('div', { class: 'list-middle' });
  middle.append(connectors(lists));
  return { children: [exact.root, middle, indexed.root], boxes: [exact.listbox, indexed.listbox] };
}

function rowAt(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>('.neighbour') : null;
}

function keyOf(row: HTMLElement | null): readonly string[] | null {
  const text = row?.dataset['key'];
  return text === undefined ? null : (JSON.parse(text) as readonly string[]);
}
