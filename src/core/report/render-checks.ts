import type { ConnectionCheck } from '../model/connection-check.ts';
import { visibleControls } from './visible-controls.ts';

const states: Readonly<Record<ConnectionCheck['state'], string>> = { ok: 'ok', warning: 'warning', failed: 'FAILED', skipped: '-' };

/** For people: a line for each check, and below it how to mend what is wrong, with what to run. */
export function renderChecks(checks: readonly ConnectionCheck[]): string {
  const width = Math.max(0, ...checks.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 11);
  return checks
    .flatMap(({ check, state, message, remedy, commands }) => [
      `${states[state].padEnd(8)} ${check.padEnd(width)}  ${message}`,
      ...(remedy === null ? [] : [`${indent}${remedy}`]),
      ...commands.map((command) => `${indent}  ${command}`),
    ])
    .map((line) => `${visibleControls(line)}\n`)
    .join('');
}
