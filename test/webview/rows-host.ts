import type { Cell, RowsColumn, RowsPage, RowsView } from '../../src/core/model/rows.ts';
import type { RowsPanelInit, RowsPanelMethods } from '../../src/protocol/rows-panel.ts';
import { MigrationError } from '../../src/core/errors.ts';
import type { PanelHost } from '../helpers/webview.ts';

const column = (name: string, type: string, more: Partial<RowsColumn> = {}): RowsColumn => ({
  name,
  type,
  nullable: true,
  key: null,
  align: 'left',
  vector: null,
  references: null,
  ...more,
});

const columns: readonly RowsColumn[] = [
  column('id', 'bigint', { key: 0, nullable: false, align: 'right' }),
  column('title', 'text'),
  column('category', 'text'),
  column('confidence', 'float8', { align: 'right' }),
  column('entities', 'jsonb'),
  column('submitted_at', 'timestamptz'),
  column('reporter_id', 'uuid', { references: { schema: 'public', table: 'reporters', column: 'id' } }),
  column('notes', 'text'),
  column('embedding', 'vector(384)', { vector: 384 }),
];

export function init(estimatedRows: number): RowsPanelInit {
  return {
    subject: { side: 'target', profile: 'embedded', schema: 'public', table: 'reports' },
    table: { label: 'public.reports', columns, estimatedRows, dialect: 'postgresql' },
    canCompare: true,
  };
}

/** A table of `rows` rows: the values of a row follow from its number, and a filter `false` finds none. */
export function rowsHost(rows: number): PanelHost<RowsPanelMethods> {
  return {
    ready: () => init(rows),
    page: ({ view, offset, limit }) => page(rows, view, offset, limit),
    count: ({ filter }) => matching(rows, filter),
    row: ({ offset, view }) => rowOf(view, offset, rows, false),
    openCell: () => null,
    openSql: () => null,
    exportRows: () => ({ rows }),
    openNeighbours: () => null,
    openReferenced: () => null,
    openRowDiff: () => null,
    copyText: () => null,
  };
}

export function page(rows: number, view: RowsView, offset: number, limit: number): RowsPage {
  const count = matching(rows, view.filter);
  const names = view.columns ?? columns.map(({ name }) => name);
  const shown = Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, at) => {
    const whole = rowOf(view, offset + at, count, true);
    return names.map((name) => whole[columns.findIndex((each) => each.name === name)] ?? null);
  });
  const where = view.filter === null ? '' : ` WHERE ${view.filter}`;
  const order = view.sort.map(({ column, descending }) => `${column}${descending ? ' DESC' : ''}`);
  return {
    offset,
    rows: shown,
    columns: names,
    sql: `SELECT ${names.join(', ')} FROM public.reports${where} ORDER BY ${[...order, 'id'].join(', ')}`,
    seconds: 0.031,
  };
}

/** What the server would say: `nowhere` is no column. */
function matching(rows: number, filter: string | null): number {
  if (filter === null) return rows;
  if (filter.includes('nowhere')) throw new MigrationError('internal', { context: { detail: 'column "nowhere" does not exist' } });
  return filter === 'false' ? 0 : Math.min(rows, 1284);
}

export const longText = 'Water has been running down the road since early morning. '.repeat(40);

function rowOf(view: RowsView, offset: number, rows: number, inPage: boolean): Cell[] {
  const id = view.sort.some(({ descending }) => descending) ? rows - 1 - offset : offset;
  const length = inPage ? 48 : 384;
  const values = Float32Array.from({ length }, (_, at) => Math.sin(id + at) * Math.cos(at * 0.7) * 0.16);
  return [
    String(id),
    `Report ${id}: burst water main\nflooding Lusaka Road`,
    'water',
    (0.8 + (id % 200) / 1000).toFixed(3),
    id % 7 === 3 ? null : `{"street": "Lusaka Road", "shops": ${id % 5}, "near": ["market", "clinic"], "open": true}`,
    `2026-02-27 05:${String(id % 60).padStart(2, '0')}:12.204+00`,
    '41d7c0aa-6d2a-4f0e-9b1d-2f7730c1a954',
    inPage ? { text: longText.slice(0, 200), cut: longText.length } : longText,
    id % 9 === 5 ? null : { dimensions: 384, values },
  ];
}
