import type { ReportSection } from './report-block.ts';
import type { RunReport } from './run-report.ts';
import { shellWord } from './shell-word.ts';

/** What to do with the result: the switch of the application, and the way back. */
export function cutOverSection(report: RunReport): ReportSection {
  const command = (name: string, ...more: string[]) =>
    ['sluice', name, report.runId, '--target', report.target.name, ...more].map(shellWord).join(' ');
  if (report.status === 'rolled-back') return { title: 'Next', blocks: [{ kind: 'text', text: 'Nothing: the run is rolled back.' }] };
  return {
    title: 'Cut-over and the way back',
    blocks: [
      {
        kind: 'tasks',
        items: [
          'Stop whatever writes to the source.',
          'If the source changed since this run, roll the run back and run the plan again: a plan whose source changed says so by itself.',
          'Verify once more, with the writers stopped (command below): it must say match.',
          'Give the application a role of its own that may read and write rows in the schema, not a superuser.',
          'Switch the application: put the new connection URL into its environment (.env), never into code.',
          'Keep the source, read-only, until the application has run on PostgreSQL for as long as you would need to notice a mistake.',
        ],
      },
      { kind: 'heading', text: 'Verify again' },
      { kind: 'code', language: 'sh', text: command('verify') },
      { kind: 'heading', text: 'Roll back' },
      {
        kind: 'text',
        text: 'Drops what this run created and nothing else; it refuses when rows were changed since or when something of yours depends on them. The source was never written to, so the application can go back to it.',
      },
      { kind: 'code', language: 'sh', text: command('rollback') },
    ],
  };
}
