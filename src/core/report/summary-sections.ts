import { comparedInPart } from '../model/compared-in-part.ts';
import { formatBytes, formatCount, formatNumber, formatSeconds } from './format-quantity.ts';
import { left, right, type ReportBlock, type ReportSection } from './report-block.ts';
import type { RunReport } from './run-report.ts';

/** How it ended, what ran where, per table and per phase. */
export function summarySections(report: RunReport): ReportSection[] {
  return [
    { title: 'Summary', blocks: [{ kind: 'text', text: verdict(report) }, ...failure(report), facts(report)] },
    tables(report),
    ...existingTables(report),
    ...watermarks(report),
    ...partitions(report),
    ...timings(report),
  ];
}

/** One sentence that a hurried reader may stop at. */
function verdict(report: RunReport): string {
  const written = report.tables.reduce((sum, table) => sum + table.rowsWritten, 0);
  const carried = `${formatNumber(written, 'row')} in ${formatNumber(report.tables.length, 'table')}`;
  const proof = {
    match: `every cell${comparedInPart(report.verification).length > 0 ? ' of the rows that were read' : ''} was compared and matches`,
    mismatch: 'the comparison FOUND DISCREPANCIES',
    skipped: 'the result was not verified',
  }[report.verification.status];
  switch (report.status) {
    case 'done':
      return `Done: ${carried}; ${proof}.`;
    case 'partial':
      return `Partial: ${carried}, ${formatNumber(report.rejects.total, 'row')} rejected; ${proof}.`;
    case 'rolled-back':
      return `Rolled back: what the run had created is gone. Before, it had written ${carried}.`;
    case 'cancelled':
      return `Cancelled after ${carried}; what was written stays and the run can be resumed.`;
    case 'failed':
      return `Failed after ${carried}; what was written stays and the run can be resumed or rolled back.`;
    case 'running':
      return `Not finished: ${carried} so far.`;
  }
}

function failure({ error }: RunReport): ReportBlock[] {
  if (error === null) return [];
  const server = [error.context.detail, error.context.hint].filter((text) => text !== undefined && !error.message.includes(text));
  return [
    { kind: 'heading', text: 'What ended it' },
    { kind: 'list', items: [error.message, error.remedy, ...(server as string[])] },
  ];
}

function facts(report: RunReport): ReportBlock {
  const { target } = report;
  return {
    kind: 'table',
    columns: [left('what'), left('value')],
    rows: [
      ['run', report.runId],
      ['status', report.status],
      ['verification', report.verification.status],
      ...report.sources.map((source) => [`source ${source.name}`, `${source.kind}, ${source.location}, fingerprint ${source.fingerprint}`]),
      ...report.backups.map((backup) => [
        `backup of ${backup.source}`,
        `${backup.path}, ${formatBytes(backup.bytes)}, SHA-256 ${backup.sha256}`,
      ]),
      ['target', `${target.label}, schema ${target.schema}`],
      [
        'server',
        `PostgreSQL ${target.serverVersion}${target.vectorVersion === null ? ', without pgvector' : `, pgvector ${target.vectorVersion}`}`,
      ],
      ['started', report.startedAt],
      ['finished', report.finishedAt ?? 'not finished'],
      ['plan', report.planHash],
      ['Sluice', report.engineVersion],
      ...(report.peakRssMb === null ? [] : [['peak memory', `${formatCount(report.peakRssMb)} MB`]]),
    ],
  };
}

function tables(report: RunReport): ReportSection {
  const rows = report.tables.map((table) => [
    table.from,
    table.to,
    formatCount(table.rowsRead),
    formatCount(table.rowsWritten),
    formatCount(table.rowsRejected),
    formatBytes(table.bytes),
    formatSeconds(table.seconds),
  ]);
  const columns = [left('from'), left('to'), right('rows read'), right('written'), right('rejected'), right('bytes'), right('time')];
  return {
    title: 'Tables',
    blocks: rows.length === 0 ? [{ kind: 'text', text: 'No table was loaded.' }] : [{ kind: 'table', columns, rows }],
  };
}

/** What became of rows that were in the target before the run. */
function existingTables(report: RunReport): ReportSection[] {
  const count = (rows: number | null): string => (rows === null ? '?' : formatCount(rows));
  const there = report.tables.flatMap(({ to, existing }) => (existing === undefined ? [] : [{ to, existing }]));
  if (there.length === 0) return [];
  const synced = there.some(({ existing }) => existing.unchanged !== undefined);
  const rows = there.map(({ to, existing: { mode, inserted, updated, deleted, leftAlone, unchanged = null, gone = null } }) => [
    ...[to, mode, count(inserted), count(updated), count(deleted), count(leftAlone)],
    ...(synced ? [count(unchanged), count(gone)] : []),
  ]);
  const columns = [
    ...[left('table'), left('mode'), right('inserted'), right('updated'), right('deleted'), right('left alone')],
    ...(synced ? [right('unchanged'), right('gone from source')] : []),
  ];
  const text = 'These tables were in the target before the run; it neither made nor altered them. All others it made.';
  return [
    {
      title: 'Tables that were there',
      blocks: [
        { kind: 'text', text },
        { kind: 'table', columns, rows },
      ],
    },
  ];
}

/** What was read of tables that are synced by a watermark. */
function watermarks(report: RunReport): ReportSection[] {
  const rows = report.tables.flatMap(({ to, watermark }) =>
    watermark === undefined ? [] : [[to, watermark.column, watermark.since ?? 'all rows', watermark.reached ?? 'all rows']],
  );
  if (rows.length === 0) return [];
  const text =
    'Rows below the value that was read from, other than those without a value, were not looked at: a row that changed and kept a lower value, and one that is gone from the source, are not seen.';
  return [
    {
      title: 'Watermarks',
      blocks: [
        { kind: 'text', text },
        { kind: 'table', columns: ['table', 'column', 'read from', 'next run reads from'].map(left), rows },
      ],
    },
  ];
}

/** Where the rows of partitioned tables went; a default partition with rows wants a look. */
function partitions(report: RunReport): ReportSection[] {
  const rows = report.tables.flatMap(({ to, partitions: parts = [] }) =>
    parts.map(({ name, rows: count, isDefault }) => [to, isDefault ? `${name} (default)` : name, formatCount(count)]),
  );
  if (rows.length === 0) return [];
  return [{ title: 'Partitions', blocks: [{ kind: 'table', columns: [left('table'), left('partition'), right('rows')], rows }] }];
}

function timings({ seconds }: RunReport): ReportSection[] {
  if (seconds === null) return [];
  const rows = [
    ['read and plan', seconds.plan],
    ['create tables', seconds.preData],
    ['load rows', seconds.data],
    ['keys and indexes', seconds.postData],
    ['verify', seconds.verify],
    ['all', seconds.total],
  ] as const;
  return [
    {
      title: 'Timings',
      blocks: [{ kind: 'table', columns: [left('phase'), right('time')], rows: rows.map(([phase, time]) => [phase, formatSeconds(time)]) }],
    },
  ];
}
