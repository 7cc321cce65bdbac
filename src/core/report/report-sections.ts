import { cutOverSection } from './cut-over-section.ts';
import { outcomeSections } from './outcome-sections.ts';
import { planSections } from './plan-sections.ts';
import type { ReportSection } from './report-block.ts';
import type { RunReport } from './run-report.ts';
import { summarySections } from './summary-sections.ts';
import { verificationSections } from './verification-sections.ts';

/** The whole report in reading order: the result first, then the proof, then what was planned and done, then what to do next. */
export function reportSections(report: RunReport): ReportSection[] {
  return [
    ...summarySections(report),
    ...verificationSections(report.verification),
    ...outcomeSections(report),
    ...planSections(report),
    cutOverSection(report),
  ];
}

export function reportTitle(report: RunReport): string {
  return `Migration report: ${report.name}`;
}
