import type { NeighboursPanelInit } from '../../src/protocol/neighbours-panel.ts';
import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import { element, fill, icon } from '../shared/dom.ts';
import { button } from '../shared/ui.ts';
import { metricTexts } from '../shared/figures.ts';

/** Says that the index was not used, or that there is none; offers the metric that an index serves. */
export function createWarningStrip(followIndex: () => void): {
  readonly root: HTMLElement;
  draw(result: NeighboursResult, indexes: NeighboursPanelInit['indexes']): void;
  hide(): void;
} {
  const root = element('div', { class: 'warning-strip', role: 'status', hidden: true });
  return {
    root,
    hide: () => void (root.hidden = true),
    draw(result, indexes) {
      root.hidden = result.warning === null;
      if (result.warning === null) return;
      const served = result.indexed === null ? indexes.find((index) => index.metric !== null)?.metric : undefined;
      fill(
        root,
        icon('warning'),
        element('span', { class: 'warning-text' }, result.warning),
        served === undefined || served === null ? null : button(`Use ${metricTexts[served]}`, { onClick: followIndex }),
      );
    },
  };
}
