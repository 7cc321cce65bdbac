import { formatCount, formatNumber } from './format-quantity.ts';
import { left, right, short, type ReportBlock, type ReportSection } from './report-block.ts';
import type { RunReport } from './run-report.ts';

/** What did not arrive as it was: rejected rows, rows without a parent, changed values, warnings. Empty sections say so: silence proves nothing. */
export function outcomeSections(report: RunReport): ReportSection[] {
  return [
    { title: 'Rejected rows', blocks: rejects(report) },
    { title: 'Rows without a parent', blocks: orphans(report) },
    { title: 'Values that changed', blocks: losses(report) },
    { title: 'Warnings', blocks: warnings(report) },
    ...preflight(report),
  ];
}

function rejects({ rejects: { total, shown } }: RunReport): ReportBlock[] {
  if (total === 0) return [{ kind: 'text', text: 'None.' }];
  const part =
    shown.length < total ? `The first ${formatCount(shown.length)} of ${formatNumber(total, 'row')}.` : `${formatNumber(total, 'row')}.`;
  const rows = shown.map((reject) => [
    reject.table,
    reject.provenance,
    reject.column ?? '-',
    reject.code,
    reject.message,
    reject.value === null ? '-' : short(reject.value),
  ]);
  return [
    { kind: 'text', text: part },
    { kind: 'table', columns: ['table', 'where', 'column', 'code', 'reason', 'value'].map(left), rows },
  ];
}

/** They are in the target, unlike rejected rows. */
function orphans({ orphans: lists }: RunReport): ReportBlock[] {
  if (lists.length === 0) return [{ kind: 'text', text: 'None.' }];
  const total = lists.reduce((sum, list) => sum + list.total, 0);
  const shown = lists.reduce((sum, list) => sum + list.rows.length, 0);
  const part = shown < total ? `; ${formatCount(shown)} of them are listed` : '';
  const text = `${formatNumber(total, 'row')}, loaded${part}. Their foreign keys are NOT VALID, or not created where the plan says so.`;
  const rows = lists.flatMap((list) =>
    list.rows.map((row) => [
      list.table,
      row.key === null ? '-' : short(row.key.join(', ')),
      row.provenance ?? '-',
      list.constraint,
      list.columns.join(', '),
      row.values === null ? '-' : short(row.values.join(', ')),
      `${list.references} (${list.referencesColumns.join(', ')})`,
    ]),
  );
  const columns = ['table', 'key', 'where', 'foreign key', 'column', 'value', 'refers to'].map(left);
  return [
    { kind: 'text', text },
    { kind: 'table', columns, rows },
  ];
}

function losses(report: RunReport): ReportBlock[] {
  if (report.losses.length === 0) return [{ kind: 'text', text: 'None: every value arrived exactly.' }];
  const rows = report.losses.map((loss) => [
    loss.table,
    loss.column,
    loss.loss,
    loss.values === null ? '?' : formatCount(loss.values),
    loss.message,
  ]);
  return [{ kind: 'table', columns: [left('table'), left('column'), left('loss'), right('values'), left('what happened')], rows }];
}

function warnings(report: RunReport): ReportBlock[] {
  if (report.warnings.length === 0) return [{ kind: 'text', text: 'None.' }];
  const rows = report.warnings.map((warning) => [warning.table ?? '-', warning.code, warning.message]);
  return [{ kind: 'table', columns: ['table', 'code', 'warning'].map(left), rows }];
}

/** A run that was resumed was checked when it began. */
function preflight({ preflight: checked }: RunReport): ReportSection[] {
  if (checked === null) return [];
  const rows = checked.findings.map((finding) => [finding.code, finding.message, finding.remedy]);
  const blocks: ReportBlock[] =
    rows.length === 0
      ? [{ kind: 'text', text: 'Nothing was found.' }]
      : [{ kind: 'table', columns: ['code', 'found', 'remedy'].map(left), rows }];
  return [{ title: 'Found before the run', blocks }];
}
