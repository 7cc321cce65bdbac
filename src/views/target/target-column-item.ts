import type { TargetTableDetails } from '../../core/model/target-tree.ts';
import { columnIcon } from '../column-icon.ts';
import { formatCount, formatSize } from '../format-quantity.ts';
import { escapeMarkdown } from '../messages.ts';
import { shortType } from '../short-type.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';

/** "embedding  vector(384) · hnsw cosine", "submitted_at  timestamptz". */
export function targetColumnItem(column: TargetTableDetails['columns'][number], t: Translate): TreeItemSpec {
  const type = shortType(column.type);
  const indexes = column.vectorIndexes.map(({ label, method, metric, opclass }) => {
    // Candidates by their signs are ranked by whatever distance is asked for.
    return opclass === 'bit_hamming_ops' && label !== method ? label : `${label} ${metric ?? opclass}`;
  });
  const reference = column.references;
  const tooltip = [
    `**${escapeMarkdown(column.name)}** ${escapeMarkdown(column.type)}`,
    column.key !== null ? t('Part of the primary key') : column.nullable ? t('May be NULL') : t('Never NULL'),
    ...(column.default === null ? [] : [`${t('Default')}: ${escapeMarkdown(column.default)}`]),
    ...(reference === null
      ? []
      : [`→ ${escapeMarkdown([reference.schema, reference.table, reference.column].filter((part) => part !== null).join('.'))}`]),
    ...column.vectorIndexes.map((index) => escapeMarkdown(`${index.name}: ${index.label} ${index.opclass}, ${formatSize(index.bytes)}`)),
  ];
  return {
    label: column.name,
    description: [type, ...new Set(indexes)].join(' · '),
    icon: columnIcon(type, column.key !== null),
    state: 'leaf',
    context: column.vector === null ? 'target-column' : 'target-column-vector',
    tooltip: tooltip.join('\n\n'),
  };
}

export function constraintItem({ name, kind, definition, valid }: TargetTableDetails['constraints'][number], t: Translate): TreeItemSpec {
  const icons = { 'primary-key': 'key', unique: 'star-empty', check: 'checklist', 'foreign-key': 'references' } as const;
  return {
    label: name,
    description: valid ? definition : `${t('not validated')} · ${definition}`,
    icon: valid ? { id: icons[kind] } : { id: 'warning', color: 'list.warningForeground' },
    state: 'leaf',
    context: 'constraint',
    tooltip: escapeMarkdown(definition),
  };
}

export function indexItem({ name, method, definition, bytes, valid }: TargetTableDetails['indexes'][number], t: Translate): TreeItemSpec {
  return {
    label: name,
    description: [...(valid ? [] : [t('not valid')]), method, formatSize(bytes)].join(' · '),
    icon: valid ? { id: 'list-ordered' } : { id: 'warning', color: 'list.warningForeground' },
    state: 'leaf',
    context: 'index',
    tooltip: escapeMarkdown(definition),
  };
}

/** "Indexes  6". */
export function groupItem(id: string, label: string, count: number): TreeItemSpec {
  return {
    label,
    description: formatCount(count),
    icon: { id: id === 'indexes' ? 'list-ordered' : 'checklist' },
    state: 'collapsed',
    context: `group-${id}`,
  };
}
