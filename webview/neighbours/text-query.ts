import type { NeighboursPanelEmbedding } from '../../src/protocol/neighbours-panel.ts';
import { element, fill } from '../shared/dom.ts';
import { button, textArea } from '../shared/ui.ts';

/** A text to search with, and where it goes; without an endpoint, how to set one. */
export interface TextQuery {
  readonly root: HTMLElement;
  show(text: string): void;
  setEmbedding(embedding: NeighboursPanelEmbedding | null): void;
}

export function createTextQuery(actions: { readonly search: (text: string) => void; readonly setEndpoint: () => void }): TextQuery {
  const search = (): void => actions.search(words.value);
  const words = textArea({
    label: 'Text',
    rows: 4,
    placeholder: 'words to search with',
    attributes: { 'aria-describedby': 'text-goes-to' },
    onEnter: search,
  });
  const note = element('p', { id: 'text-goes-to', class: 'secondary' });
  const root = element('div', { class: 'query-paste' });
  return {
    root,
    show: (text) => void (words.value = text),
    setEmbedding(embedding) {
      if (embedding === null) {
        note.textContent = 'Searching by text needs an embedding endpoint and its model. Nothing is sent anywhere before one is set.';
        fill(root, note, button('Set Embedding Endpoint…', { onClick: actions.setEndpoint }));
        return;
      }
      const { origin, model, exposed } = embedding;
      note.textContent = `The text is sent to ${origin} (model ${model})${exposed ? ', without encryption' : ''}.`;
      fill(root, words, note, button('Search', { onClick: search }));
    },
  };
}
