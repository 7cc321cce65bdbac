import type { NeighboursResult } from '../../core/index.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import type { NeighboursDocument } from './neighbours-document.ts';
import { sourceLines } from './source-lines.ts';
import { suggestionLines } from './suggestion-lines.ts';
import { textTable } from './text-table.ts';

/** Payload columns and characters of a value that fit on a screen; --json has them all. */
const shownColumns = 5;
const shownCharacters = 40;

/** The neighbours as a table: rank, distance, similarity, payload. */
export function renderNeighbours(result: NeighboursResult, document: NeighboursDocument): string {
  const columns = result.columns.slice(0, shownColumns);
  const rows = document.neighbours.map((neighbour, i) => [
    String(i + 1),
    neighbour.distance.toFixed(4),
    neighbour.similarity.toFixed(3),
    ...(keyed(result) ? [] : [neighbour.key.join(':')]),
    ...columns.map((column) => shorten(neighbour.row[column.name] ?? null)),
  ]);
  const titles = [
    { title: 'rank', align: 'right' as const },
    { title: 'distance', align: 'right' as const },
    { title: 'similarity', align: 'right' as const },
    ...(keyed(result) ? [] : [{ title: 'place' }]),
    ...columns.map((column) => ({ title: column.name, align: column.align })),
  ];
  const hidden = result.columns.length - columns.length;
  return `${[
    ...headline(result, document),
    '',
    ...(rows.length === 0 ? ['  no neighbours'] : textTable(titles, rows)),
    ...(hidden > 0 ? ['', `${formatNumber(hidden, 'more column')} with --json`] : []),
    ...(document.warning === null ? [] : ['', visibleControls(document.warning)]),
    ...(document.suggestion === null ? [] : ['', ...suggestionLines(document.suggestion)]),
    ...(document.source === null ? [] : ['', ...sourceLines(document.source)]),
  ].join('\n')}\n`;
}

function headline(result: NeighboursResult, document: NeighboursDocument): string[] {
  const { index } = document;
  const how = index === null ? 'exact: every row compared' : `index ${index.name} (${index.method})${index.used ? '' : ', not used'}`;
  const recall = document.recall === null ? [] : [`recall@${result.exact.neighbours.length} ${document.recall.toFixed(2)}`];
  const facts = [how, `${(document.seconds * 1000).toFixed(1)} ms`, ...recall];
  return [
    visibleControls(
      `${result.table}, column ${result.column} (${formatNumber(result.dimensions, 'dimension')}), ${formatNumber(result.rows, 'row')} with a vector`,
    ),
    visibleControls(`metric ${result.metric}; ${facts.join('; ')}`),
  ];
}

/** Without a key a row is told by its place, which is no column. */
function keyed(result: NeighboursResult): boolean {
  return result.columns.some((column) => column.key !== null);
}

function shorten(text: string | null): string {
  if (text === null) return 'NULL';
  const line = text.replace(/\s+/g, ' ');
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters - 1)}…` : line;
}
