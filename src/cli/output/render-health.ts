import type { VectorHealth } from '../../core/index.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';

const words = { ok: 'ok', warning: 'warning', problem: 'PROBLEM', skipped: 'skipped' } as const;
const wordWidth = Math.max(...Object.values(words).map((word) => word.length));

/** A line for each check, below it the rows that it means. */
export function renderHealth(health: VectorHealth): string {
  const { vectors, rows, checks, norms, key } = health;
  const spread = norms === null ? [] : [`norms ${[norms.least, norms.median, norms.most].map(short).join(' / ')} (least, median, most)`];
  const lines = checks.flatMap(({ state, message, examples }) => [
    `  ${words[state].padEnd(wordWidth)}  ${message}`,
    ...(examples.length === 0
      ? []
      : [visibleControls(`  ${''.padEnd(wordWidth)}  ${key.join(':')}: ${examples.map((example) => example.join(':')).join(', ')}`)]),
  ]);
  return `${[
    visibleControls(
      `${health.table}, column ${health.column} ${health.type}, ${formatNumber(vectors, 'vector')} in ${formatNumber(rows, 'row')}`,
    ),
    ...spread,
    '',
    ...lines,
  ].join('\n')}\n`;
}

function short(norm: number): string {
  return String(Number(norm.toPrecision(4)));
}
