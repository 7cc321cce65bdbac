import type { ConnectionCheck } from '../model/connection-check.ts';
import { visibleControls } from './visible-controls.ts';

const states = { ok: 'ok', warning: 'warning', failed: 'FAILED', skipped: '' } as const;

/** For people: a line for each check, and below it how to mend what is wrong, with what to run. */
export function renderChecks(checks: readonly ConnectionCheck[]): string {
  const width = Math.max(0, ...checks.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 11);
  const looked = checks.filter(({ state }) => state !== 'skipped');
  return [
    ...looked.flatMap(({ check, state, message, remedy, commands }) => [
      `${states[state].padEnd(8)} ${check.padEnd(width)}  ${message}`,
      ...(remedy === null ? [] : [`${indent}${remedy}`]),
      ...commands.filter((command) => remedy?.includes(command) !== true).map((command) => `${indent}  ${command}`),
    ]),
    ...skippedLines(checks),
  ]
    .map((line) => `${visibleControls(line)}\n`)
    .join('');
}

/** One line for each reason. */
function skippedLines(checks: readonly ConnectionCheck[]): readonly string[] {
  const byReason = Map.groupBy(
    checks.filter(({ state }) => state === 'skipped'),
    ({ message }) => message,
  );
  return [...byReason].map(([reason, skipped]) => `${'-'.padEnd(8)} ${skipped.map(({ check }) => check).join(', ')}: ${reason}`);
}
