import type { Verification } from '../../core/index.ts';
import { comparedInPart } from '../../core/model/compared-in-part.ts';
import { formatCount } from '../../core/report/format-quantity.ts';
import { isTableMatch } from '../../core/model/is-table-match.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { textTable } from './text-table.ts';

type TableVerification = Verification['tables'][number];
type Parity = NonNullable<Verification['parity']>[number];

/** One line per table, then what is wrong and what is worth knowing. */
export function renderVerification(verification: Verification): string[] {
  if (verification.status === 'skipped') return ['verification: skipped'];
  return [
    `verification: ${verification.status === 'match' ? 'match' : 'MISMATCH'}`,
    ...textTable(
      [
        { title: 'table' },
        { title: 'result' },
        { title: 'source rows', align: 'right' },
        { title: 'target rows', align: 'right' },
        { title: 'missing', align: 'right' },
        { title: 'extra', align: 'right' },
        { title: 'different', align: 'right' },
        { title: 'aggregates' },
      ],
      verification.tables.map((table) => [
        table.table,
        isTableMatch(table) ? 'match' : 'MISMATCH',
        ...[table.sourceRows, table.targetRows, table.missing, table.extra, table.different].map(formatCount),
        aggregates(table),
      ]),
    ),
    ...inPart(verification),
    ...verification.tables.flatMap(discrepancies),
    ...verification.tables.flatMap(constraints),
    ...(verification.parity ?? []).flatMap(parity),
  ];
}

function inPart(verification: Verification): string[] {
  const tables = comparedInPart(verification);
  return tables.length === 0
    ? []
    : [`  only the rows that the run read were compared in ${visibleControls(tables.join(', '))}; "sluice verify" compares all`];
}

function parity({ name, status, sourceSeconds, targetSeconds, differences, message }: Parity): string[] {
  const times =
    sourceSeconds === null || targetSeconds === null ? '' : ` (source ${sourceSeconds.toFixed(3)} s, target ${targetSeconds.toFixed(3)} s)`;
  const answer = (cells: readonly (string | null)[] | null): string =>
    cells === null ? 'no row' : `(${cells.map((cell) => cell ?? 'NULL').join(', ')})`;
  return [
    `  parity: ${name}: ${status === 'mismatch' ? 'MISMATCH' : status}${times}${message === null ? '' : `: ${message}`}`,
    ...differences.slice(0, shownDiscrepancies).map(({ row, source, target }) => `    row ${row}: ${answer(source)} → ${answer(target)}`),
  ].map(visibleControls);
}

function aggregates(table: TableVerification): string {
  if (table.notIndependentlyChecked !== null) return `not checked: ${table.notIndependentlyChecked}`;
  const equal = table.aggregates.filter((check) => check.equal).length;
  return `${equal} of ${table.aggregates.length} equal`;
}

const shownDiscrepancies = 5;

function discrepancies(table: TableVerification): string[] {
  const lines = table.discrepancies.slice(0, shownDiscrepancies).map((row) => {
    const cells = row.columns.map((cell) => `${cell.name}: ${cell.source ?? 'NULL'} → ${cell.target ?? 'NULL'} (${cell.rule})`);
    return `  ${visibleControls([`${table.table} key (${row.key.join(', ')}) ${row.state}`, ...cells].join('; '))}`;
  });
  const unequal = table.aggregates.filter((check) => !check.equal);
  return [
    ...lines,
    ...unequal.map(
      (check) =>
        `  ${visibleControls(`${table.table}.${check.column} ${check.aggregate}: ${check.source ?? 'NULL'} → ${check.target ?? 'NULL'}`)}`,
    ),
  ];
}

function constraints(table: TableVerification): string[] {
  return table.constraints
    .filter((check) => check.status !== 'ok')
    .map((check) => `  ${visibleControls(`${check.status}: ${table.table} ${check.name}: ${check.message}`)}`);
}
