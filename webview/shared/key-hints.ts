import { element } from './dom.ts';

/** Keys and what they do, for the footer: `[['Enter'], 'open cell']`. */
export type KeyHint = readonly [keys: readonly string[], action: string];

/** The bar at the bottom: facts on the left, keys on the right. `setFacts` replaces the facts. */
export function footer(...hints: readonly KeyHint[]): { readonly root: HTMLElement; setFacts(...facts: readonly string[]): void } {
  const left = element('div', { class: 'footer-facts' });
  const right = hints.map(([keys, action]) => {
    return element('span', { class: 'key-hint' }, ...keys.map((key) => element('kbd', {}, key)), action);
  });
  const root = element('footer', { class: 'panel-footer' }, left, element('div', { class: 'footer-hints' }, ...right));
  return { root, setFacts: (...facts) => left.replaceChildren(...facts.map((fact) => element('span', {}, fact))) };
}
