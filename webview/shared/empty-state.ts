import { element, icon, type Child } from './dom.ts';

/** Says why there is nothing to see and what can be done (links or buttons). */
export function emptyState(codicon: string, text: string, ...actions: readonly Child[]): HTMLElement {
  return element(
    'div',
    { class: 'empty-state' },
    icon(codicon, { class: 'empty-state-icon' }),
    element('p', {}, text),
    actions.length === 0 ? null : element('div', { class: 'empty-state-actions' }, ...actions),
  );
}
