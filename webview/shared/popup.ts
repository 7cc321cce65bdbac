import { element, icon, type Child } from './dom.ts';

export interface PopupOptions {
  /** The control below which it opens; gets the focus back. */
  readonly anchor: HTMLElement;
  readonly label: string;
  readonly role?: 'dialog' | 'menu';
}

/** Shows something over the page until Escape or a click elsewhere. Returns what closes it. */
export function openPopup({ anchor, label, role = 'dialog' }: PopupOptions, ...children: readonly Child[]): () => void {
  const popup = element('div', { class: 'popup', popover: 'auto', role, 'aria-label': label }, ...children);
  (anchor.closest('main') ?? document.body).append(popup);
  const place = anchor.getBoundingClientRect();
  popup.showPopover();
  const left = Math.max(8, Math.min(place.left, window.innerWidth - popup.offsetWidth - 8));
  popup.style.left = `${left}px`;
  popup.style.top = `${place.bottom + 4}px`;
  popup.style.maxHeight = `${Math.max(96, window.innerHeight - place.bottom - 16)}px`;
  anchor.setAttribute('aria-expanded', 'true');
  popup.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed') return;
    anchor.removeAttribute('aria-expanded');
    const hadFocus = popup.contains(document.activeElement) || document.activeElement === document.body;
    popup.remove();
    if (hadFocus) anchor.focus();
  });
  return () => popup.hidePopover();
}

export interface MenuEntry {
  readonly text: string;
  readonly icon?: string;
  readonly onChoose: () => void;
}

/** A menu with the keys of a menu: arrows, Home, End, Enter, Escape. */
export function openMenu(anchor: HTMLElement, label: string, entries: readonly MenuEntry[]): void {
  const items = entries.map((entry) => {
    const choose = (): void => {
      close();
      entry.onChoose();
    };
    const mark = entry.icon === undefined ? null : icon(entry.icon);
    return element(
      'button',
      { class: 'menu-item', role: 'menuitem', tabindex: -1, type: 'button', on: { click: choose } },
      mark,
      entry.text,
    );
  });
  const close = openPopup({ anchor, label, role: 'menu' }, ...items);
  items[0]?.focus();
  items[0]?.parentElement?.addEventListener('keydown', (event) => {
    const at = items.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Tab') close();
    if (to === undefined) return;
    event.preventDefault();
    items[to % items.length]?.focus();
  });
}
