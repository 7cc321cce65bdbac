import { toErrorShape, type ErrorShape, type MigrationError, type PreflightReport } from '../../core/index.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderFollowUps } from './render-follow-ups.ts';

/** A failure for scripts and for people. Context fields are facts, never secrets. */
export function renderFailure(
  error: MigrationError,
  followUps: readonly FollowUp[],
  preflight?: PreflightReport,
): { json: { error: ErrorShape; runId?: string; preflight?: PreflightReport }; text: string } {
  const shape = toErrorShape(error);
  const runId = shape.context['runId'];
  const warnings = preflight?.findings.filter(({ severity }) => severity === 'warning').map(({ message }) => `warning: ${message}`) ?? [];
  const lines = [`error: ${shape.message}`, ...facts(shape).map((fact) => `  ${fact}`), `  ${shape.remedy}`, ...warnings, ''];
  return {
    json: { error: shape, ...(typeof runId === 'string' ? { runId } : {}), ...(preflight === undefined ? {} : { preflight }) },
    text: visibleLines(lines.join('\n')) + (followUps.length === 0 ? '' : `\n${renderFollowUps(followUps)}`),
  };
}

/** Names and values come from stores, and lists have lines of their own. */
function visibleLines(text: string): string {
  return text.split('\n').map(visibleControls).join('\n');
}

/** What the server said beyond its message, and lists such as the problems of a plan. */
function facts(shape: ErrorShape): string[] {
  const { context } = shape;
  const lines: string[] = [];
  for (const value of Object.values(context)) {
    if (Array.isArray(value)) lines.push(...value.map(String).filter((entry) => !shape.message.includes(entry)));
  }
  for (const field of ['detail', 'hint', 'where'] as const) {
    const text = context[field];
    if (text !== undefined && text !== '' && !shape.message.includes(text) && !shape.remedy.includes(text)) lines.push(`${field}: ${text}`);
  }
  if (context.sqlstate !== undefined && !shape.message.includes(context.sqlstate)) lines.push(`SQLSTATE ${context.sqlstate}`);
  return lines;
}
