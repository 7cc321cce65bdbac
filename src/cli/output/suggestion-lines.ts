import { formatNumber } from '../../core/report/format-quantity.ts';
import type { NeighboursDocument } from './neighbours-document.ts';
import { textTable } from './text-table.ts';

type Suggestion = NonNullable<NeighboursDocument['suggestion']>;

/** Recall by effort as a table, and what follows from it. */
export function suggestionLines({ setting, sample, points, suggested, wanted, exactSeconds, warning }: Suggestion): string[] {
  const milliseconds = (seconds: number): string => (seconds * 1000).toFixed(1);
  const rows = points.map(({ value, recall, seconds, used }) => [
    `${value}${value === suggested ? ' *' : ''}`,
    recall.toFixed(3),
    milliseconds(seconds),
    used === 0 ? 'index not used' : '',
  ]);
  return [
    `Recall over ${formatNumber(sample.rows, 'sampled row')} of ${sample.of.toLocaleString('en-US')}; exact ${milliseconds(exactSeconds)} ms`,
    ...textTable(
      [{ title: setting, align: 'right' }, { title: 'recall', align: 'right' }, { title: 'ms', align: 'right' }, { title: '' }],
      rows,
    ),
    suggested === null ? (warning ?? '') : `suggested: ${optionOf(setting)} ${suggested}, the least that finds ${wanted * 100} %`,
  ];
}

function optionOf(setting: Suggestion['setting']): string {
  return setting === 'oversampling' ? '--oversample' : `--effort (${setting})`;
}
