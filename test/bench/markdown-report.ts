import type { BenchTable } from './bench-store.ts';
import type { LoadOutcome, SluiceOutcome, SluiceSeconds } from './contenders.ts';
import { median } from './measure.ts';

/** What one round measured; null = this contender did not take part. */
export interface Round {
  readonly sluiceScalars: SluiceOutcome | null;
  readonly sluiceVectors: SluiceOutcome | null;
  readonly copyScalars: LoadOutcome;
  readonly copyVectors: LoadOutcome;
  readonly pgloader: LoadOutcome | null;
}

/** Medians of all rounds; a ratio is the median of the ratios within each round. */
export function markdownReport(tables: readonly BenchTable[], rounds: readonly Round[], machine: string): string {
  const sizes = tables.map((table) => `${table.name} ${table.rows.toLocaleString('en')}`).join(', ');
  return [
    `Rows: ${sizes}. Rounds: ${rounds.length}. ${machine}, fsync on.`,
    '',
    ...secondsTable(rounds),
    '',
    ...ratioTable(rounds),
    '',
  ].join('\n');
}

const phases: readonly (keyof SluiceSeconds)[] = ['plan', 'preData', 'data', 'postData', 'verify', 'total'];

function secondsTable(rounds: readonly Round[]): readonly string[] {
  const lines = [
    `| seconds (median) | ${phases.join(' | ')} | command | peak RSS, MB |`,
    `|---|${phases.map(() => '--:').join('|')}|--:|--:|`,
  ];
  for (const [name, outcomes] of [
    ['Sluice, scalars', present(rounds.map((round) => round.sluiceScalars))],
    ['Sluice, vectors (with HNSW)', present(rounds.map((round) => round.sluiceVectors))],
  ] as const) {
    if (outcomes.length === 0) continue;
    const cells = phases.map((phase) => number(outcomes.map((outcome) => outcome.seconds[phase])));
    lines.push(`| ${name} | ${cells.join(' | ')} | ${number(outcomes.map((outcome) => outcome.wall))} | ${memory(outcomes)} |`);
  }
  for (const [name, outcomes] of [
    ['psql \\copy, scalars', rounds.map((round) => round.copyScalars)],
    ['psql \\copy, vectors', rounds.map((round) => round.copyVectors)],
    ['pgloader, scalars (data, indexes, keys)', present(rounds.map((round) => round.pgloader))],
  ] as const) {
    if (outcomes.length === 0) continue;
    lines.push(`| ${name} |${' |'.repeat(phases.length)} ${number(outcomes.map((outcome) => outcome.seconds))} | ${memory(outcomes)} |`);
  }
  return lines;
}

function ratioTable(rounds: readonly Round[]): readonly string[] {
  const ratios: readonly (readonly [string, string, readonly (number | null)[]])[] = [
    [
      'data phase, scalars : psql \\copy',
      '≤ 1.1',
      rounds.map((round) => ratio(round.sluiceScalars?.seconds.data, round.copyScalars.seconds)),
    ],
    [
      'data phase, vectors : psql \\copy',
      '≤ 0.35',
      rounds.map((round) => ratio(round.sluiceVectors?.seconds.data, round.copyVectors.seconds)),
    ],
    [
      'whole command with profile and proof, scalars : pgloader',
      '≤ 1',
      rounds.map((round) => ratio(round.sluiceScalars?.wall, round.pgloader?.seconds)),
    ],
  ];
  const lines = ['| ratio | aim | median | rounds |', '|---|--:|--:|---|'];
  for (const [name, aim, values] of ratios) {
    const known = present(values);
    if (known.length > 0)
      lines.push(`| ${name} | ${aim} | ${median(known).toFixed(2)} | ${known.map((value) => value.toFixed(2)).join(', ')} |`);
  }
  return lines;
}

function ratio(a: number | undefined, b: number | undefined): number | null {
  return a === undefined || b === undefined ? null : a / b;
}

function present<T>(values: readonly (T | null)[]): readonly T[] {
  return values.filter((value) => value !== null);
}

function number(values: readonly number[]): string {
  return median(values).toFixed(2);
}

function memory(outcomes: readonly { readonly peakRssMb: number | null }[]): string {
  const known = present(outcomes.map((outcome) => outcome.peakRssMb));
  return known.length === 0 ? '–' : String(Math.round(Math.max(...known)));
}
