import { element } from '../shared/dom.ts';

const least = 240;
const most = 720;
const step = 16;

/** A bar on the left edge of a pane that changes its width by mouse and arrow keys; sets the custom property `--pane-width` on the pane. */
export function createSplitter(pane: HTMLElement, start = 348): HTMLElement {
  let width = start;
  const bar = element('div', {
    class: 'splitter',
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'vertical',
    'aria-label': 'Width of the record',
    'aria-valuemin': least,
    'aria-valuemax': most,
  });

  function set(next: number): void {
    width = Math.min(most, Math.max(least, next));
    pane.style.setProperty('--pane-width', `${width}px`);
    bar.setAttribute('aria-valuenow', String(width));
  }

  bar.addEventListener('pointerdown', (down) => {
    down.preventDefault();
    const from = width;
    bar.setPointerCapture(down.pointerId);
    const onMove = (move: PointerEvent): void => set(from + down.clientX - move.clientX);
    bar.addEventListener('pointermove', onMove);
    bar.addEventListener('lostpointercapture', () => bar.removeEventListener('pointermove', onMove), { once: true });
  });
  bar.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    set(width + (event.key === 'ArrowLeft' ? step : -step));
  });
  set(width);
  return bar;
}
