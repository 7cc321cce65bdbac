import { formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import type { SourceAgreement } from '../../core/index.ts';
import { textTable } from './text-table.ts';

type Difference = SourceAgreement['differences'][number];

const reasons: Readonly<Record<Difference['reason'], string>> = {
  'missing-in-target': 'the target does not have it',
  'missing-in-source': 'the source does not have it',
  'vector-differs': 'its vector differs',
  'moved-up': 'it stands in for a nearer row',
  order: 'it stands in another place',
};

const queries = {
  'vector-differs': 'The row that was searched from has another vector in the source.',
  'missing-in-source': 'The row that was searched from is not in the source.',
} as const;

/** What the source says to the same query. */
export function sourceLines(agreement: SourceAgreement): string[] {
  const { agrees, places, sameOrder, location, table, rows, rejected, query, differences } = agreement;
  const verdict = agrees ? 'source and target agree' : 'SOURCE AND TARGET DIFFER';
  const left = rejected === 0 ? '' : ` (${formatNumber(rejected, 'rejected row')} left out)`;
  return [
    visibleControls(
      `${verdict}: ${sameOrder} of ${places} in the same order, ${formatNumber(rows, 'row')} of ${table} in ${location} compared${left}`,
    ),
    ...(query === null || query === 'same' ? [] : [queries[query]]),
    ...(differences.length === 0 ? [] : differenceTable(differences)),
  ];
}

function differenceTable(differences: readonly Difference[]): string[] {
  const figure = (value: number | null): string => value?.toFixed(4) ?? '-';
  const columns = ['key', 'source rank', 'target rank', 'source distance', 'target distance', 'why', 'where'];
  return textTable(
    columns.map((title) => ({ title })),
    differences.map((row) => [
      row.key.join(':'),
      String(row.sourceRank ?? '-'),
      String(row.targetRank ?? '-'),
      figure(row.sourceDistance),
      figure(row.targetDistance),
      reasons[row.reason],
      row.provenance ?? '-',
    ]),
  );
}
