import type { NeighboursPanelEmbedding, NeighboursPanelInit, NeighboursSearch } from '../../src/protocol/neighbours-panel.ts';
import { element, fill } from '../shared/dom.ts';
import { segments } from '../shared/segments.ts';
import { button, iconButton, textArea, textField } from '../shared/ui.ts';
import { createTextQuery } from './text-query.ts';

type Kind = NeighboursSearch['query']['kind'];

export interface QuerySourceActions {
  readonly search: (query: NeighboursSearch['query']) => void;
  readonly back: () => void;
  readonly setEndpoint: () => void;
}

/** What to search from: a row by its key, a pasted vector, or a text that an endpoint makes a vector of. */
export interface QuerySource {
  readonly root: HTMLElement;
  show(query: NeighboursSearch['query'] | null, canGoBack: boolean): void;
  setEmbedding(embedding: NeighboursPanelEmbedding | null): void;
  /** At the field in use; null takes it back. */
  setError(text: string | null): void;
}

export function createQuerySource(init: NeighboursPanelInit, actions: QuerySourceActions): QuerySource {
  const keys = init.columns.filter(({ key }) => key !== null).sort((a, b) => (a.key ?? 0) - (b.key ?? 0));
  const names = keys.length > 0 ? keys.map(({ name }) => name) : ['ctid'];
  const fields = names.map((name) => textField({ label: `Row: ${name}`, attributes: { class: 'unlabelled code' }, onEnter: searchRow }));
  const vector = textArea({ label: 'Vector', rows: 6, placeholder: '[0.1, -0.2, …]', onEnter: searchVector });
  vector.classList.add('code');
  const back = iconButton('arrow-left', 'Back to the row before (Alt+Left)', actions.back);
  const error = element('p', { class: 'field-error', role: 'alert', hidden: true });
  const rowPart = element(
    'div',
    { class: 'query-row' },
    ...names.flatMap((name, i) => [element('span', { class: 'secondary', 'aria-hidden': 'true' }, name), fields[i]]),
  );
  const vectorPart = element('div', { class: 'query-paste' }, vector, button('Search', { onClick: searchVector }));
  const text = createTextQuery({ search: (words) => actions.search({ kind: 'text', text: words }), setEndpoint: actions.setEndpoint });
  text.setEmbedding(init.embedding);
  const parts: Readonly<Record<Kind, HTMLElement>> = { row: rowPart, vector: vectorPart, text: text.root };
  const kinds = [
    { value: 'row', text: 'Row' },
    { value: 'vector', text: 'Vector' },
    { value: 'text', text: 'Text' },
  ] as const;
  const bar = segments<Kind>('Search from', kinds, choose);
  choose('row');

  function choose(kind: Kind): void {
    bar.show(kind);
    for (const { value } of kinds) parts[value].hidden = value !== kind;
  }

  function searchRow(): void {
    const values = fields.map((field) => field.value);
    // A place may have two parts: which partition, and where in it.
    const place = (values[0] ?? '').trim().split(/\s+/);
    actions.search({ kind: 'row', key: keys.length > 0 ? values : place });
  }

  function searchVector(): void {
    actions.search({ kind: 'vector', vector: vector.value });
  }

  const root = element('div', { class: 'query-source' });
  fill(root, element('div', { class: 'query-head' }, back, bar.root), rowPart, vectorPart, text.root, error);
  return {
    root,
    show(query, canGoBack) {
      back.disabled = !canGoBack;
      if (query === null) return;
      choose(query.kind);
      if (query.kind === 'row') fields.forEach((field, i) => (field.value = (keys.length > 0 ? query.key[i] : query.key.join(' ')) ?? ''));
      else if (query.kind === 'vector') vector.value = query.vector;
      else text.show(query.text);
    },
    setEmbedding: (embedding) => text.setEmbedding(embedding),
    setError(text) {
      error.hidden = text === null;
      error.textContent = text;
    },
  };
}
