import type { NeighboursPanelInit, NeighboursSearch } from '../../src/protocol/neighbours-panel.ts';
import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import { element } from '../shared/dom.ts';
import { committedField, labelled, metricField } from '../shared/search-fields.ts';
import { createEffortSlider } from './effort-slider.ts';

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
  const metric = metricField(init.indexes, (value) => refine({ metric: value }));
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

  return {
    root: element(
      'div',
      { class: 'query-form' },
      ...labelled('Metric', metric.root),
      ...labelled('k', k),
      ...labelled('Where', filter),
      filterError,
      effort.label,
      effort.root,
    ),
    show(search) {
      shown = search;
      metric.show(search.metric);
      k.value = String(search.k);
      filter.value = search.filter ?? '';
    },
    draw(result) {
      // Again, because the control forgets what it is given before its entries are there.
      metric.show(shown?.metric ?? null);
      effort.draw(result.setting, result.indexed?.used === true);
    },
    setFilterError(text) {
      filterError.hidden = text === null;
      filterError.textContent = text;
      filter.classList.toggle('invalid', text !== null);
    },
  };
}
