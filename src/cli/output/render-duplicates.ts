import type { DuplicatesResult } from '../../core/index.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { textTable } from './text-table.ts';

/** The pairs as a table, how they were found, and where they went. */
export function renderDuplicates(result: DuplicatesResult): string {
  const { pairs, count, index, into, warning } = result;
  const how = index === null ? 'exact: every row compared' : `index ${index.name} (${index.label})`;
  const name = result.key.join(':');
  const columns = [{ title: 'similarity', align: 'right' as const }, { title: name }, { title: `other ${name}` }];
  const rows = pairs.map(({ a, b, similarity }) => [similarity.toFixed(6), a.join(':'), b.join(':')]);
  return `${[
    visibleControls(`${result.table}, column ${result.column}, ${formatNumber(result.rows, 'row')} with a vector`),
    visibleControls(`metric ${result.metric}; ${how}; ${result.seconds.toFixed(1)} s`),
    `${formatNumber(count, 'pair')} with a similarity of at least ${result.threshold}`,
    ...(rows.length === 0 ? [] : ['', ...textTable(columns, rows)]),
    ...(pairs.length < count ? ['', `${formatNumber(count - pairs.length, 'more pair')}: --limit ${count} prints all`] : []),
    ...(into === null ? [] : ['', visibleControls(describeWritten(into))]),
    ...(warning === null ? [] : ['', visibleControls(warning)]),
  ].join('\n')}\n`;
}

function describeWritten(into: NonNullable<DuplicatesResult['into']>): string {
  const others = into.others === 0 ? '' : `; ${formatNumber(into.others, 'other row')} of it left as they are`;
  const place = `${into.table} (${into.columns.join(', ')})`;
  return `${place}${into.created ? ', made by this command' : ''}: ${into.inserted} inserted, ${into.updated} updated, ${into.unchanged} unchanged${others}`;
}
