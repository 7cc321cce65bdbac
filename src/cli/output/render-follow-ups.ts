import type { FollowUp } from '../follow-up.ts';

/** "next:" and one aligned line per command. */
export function renderFollowUps(followUps: readonly FollowUp[]): string {
  if (followUps.length === 0) return '';
  const width = Math.max(...followUps.map((next) => next.purpose.length));
  return ['next:', ...followUps.map((next) => `  ${next.purpose.padEnd(width)}  ${next.command}`), ''].join('\n');
}
