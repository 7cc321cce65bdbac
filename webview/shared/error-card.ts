import type { ErrorShape } from '../../src/core/errors.ts';
import { element, icon, type Child } from './dom.ts';

/** Fields of an error's context that help to find the place, in this order. */
const shownContext = ['table', 'column', 'row', 'sqlstate', 'detail', 'hint', 'position', 'statement'] as const;

/** An error with its remedy, what the server said, and actions (buttons). Announced when it appears. */
export function errorCard(shape: ErrorShape, ...actions: readonly Child[]): HTMLElement {
  const context = shape.context as Readonly<Record<string, unknown>>;
  const facts = shownContext.flatMap((name) => {
    const value = context[name];
    if (value === undefined || value === null || shape.message.includes(String(value))) return [];
    return [element('dt', {}, name), element('dd', {}, String(value))];
  });
  return element(
    'div',
    { class: 'error-card', role: 'alert' },
    icon('error', { class: 'error-card-icon' }),
    element(
      'div',
      { class: 'error-card-body' },
      element('p', { class: 'error-card-message' }, shape.message),
      shape.remedy === '' ? null : element('p', { class: 'secondary' }, shape.remedy),
      facts.length === 0 ? null : element('dl', { class: 'error-card-facts' }, ...facts),
      actions.length === 0 ? null : element('div', { class: 'error-card-actions' }, ...actions),
    ),
  );
}
