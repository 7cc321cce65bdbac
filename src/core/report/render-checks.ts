import type { ConnectionCheck } from '../model/connection-check.ts';
import { visibleControls } from './visible-controls.ts';

const states = { ok: 'ok', warning: 'warning', failed: 'FAILED', skipped: '' } as const;

/**
 * For people: a line for each check, and below it how to mend what is wrong, with what to run. `columns`: where sentences go on in the next line, for a
 * place that does not do so itself; what is to be copied stays in one.
 */
export function renderChecks(checks: readonly ConnectionCheck[], columns = Infinity): string {
  const width = Math.max(0, ...checks.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 11);
  const wrap = (text: string): string => wrapped(text, columns - indent.length).join(`\n${indent}`);
  const looked = checks.filter(({ state }) => state !== 'skipped');
  return [
    ...looked.flatMap(({ check, state, message, remedy, commands }) => [
      `${states[state].padEnd(8)} ${check.padEnd(width)}  ${wrap(visibleControls(message))}`,
      ...(remedy === null ? [] : [`${indent}${wrap(visibleControls(remedy))}`]),
      ...commands.filter((command) => remedy?.includes(command) !== true).map((command) => `${indent}  ${visibleControls(command)}`),
    ]),
    ...skippedLines(checks).map(visibleControls),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Between words; one that is longer than a line stands alone. */
function wrapped(text: string, length: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= length) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** One line for each reason. */
function skippedLines(checks: readonly ConnectionCheck[]): readonly string[] {
  const byReason = Map.groupBy(
    checks.filter(({ state }) => state === 'skipped'),
    ({ message }) => message,
  );
  return [...byReason].map(([reason, skipped]) => `${'-'.padEnd(8)} ${skipped.map(({ check }) => check).join(', ')}: ${reason}`);
}
