import { beginning } from '../../core/model/beginning.ts';
import { formatCount, formatNumber } from '../../core/report/format-quantity.ts';
import { cellText } from '../../core/model/cell-text.ts';
import type { ComparedRow, RowComparison } from '../../core/model/row-comparison.ts';
import type { Cell } from '../../core/model/rows.ts';
import { textTable } from './text-table.ts';

/** The document of `rows --json`: cells as text or null, by the name of the column in the target. */
export function comparisonJson(comparison: RowComparison): unknown {
  const { table, counts, columns } = comparison;
  const byName = (cells: readonly Cell[] | null): Readonly<Record<string, string | null>> | null =>
    cells === null ? null : Object.fromEntries(columns.map(({ name }, i) => [name, cellText(cells[i] ?? null)]));
  return {
    table,
    counts,
    rows: comparison.rows.map((row) => ({
      key: row.key,
      state: row.state,
      source: byName(row.source),
      target: byName(row.target),
      columns: row.columns,
      provenance: row.provenance,
    })),
  };
}

/** The counts, then a line per differing cell. `state`: only rows of it were asked for. */
export function renderComparison(comparison: RowComparison, state: ComparedRow['state'] | null): string[] {
  const { table, counts, rows } = comparison;
  const all = state === null ? counts.different + counts.missing + counts.extra : counts[state];
  const words = (['equal', 'different', 'missing', 'extra'] as const).map((name) => `${formatCount(counts[name])} ${name}`);
  const lines = [`${table}: ${words.join(', ')}`];
  if (rows.length > 0) {
    lines.push(
      ...textTable(
        [{ title: 'key' }, { title: 'state' }, { title: 'column' }, { title: 'source' }, { title: 'target' }, { title: 'rule or place' }],
        rows.flatMap(rowLines(comparison)),
      ),
    );
  }
  if (rows.length < all) lines.push(`  ${formatCount(rows.length)} of ${formatNumber(all, 'row')} shown; --limit shows more.`);
  return lines;
}

const shownCharacters = 60;

/** A row that differs has a line per cell; one that is on one side only has one line with its values. */
function rowLines(comparison: RowComparison): (row: ComparedRow) => string[][] {
  const at = new Map(comparison.columns.map(({ name }, i) => [name, i]));
  return (row) => {
    const key = row.key.join(', ');
    if (row.state !== 'different') return [[key, row.state, '', wholeRow(row.source), wholeRow(row.target), row.provenance ?? '']];
    return row.columns.map((cell, i) => {
      const place = at.get(cell.name) ?? -1;
      return [
        i === 0 ? key : '',
        i === 0 ? row.state : '',
        cell.name,
        shown(row.source?.[place] ?? null),
        shown(row.target?.[place] ?? null),
        cell.rule,
      ];
    });
  };
}

function wholeRow(cells: readonly Cell[] | null): string {
  return cells === null ? '' : beginning(cells.map((cell) => cellText(cell) ?? 'NULL').join(' | '), shownCharacters);
}

function shown(cell: Cell): string {
  return beginning(cellText(cell) ?? 'NULL', shownCharacters);
}
