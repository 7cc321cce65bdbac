import type { VectorIndex, VectorMetric } from '../../src/core/model/neighbours.ts';
import { element, type Child } from './dom.ts';
import { metricTexts } from './figures.ts';
import { dropdown, textField, type TextField } from './ui.ts';

/** Metric of a search; null follows the index. `show` once more when its entries are there: the control forgets what it is given before. */
export function metricField(
  indexes: readonly VectorIndex[],
  onChange: (metric: VectorMetric | null) => void,
): { readonly root: HTMLElement; show(metric: VectorMetric | null): void } {
  // Not '', which the control takes for nothing chosen.
  const follow = 'follow';
  const root = dropdown({
    label: 'Metric',
    choices: [{ value: follow, text: followText(indexes) }, ...Object.entries(metricTexts).map(([value, text]) => ({ value, text }))],
    value: follow,
    onChange: (value) => onChange(value === follow ? null : (value as VectorMetric)),
  });
  return { root, show: (metric) => void (root.value = metric ?? follow) };
}

/** A field whose text counts on Enter and when it is left. */
export function committedField(label: string, attributes: Readonly<Record<string, string>>, commit: (text: string) => void): TextField {
  const field = textField({ label, attributes, onEnter: commit });
  field.addEventListener('change', () => commit(field.value));
  return field;
}

/** A name and its control, for a grid of two columns. */
export function labelled(text: string, control: Child): Child[] {
  return [element('span', { class: 'secondary', 'aria-hidden': 'true' }, text), control];
}

function followText(indexes: readonly VectorIndex[]): string {
  const served = [...new Set(indexes.flatMap((index) => index.metric ?? []))];
  if (served.length === 0) return `${metricTexts.cosine} (no index)`;
  return served.length === 1 && served[0] !== undefined ? `by index (${metricTexts[served[0]]})` : 'by index';
}
