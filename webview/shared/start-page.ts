import type { ErrorShape } from '../../src/core/errors.ts';
import { element, fill } from './dom.ts';
import { errorCard } from './error-card.ts';
import { connect, type MethodsOf, type Messenger } from './messenger.ts';
import { SupersededError, toErrorShape } from './panel-error.ts';
import { button, iconButton, progressRing } from './ui.ts';

export interface PageContext<M extends MethodsOf<M>, Init> {
  readonly messenger: Messenger<M>;
  /** Answer to `ready`. */
  readonly init: Init;
  /** Empty; fills the window. */
  readonly root: HTMLElement;
  /** Shows an error in the strip on top of the page; what nobody asks for any more is ignored. */
  readonly report: (error: unknown) => void;
}

type WithReady<M> = MethodsOf<M> & { readonly ready: { readonly params: Record<string, never>; readonly result: unknown } };

/**
 * Starts a page: connects, says `ready`, then builds. Until then a ring turns; an error gives a card with Try Again instead of a blank page.
 * Errors that nobody catches later (a call without `catch`, a bug) appear in a strip on top, and never as a blank page either.
 */
export function startPage<M extends WithReady<M>>(build: (context: PageContext<M, M['ready']['result']>) => void): void {
  const root = document.getElementById('page') ?? document.body.appendChild(element('div', { id: 'page' }));
  const report = watchErrors(root);
  const messenger = connect<M>();

  async function begin(): Promise<void> {
    fill(root, element('div', { class: 'page-loading' }, progressRing('Loading')));
    try {
      const init = (await messenger.call('ready', {})) as M['ready']['result'];
      root.replaceChildren();
      build({ messenger, init, root, report });
      root.dataset['state'] = 'ready';
    } catch (error) {
      showInstead(root, toErrorShape(error), begin);
    }
  }
  void begin();
}

function showInstead(root: HTMLElement, shape: ErrorShape, retry: () => Promise<void>): void {
  root.dataset['state'] = 'failed';
  fill(root, element('div', { class: 'page-failed' }, errorCard(shape, button('Try Again', { onClick: () => void retry() }))));
}

function watchErrors(root: HTMLElement): (error: unknown) => void {
  const show = (error: unknown): void => {
    if (error instanceof SupersededError) return;
    console.error(error);
    showStrip(root, toErrorShape(error));
  };
  window.addEventListener('unhandledrejection', (event) => {
    // Said here, so the browser need not say it again.
    event.preventDefault();
    show(event.reason);
  });
  window.addEventListener('error', (event) => {
    // A notice of the browser about its own scheduling, not an error.
    if (event.message.startsWith('ResizeObserver loop')) return;
    show(event.error ?? event.message);
  });
  return show;
}

/** One strip at a time: the last error is the one that the user just caused. */
function showStrip(root: HTMLElement, shape: ErrorShape): void {
  document.getElementById('error-strip')?.remove();
  const close = iconButton('close', 'Dismiss', () => strip.remove());
  const strip = element('div', { id: 'error-strip', role: 'region', 'aria-label': 'Error' }, errorCard(shape, close));
  root.before(strip);
}
