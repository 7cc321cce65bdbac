import { element } from './dom.ts';

let region: HTMLElement | undefined;

/** Tells screen readers something that happened without moving the focus: "1,284 rows", "copied". */
export function announce(text: string): void {
  region ??= document.body.appendChild(element('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' }));
  // The same text twice is only read twice when it changes in between.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
