import { element } from './dom.ts';

/** A figure of a strip (`dl.metrics`): its name, its value, and a note beside it. */
export function metric(name: string, value: string, note: string | null): HTMLElement {
  const small = note === null ? null : element('span', { class: 'metric-note secondary' }, note);
  return element(
    'div',
    { class: 'metric' },
    element('dt', { class: 'secondary' }, name),
    element('dd', {}, element('span', { class: 'metric-value' }, value), small === null ? null : ' ', small),
  );
}
