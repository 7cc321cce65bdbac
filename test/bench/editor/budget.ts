import { median } from '../measure.ts';

/** One response budget and what the rounds measured. */
export interface Budget {
  readonly name: string;
  /** As the table shows it: "< 200 ms". */
  readonly aim: string;
  readonly unit: 'ms' | 's' | 'KB' | 'MB';
  readonly rounds: readonly number[];
}

/** A Markdown table of medians; a budget that nobody measured is left out. */
export function budgetTable(budgets: readonly Budget[]): string {
  const lines = ['| budget | measured (median) | aim for | rounds |', '|---|--:|--:|---|'];
  for (const { name, aim, unit, rounds } of budgets) {
    if (rounds.length === 0) continue;
    const shown = rounds.map((round) => number(round, unit));
    lines.push(`| ${name} | ${number(median(rounds), unit)} ${unit} | ${aim} | ${shown.join(', ')} |`);
  }
  return `${lines.join('\n')}\n`;
}

function number(value: number, unit: Budget['unit']): string {
  if (unit === 's') return value.toFixed(2);
  return unit === 'ms' && value < 20 ? value.toFixed(1) : String(Math.round(value));
}
