import type { AggregateCheck, ParityCheck, TableVerification, Verification } from '../model/discrepancy.ts';
import { comparedInPart } from '../model/compared-in-part.ts';
import { formatCount, formatNumber } from './format-quantity.ts';
import { left, right, short, type ReportBlock, type ReportSection } from './report-block.ts';
import { isTableMatch } from '../model/is-table-match.ts';

/** The proof: rows compared cell by cell, aggregates by each engine's own SQL, keys and sequences. */
export function verificationSections(verification: Verification): ReportSection[] {
  if (verification.status === 'skipped')
    return [{ title: 'Verification', blocks: [{ kind: 'text', text: 'Skipped: nothing is proved about this run.' }] }];
  return [
    { title: 'Verification', blocks: [overview(verification), ...inPart(verification), ...discrepancies(verification)] },
    { title: 'Independent aggregates', blocks: verification.tables.flatMap(aggregates) },
    { title: 'Keys and constraints', blocks: [constraints(verification)] },
    ...vectorSections(verification),
    ...paritySections(verification.parity ?? []),
  ];
}

function overview(verification: Verification): ReportBlock {
  return {
    kind: 'table',
    columns: [
      left('table'),
      left('result'),
      right('source rows'),
      right('target rows'),
      right('missing'),
      right('extra'),
      right('different'),
      left('columns that differ'),
    ],
    rows: verification.tables.map((table) => [
      table.table,
      isTableMatch(table) ? 'match' : 'MISMATCH',
      ...[table.sourceRows, table.targetRows, table.missing, table.extra, table.different].map(formatCount),
      Object.entries(table.differentByColumn)
        .map(([column, count]) => `${column}: ${formatCount(count)}`)
        .join(', ') || '-',
    ]),
  };
}

function inPart(verification: Verification): ReportBlock[] {
  const tables = comparedInPart(verification);
  if (tables.length === 0) return [];
  const text = `Only the rows that the run read were compared in ${tables.join(', ')}: those from the watermark on. "sluice verify" with the run's id compares all rows.`;
  return [{ kind: 'text', text }];
}

function discrepancies(verification: Verification): ReportBlock[] {
  const rows = verification.tables.flatMap((table) =>
    table.discrepancies.flatMap((row) => {
      const start = [table.table, short(row.key.join(', ')), row.state];
      const end = row.provenance ?? '-';
      if (row.columns.length === 0) return [[...start, '-', '-', '-', '-', end]];
      return row.columns.map((cell) => [...start, cell.name, short(cell.source), short(cell.target), cell.rule, end]);
    }),
  );
  if (rows.length === 0) return [];
  const columns = ['table', 'key', 'state', 'column', 'source', 'target', 'rule', 'where'].map(left);
  return [{ kind: 'heading', text: 'Discrepancies' }, ...partNote(verification), { kind: 'table', columns, rows }];
}

function partNote(verification: Verification): ReportBlock[] {
  const all = verification.tables.reduce((sum, table) => sum + table.missing + table.extra + table.different, 0);
  const shown = verification.tables.reduce((sum, table) => sum + table.discrepancies.length, 0);
  return shown >= all ? [] : [{ kind: 'text', text: `The first ${formatCount(shown)} of ${formatNumber(all, 'row')} with discrepancies.` }];
}

const aggregateKinds = ['nulls', 'distinct', 'min', 'max', 'sum', 'length'] as const;

function aggregates(table: TableVerification): ReportBlock[] {
  const heading: ReportBlock = { kind: 'heading', text: table.table };
  const columns = [...new Set(table.aggregates.map((check) => check.column))];
  const blocks: ReportBlock[] = [heading];
  if (table.notIndependentlyChecked !== null)
    blocks.push({ kind: 'text', text: `Not independently checked: ${table.notIndependentlyChecked}` });
  if (columns.length === 0) return table.notIndependentlyChecked === null ? [] : blocks;
  const rows = columns.map((column) => [column, ...aggregateKinds.map((kind) => aggregateCell(table.aggregates, column, kind))]);
  return [...blocks, { kind: 'table', columns: [left('column'), ...aggregateKinds.map(left)], rows }];
}

/** One value where both engines agree, both where they do not. */
function aggregateCell(checks: readonly AggregateCheck[], column: string, kind: AggregateCheck['aggregate']): string {
  const check = checks.find((candidate) => candidate.column === column && candidate.aggregate === kind);
  if (check === undefined) return '';
  return check.equal ? short(check.target, 32) : `${short(check.source, 32)} ≠ ${short(check.target, 32)}`;
}

function constraints(verification: Verification): ReportBlock {
  const rows = verification.tables.flatMap((table) =>
    table.constraints.map((check) => [table.table, check.kind, check.name, check.status, check.message]),
  );
  if (rows.length === 0) return { kind: 'text', text: 'There was nothing to check.' };
  return { kind: 'table', columns: ['table', 'kind', 'name', 'status', 'finding'].map(left), rows };
}

/** What the vectors of each column are like; it is told, and proves nothing. */
function vectorSections(verification: Verification): ReportSection[] {
  const columns = verification.tables.flatMap(({ table, vectors = [] }) =>
    vectors.map(({ column, health, leftOut }) => ({ name: `${table}.${column}`, health, leftOut })),
  );
  if (columns.length === 0) return [];
  const rows = columns.flatMap(({ name, health, leftOut }) => {
    if (health === null) return [[name, '-', 'left out', '-', leftOut ?? '']];
    return health.checks.map(({ check, state, count, message }) => [
      name,
      check,
      state === 'problem' ? 'PROBLEM' : state,
      formatCount(count),
      message,
    ]);
  });
  const blocks: ReportBlock[] = [
    { kind: 'table', columns: [left('column'), left('check'), left('result'), right('count'), left('finding')], rows },
    { kind: 'text', text: '"sluice health" names some of the rows, and examines what was left out.' },
  ];
  return [{ title: 'Vector health', blocks }];
}

/** The user's own queries; seconds are those of one call on each side, one after the other. */
function paritySections(checks: readonly ParityCheck[]): ReportSection[] {
  if (checks.length === 0) return [];
  const columns = [
    left('query'),
    left('result'),
    right('source rows'),
    right('target rows'),
    right('source s'),
    right('target s'),
    left('why'),
  ];
  const rows = checks.map((check) => [
    check.name,
    check.status === 'mismatch' ? 'MISMATCH' : check.status,
    ...[check.sourceRows, check.targetRows].map((count) => (count === null ? '-' : formatCount(count))),
    ...[check.sourceSeconds, check.targetSeconds].map((seconds) => (seconds === null ? '-' : seconds.toFixed(3))),
    check.message ?? '',
  ]);
  return [{ title: 'Parity queries', blocks: [{ kind: 'table', columns, rows }, ...parityDifferences(checks)] }];
}

function parityDifferences(checks: readonly ParityCheck[]): ReportBlock[] {
  const shown = (cells: readonly (string | null)[] | null): string =>
    cells === null ? '(no row)' : short(cells.map((cell) => cell ?? 'NULL').join(' | '));
  const rows = checks.flatMap(({ name, differences }) =>
    differences.map(({ row, source, target }) => [name, String(row), shown(source), shown(target)]),
  );
  return rows.length === 0 ? [] : [{ kind: 'table', columns: [left('query'), right('row'), left('source'), left('target')], rows }];
}
