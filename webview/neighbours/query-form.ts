import type { NeighboursPanelInit, NeighboursSearch } from '../../src/protocol/neighbours-panel.ts';
import type { NeighboursResult, VectorMetric } from '../../src/core/model/neighbours.ts';
import { element, type Child } from '../shared/dom.ts';
import { dropdown, textField, type TextField } from '../shared/ui.ts';
import { createEffortSlider } from './effort-slider.ts';
import { metricTexts } from '../shared/figures.ts';

type Refinement = Partial<Omit<NeighboursSearch, 'query'>>;

/** Metric, k, condition and effort. Each change searches again. */
export interface QueryForm {
  readonly root: HTMLElement;
  /** Shows what a search is made of. */
  show(search: NeighboursSearch): void;
  draw(result: NeighboursResult): void;
  /** At the condition; null takes it back. */
  setFilterError(text: string | null): void;
}

const mostNeighbours = 1000;

export function createQueryForm(init: NeighboursPanelInit, refine: (part: Refinement) => void): QueryForm {
  // Not '', which the control takes for nothing chosen.
  const follow = 'follow';
  const metric = dropdown({
    label: 'Metric',
    choices: [{ value: follow, text: followText(init) }, ...Object.entries(metricTexts).map(([value, text]) => ({ value, text }))],
    value: follow,
    onChange: (value) => refine({ metric: value === follow ? null : (value as VectorMetric) }),
  });
  const k = committedField('k', {}, (text) => {
    const number = Number(text);
    const known = shown?.k ?? 10;
    if (!Number.isInteger(number) || number < 1 || number > mostNeighbours) k.value = String(known);
    else if (number !== known) refine({ k: number });
  });
  k.classList.add('short');
  const filterError = element('p', { id: 'filter-error', class: 'field-error', role: 'alert', hidden: true });
  const filter = committedField('Where', { placeholder: 'any row', 'aria-describedby': 'filter-error' }, (text) => {
    const wanted = text.trim() === '' ? null : text;
    if (wanted !== (shown?.filter ?? null)) refine({ filter: wanted });
  });
  filter.classList.add('code');
  const effort = createEffortSlider((value) => refine({ effort: value }));
  let shown: NeighboursSearch | null = null;
  effort.draw(null, false);
  const showMetric = (): void => void (metric.value = shown?.metric ?? follow);

  return {
    root: element(
      'div',
      { class: 'query-form' },
      ...labelled('Metric', metric),
      ...labelled('k', k),
      ...labelled('Where', filter),
      filterError,
      effort.label,
      effort.root,
    ),
    show(search) {
      shown = search;
      showMetric();
      k.value = String(search.k);
      filter.value = search.filter ?? '';
    },
    draw(result) {
      // Again, because the control forgets what it is given before its entries are there.
      showMetric();
      effort.draw(result.setting, result.indexed?.used === true);
    },
    setFilterError(text) {
      filterError.hidden = text === null;
      filterError.textContent = text;
      filter.classList.toggle('invalid', text !== null);
    },
  };
}

/** A field whose text counts on Enter and when it is left. */
function committedField(label: string, attributes: Readonly<Record<string, string>>, commit: (text: string) => void): TextField {
  const field = textField({ label, attributes, onEnter: commit });
  field.addEventListener('change', () => commit(field.value));
  return field;
}

function labelled(text: string, control: Child): Child[] {
  return [element('span', { class: 'secondary', 'aria-hidden': 'true' }, text), control];
}

function followText(init: NeighboursPanelInit): string {
  const served = [...new Set(init.indexes.flatMap((index) => index.metric ?? []))];
  if (served.length === 0) return `${metricTexts.cosine} (no index)`;
  return served.length === 1 && served[0] !== undefined ? `by index (${metricTexts[served[0]]})` : 'by index';
}
