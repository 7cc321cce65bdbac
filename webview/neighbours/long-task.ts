import type { NeighboursPanelProgress } from '../../src/protocol/neighbours-panel.ts';
import { element, fill, type Child } from '../shared/dom.ts';
import { PanelError, SupersededError } from '../shared/panel-error.ts';
import { count } from '../shared/quantities.ts';
import { button, progressRing } from '../shared/ui.ts';

/** Something that takes a while: begun by the user, with progress, and ended by him when he likes. */
export interface LongTask<R> {
  readonly root: HTMLElement;
  /** Ends what goes on, forgets its result and offers it again. */
  offer(): void;
  tell(progress: NeighboursPanelProgress): void;
  /** Draws the last result again. */
  redraw(): void;
  /** The last result; null when there is none. */
  readonly result: R | null;
}

export interface LongTaskOptions<R> {
  /** Text of the button. */
  readonly name: string;
  /** For screen readers while it goes on. */
  readonly doing: string;
  /** "searches", "rows". */
  readonly unit: string;
  readonly begin: (signal: AbortSignal) => Promise<R>;
  readonly draw: (result: R, again: () => void) => readonly Child[];
}

export function createLongTask<R>(options: LongTaskOptions<R>): LongTask<R> {
  const root = element('div', { class: 'long-task' });
  const figure = element('span', { class: 'secondary', role: 'status' });
  let stop: AbortController | null = null;
  let result: R | null = null;

  function offer(message: string | null = null): void {
    stop?.abort();
    stop = null;
    result = null;
    const failed = message === null ? null : element('p', { class: 'field-error', role: 'alert' }, message);
    fill(root, failed, button(options.name, { onClick: () => void begin() }));
  }

  async function begin(): Promise<void> {
    const hadFocus = root.contains(document.activeElement);
    stop?.abort();
    const own = (stop = new AbortController());
    figure.textContent = options.doing;
    const cancel = button('Cancel', { onClick: () => cancelled(own) });
    fill(root, element('div', { class: 'long-task-progress' }, progressRing(options.doing), figure, cancel));
    if (hadFocus) cancel.focus();
    try {
      const found = await options.begin(own.signal);
      if (stop !== own) return;
      stop = null;
      result = found;
      fill(root, ...options.draw(found, () => void begin()));
    } catch (error) {
      if (stop !== own || error instanceof SupersededError) return;
      if (!(error instanceof PanelError)) throw error;
      offer(error.shape.code === 'cancelled' ? null : `${error.shape.message} ${error.shape.remedy}`);
    }
  }

  function cancelled(own: AbortController): void {
    own.abort();
    if (stop !== own) return;
    offer();
    root.querySelector<HTMLElement>('vscode-button')?.focus();
  }

  offer();
  return {
    root,
    offer: () => offer(),
    tell({ done, of }) {
      if (stop !== null)
        figure.textContent = of === null ? `${count(done)} ${options.unit}` : `${count(done)} of ${count(of)} ${options.unit}`;
    },
    redraw() {
      if (result !== null) fill(root, ...options.draw(result, () => void begin()));
    },
    get result() {
      return result;
    },
  };
}
