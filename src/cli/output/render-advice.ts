import type { ColumnAdvice } from '../../core/index.ts';
import { describeEstimate } from '../../core/mapping/advice-words.ts';
import { formatBytes, formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';

/** What to make, why, what it takes, what else there is, and what is there already. */
export function renderAdvice(found: ColumnAdvice): string {
  const { table, column, type, rows, vectors, advice, sql, indexes } = found;
  const { method, index, reasons, estimate, considered } = advice;
  const headline = method === 'none' ? 'no index' : `${method} on ${index?.on ?? ''} with ${index?.opclass ?? ''}`;
  const there = indexes.map(({ name, label, opclass, bytes }) => `${name} (${label}, ${opclass}, ${formatBytes(bytes)})`);
  return `${[
    `${table}, column ${column} ${type}, ${formatNumber(vectors, 'vector')} in ${formatNumber(rows, 'row')}`,
    '',
    `advice: ${headline}`,
    ...reasons.map((reason) => `  ${reason}`),
    ...(estimate === null || method === 'none' ? [] : [`  estimated: ${describeEstimate(estimate)}`]),
    ...considered.map(({ choice, reason }) => `  instead ${choice}: ${reason}`),
    ...(sql === null ? [] : ['', method === 'none' ? 'when there are more rows:' : 'make it:', `  ${sql}`]),
    '',
    there.length === 0 ? 'there is no index for vectors on this column' : `there is: ${there.join(', ')}`,
  ]
    .map(visibleControls)
    .join('\n')}\n`;
}
