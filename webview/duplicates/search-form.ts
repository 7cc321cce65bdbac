import type { DuplicatesPanelInit, DuplicatesPanelSearch } from '../../src/protocol/duplicates-panel.ts';
import { element } from '../shared/dom.ts';
import { metricTexts } from '../shared/figures.ts';
import { committedField, labelled, metricField } from '../shared/search-fields.ts';
import { checkbox } from '../shared/ui.ts';

/** Threshold, metric, and whether every pair is compared. Each change searches again. */
export interface SearchForm {
  readonly root: HTMLElement;
  show(search: DuplicatesPanelSearch): void;
  /** At the threshold; null takes it back. */
  setError(text: string | null): void;
}

export function createSearchForm(
  { indexes }: Pick<DuplicatesPanelInit, 'indexes'>,
  refine: (part: Partial<DuplicatesPanelSearch>) => void,
): SearchForm {
  let shown: DuplicatesPanelSearch | null = null;
  const setThreshold = (threshold: number): void => {
    if (threshold !== shown?.threshold) refine({ threshold });
  };
  const field = committedField('Least similarity', { 'aria-describedby': 'threshold-error' }, (text) => {
    const threshold = Number(text.replace(',', '.'));
    if (text.trim() === '' || !Number.isFinite(threshold)) field.value = thresholdText(shown?.threshold ?? 0);
    else setThreshold(threshold);
  });
  field.classList.add('short');
  // The toolkit has no slider, so this is the browser's own in the editor's colours.
  const range = element('input', { type: 'range', min: 0.5, max: 1, step: 0.005, 'aria-label': 'Least similarity, as a slider' });
  const slider = element('div', { class: 'effort' }, range);
  const showShare = (): void => slider.style.setProperty('--share', `${((Number(range.value) - 0.5) / 0.5) * 100}%`);
  range.addEventListener('input', () => {
    field.value = thresholdText(Number(range.value));
    showShare();
  });
  range.addEventListener('change', () => setThreshold(Number(range.value)));
  const metric = metricField(indexes, (value) => refine({ metric: value }));
  const exact = checkbox('Compare every pair', false, (checked) => refine({ exact: checked }));
  const error = element('p', { id: 'threshold-error', class: 'field-error', role: 'alert', hidden: true });

  return {
    root: element(
      'div',
      { class: 'search-form' },
      ...labelled('Least similarity', field),
      slider,
      error,
      ...labelled('Metric', metric.root),
      element('div', { class: 'exact' }, exact),
      element('p', { class: 'exact-note secondary small' }, exactNote(indexes)),
    ),
    show(search) {
      shown = search;
      field.value = thresholdText(search.threshold);
      range.value = String(search.threshold);
      // An inner product has no bounds.
      range.disabled = search.metric === 'ip';
      showShare();
      metric.show(search.metric);
      exact.checked = search.exact;
    },
    setError(text) {
      error.hidden = text === null;
      error.textContent = text;
      field.classList.toggle('invalid', text !== null);
    },
  };
}

/** "0.90", "0.925": as many digits as it has, and two at least. */
export function thresholdText(threshold: number): string {
  const text = String(Number(threshold.toFixed(6)));
  return /^-?\d+(\.\d)?$/.test(text) ? threshold.toFixed(2) : text;
}

function exactNote(indexes: DuplicatesPanelInit['indexes']): string {
  const served = indexes.flatMap(({ name, metric }) => (metric === null ? [] : [`${name} (${metricTexts[metric]})`]));
  return served.length === 0
    ? 'There is no vector index, so every pair is compared in any case.'
    : `Else ${served.join(' or ')} is asked where it serves the metric, which is faster and may miss a pair.`;
}
