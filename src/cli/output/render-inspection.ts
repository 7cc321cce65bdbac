import type { InspectedTable, InspectResult } from '../../core/index.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { textTable } from './text-table.ts';

/** Stores, their tables, and per column what was declared, what was inferred and why. */
export function renderInspection(result: InspectResult): string {
  return result.stores
    .flatMap((store) => [
      `${store.kind} store ${visibleControls(store.location)}: ${formatNumber(store.tables.length, 'table')}`,
      `fingerprint ${store.fingerprint}`,
      ...store.tables.flatMap((table) => ['', ...renderTable(table)]),
      '',
    ])
    .join('\n');
}

function renderTable(table: InspectedTable): string[] {
  const key = table.primaryKey.length === 0 ? 'no primary key' : `primary key (${table.primaryKey.join(', ')})`;
  const references = table.foreignKeys.map(
    (foreign) => `(${foreign.columns.join(', ')}) → ${foreign.references}(${foreign.referencesColumns.join(', ')})`,
  );
  const facts = [
    formatNumber(table.rows, 'row'),
    key,
    ...(references.length === 0 ? [] : [`references ${references.join(', ')}`]),
    ...(table.indexes.length === 0 ? [] : [formatNumber(table.indexes.length, 'index', 'indexes')]),
  ];
  return [
    visibleControls(`${table.name}: ${facts.join('; ')}`),
    ...textTable(
      [{ title: 'column' }, { title: 'declared' }, { title: 'inferred' }, { title: 'nulls' }, { title: 'evidence' }],
      table.columns.map((column) => [
        column.name,
        column.declared || '-',
        column.inferred,
        column.nullable ? 'allowed' : 'no',
        column.evidence,
      ]),
    ),
    ...table.columns.flatMap(({ name, indexAdvice }) =>
      indexAdvice === undefined ? [] : [visibleControls(`index for neighbours of ${name}: ${indexAdvice}`)],
    ),
  ];
}
