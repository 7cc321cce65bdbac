import { element, fill } from './dom.ts';
import { button, progressRing } from './ui.ts';

/** A line that says how far something long is, with a button that ends it. Hidden while nothing goes on. */
export interface ProgressStrip {
  readonly root: HTMLElement;
  /** Aborts `onCancel` when the button is pressed. */
  begin(text: string, onCancel: () => void): void;
  /** `share`: 0 to 1; null = nobody knows. */
  tell(text: string, share: number | null): void;
  end(): void;
}

export function progressStrip(label: string): ProgressStrip {
  const text = element('span', { class: 'progress-text' });
  const bar = element('span', {
    class: 'progress-bar',
    role: 'progressbar',
    'aria-label': label,
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  });
  const filled = element('span', { class: 'progress-fill' });
  bar.append(filled);
  let cancel = (): void => {};
  const stop = button('Cancel', { onClick: () => cancel() });
  const root = element('div', { class: 'progress-strip', hidden: true });
  return {
    root,
    begin(first, onCancel) {
      cancel = onCancel;
      root.hidden = false;
      text.textContent = first;
      filled.style.width = '0';
      bar.removeAttribute('aria-valuenow');
      // A ring that is made anew turns from its start.
      fill(root, progressRing(label, { class: 'progress-ring' }), text, bar, stop);
    },
    tell(now, share) {
      text.textContent = now;
      if (share === null) return;
      const percent = Math.round(Math.min(1, share) * 100);
      filled.style.width = `${percent}%`;
      bar.setAttribute('aria-valuenow', String(percent));
    },
    end() {
      root.hidden = true;
      fill(root);
    },
  };
}
