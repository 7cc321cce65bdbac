import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import { element } from '../shared/dom.ts';
import { metric } from '../shared/metric.ts';
import { count, duration } from '../shared/quantities.ts';
import { speedText } from '../shared/figures.ts';
import type { MatchedLists } from './match-lists.ts';

/** Recall, times and the largest shift, in a row above the lists. */
export function metricsStrip(result: NeighboursResult, lists: MatchedLists): HTMLElement {
  const { exact, indexed, recall } = result;
  const wanted = exact.neighbours.length;
  const used = indexed?.used === true;
  const metrics = [
    recall === null || indexed === null
      ? null
      : metric(`Recall@${wanted}`, recall.toFixed(2), used ? `${Math.round(recall * wanted)} of ${wanted}` : 'exact by scan'),
    indexed === null
      ? null
      : metric(
          used ? 'Index' : 'This query',
          duration(indexed.seconds),
          used ? speedText(exact.seconds, indexed.seconds) : 'index not used',
        ),
    metric('Exact', duration(exact.seconds), `${count(result.rows)} ${result.rows === 1 ? 'row' : 'rows'}`),
    lists.largestShift === null || !used
      ? null
      : metric('Largest shift', String(lists.largestShift), lists.largestShift === 1 ? 'rank' : 'ranks'),
  ];
  return element('dl', { class: 'metrics' }, ...metrics);
}
