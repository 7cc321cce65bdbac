import type { MapWish } from '../../src/core/model/vector-map.ts';
import type { MapProgress } from '../../src/protocol/vector-map-panel.ts';
import { element } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import { button } from '../shared/ui.ts';

export interface ProgressStrip {
  readonly root: HTMLElement;
  begin(wish: MapWish): void;
  show(progress: MapProgress): void;
  end(): void;
}

/** What is being done while the last picture stays, and how to stop it. */
export function createProgressStrip(onCancel: () => void): ProgressStrip {
  const text = element('span', { class: 'progress-text' });
  const fill = element('span', {});
  const bar = element(
    'div',
    { class: 'progress-bar', role: 'progressbar', 'aria-label': 'Drawing the map', 'aria-valuemin': '0', 'aria-valuemax': '100' },
    fill,
  );
  const root = element('div', { class: 'progress-strip', hidden: true }, text, bar, button('Cancel', { onClick: onCancel }));
  let projection = '';

  function measure(share: number | null): void {
    bar.classList.toggle('unmeasured', share === null);
    fill.style.width = share === null ? '100%' : `${(share * 100).toFixed(1)}%`;
    if (share === null) bar.removeAttribute('aria-valuenow');
    else bar.setAttribute('aria-valuenow', String(Math.round(share * 100)));
  }

  return {
    root,
    begin(wish) {
      projection = wish.projection.toUpperCase();
      text.textContent = `${projection}: reading rows`;
      measure(null);
      root.hidden = false;
    },
    show({ stage, done, total }) {
      text.textContent = `${projection}: ${textOf({ stage, done, total })}`;
      measure(stage === 'neighbours' || total === 0 ? null : done / total);
    },
    end: () => void (root.hidden = true),
  };
}

function textOf({ stage, done, total }: MapProgress): string {
  if (stage === 'read') return `${count(done)} of ${count(total)} rows read`;
  if (stage === 'project') return 'finding the axes';
  return stage === 'neighbours' ? 'finding the nearest of each row' : `epoch ${count(done)} of ${count(total)}`;
}
