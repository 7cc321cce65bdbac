import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import { element } from '../shared/dom.ts';

type Setting = NonNullable<NeighboursResult['setting']>;

/** Largest value that the slider offers; a setting that is larger stretches it. */
const most = { 'hnsw.ef_search': 400, 'ivfflat.probes': 100 } as const;

/** How thoroughly the index searches. The toolkit has no slider, so this is the browser's own in the editor's colours. */
export function createEffortSlider(onChange: (value: number) => void): {
  readonly label: HTMLElement;
  readonly root: HTMLElement;
  /** `used` false: it changes nothing, and is shown so. null: there is no index. */
  draw(setting: Setting | null, used: boolean): void;
} {
  const range = element('input', { type: 'range', id: 'effort', min: 1, step: 1 });
  const value = element('output', { class: 'mono', for: 'effort' });
  const label = element('label', { for: 'effort', class: 'secondary' });
  const root = element('div', { class: 'effort' }, range, value);
  const show = (): void => {
    value.textContent = range.value;
    const share = (Number(range.value) - 1) / Math.max(1, Number(range.max) - 1);
    root.style.setProperty('--share', `${(share * 100).toFixed(1)}%`);
  };
  range.addEventListener('input', show);
  range.addEventListener('change', () => onChange(Number(range.value)));
  return {
    label,
    root,
    draw(setting, used) {
      label.hidden = root.hidden = setting === null;
      if (setting === null) return;
      label.textContent = setting.name;
      range.max = String(Math.max(most[setting.name], setting.value));
      range.value = String(setting.value);
      range.disabled = !used;
      show();
    },
  };
}
