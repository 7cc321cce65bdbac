import type { InspectedColumn } from '../../core/index.ts';
import type { StoreTable } from '../../core/model/store-summary.ts';
import { commandIds } from '../../ids.ts';
import { columnIcon } from '../column-icon.ts';
import { formatCount } from '../format-quantity.ts';
import { escapeMarkdown } from '../messages.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';

/** "memory_entities  52,118 rows". */
export function storeTableItem(table: StoreTable, t: Translate): TreeItemSpec {
  return {
    label: table.name,
    ...(table.rows === null ? {} : { description: table.rows === 1 ? t('1 row') : t('{0} rows', formatCount(table.rows)) }),
    icon: { id: 'table' },
    state: 'collapsed',
    context: 'store-table',
    command: { id: commandIds.openRows, title: t('Open Rows') },
  };
}

/** "strength  REAL → numeric(5,2)"; the second half once values were looked at. */
export function storeColumnItem(column: StoreTable['columns'][number], inspected: InspectedColumn | null, t: Translate): TreeItemSpec {
  const declared = column.declared === '' ? t('no type') : column.declared;
  const tooltip = [
    `**${escapeMarkdown(column.name)}** ${escapeMarkdown(declared)}`,
    column.key ? t('Part of the primary key') : column.nullable ? t('May be NULL') : t('Never NULL'),
    ...(inspected === null ? [] : [`→ ${escapeMarkdown(inspected.inferred)}`, escapeMarkdown(inspected.evidence)]),
  ];
  return {
    label: column.name,
    description: inspected === null ? declared : `${declared} → ${inspected.inferred}`,
    icon: columnIcon(inspected?.inferred ?? column.declared, column.key),
    state: 'leaf',
    context: 'store-column',
    tooltip: tooltip.filter((part) => part !== '').join('\n\n'),
  };
}
