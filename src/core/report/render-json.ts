import type { RunReport } from './run-report.ts';

/** The report as one JSON document: the value itself. */
export function renderJson(report: RunReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
