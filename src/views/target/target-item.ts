import type { TargetSchema, TargetTable } from '../../core/model/target-tree.ts';
import type { TargetEntry } from '../../host/host.ts';
import { commandIds } from '../../ids.ts';
import { formatCount, formatSize } from '../format-quantity.ts';
import { escapeMarkdown } from '../messages.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';

/** "embedded  PostgreSQL 15.18 · pgvector 0.8.0", "env:DATABASE_URL  not connected". */
export function targetItem(entry: TargetEntry, isCurrent: boolean, t: Translate): TreeItemSpec {
  const { profile, connected } = entry;
  const label = profile.kind === 'environment' ? profile.id : profile.label;
  const facts = stateOf(entry, t);
  const tooltip = [
    `**${escapeMarkdown(label)}**`,
    escapeMarkdown(profile.detail),
    facts.map(escapeMarkdown).join(' · '),
    ...(profile.isProtected ? [t('Protected: its name must be typed before anything is written.')] : []),
    ...(isCurrent ? [t('New plans use this target.')] : []),
    ...(entry.tree.error === null ? [] : [escapeMarkdown(`${entry.tree.error.message} ${entry.tree.error.remedy}`)]),
  ];
  return {
    label,
    description: facts.join(' · '),
    icon: iconOf(entry),
    state: !connected ? 'leaf' : isCurrent ? 'expanded' : 'collapsed',
    ...(connected ? { variant: ' connected' } : {}),
    context: `target-${connected ? 'connected' : 'disconnected'}${profile.kind === 'saved' ? '-saved' : ''}`,
    tooltip: tooltip.join('\n\n'),
  };
}

function stateOf({ profile, connected, tree }: TargetEntry, t: Translate): readonly string[] {
  if (!connected) return [profile.kind === 'embedded' ? t('made by the first run') : t('not connected')];
  if (tree.error !== null) return [t('not available')];
  if (tree.value === null) return [tree.loading ? t('connecting…') : profile.detail];
  const { serverVersion, vectorVersion, vectorAvailable } = tree.value;
  const vector =
    vectorVersion !== null
      ? `pgvector ${vectorVersion}`
      : vectorAvailable !== null
        ? t('pgvector {0} not installed yet', vectorAvailable)
        : t('without pgvector');
  return [`PostgreSQL ${serverVersion}`, vector];
}

function iconOf({ profile, connected, tree }: TargetEntry): NonNullable<TreeItemSpec['icon']> {
  if (tree.error !== null) return { id: 'warning', color: 'list.warningForeground' };
  const id = profile.isProtected ? 'lock' : 'database';
  return connected ? { id, color: 'charts.green' } : { id };
}

/** "public  15 tables · 412 MB". */
export function schemaItem({ name, tables, bytes }: TargetSchema, t: Translate): TreeItemSpec {
  const count = tables.length === 1 ? t('1 table') : t('{0} tables', formatCount(tables.length));
  return {
    label: name,
    description: `${count} · ${formatSize(bytes)}`,
    icon: { id: name === 'sluice' ? 'archive' : 'folder' },
    state: name === 'public' ? 'expanded' : 'collapsed',
    context: 'schema',
    ...(name === 'sluice' ? { tooltip: t('What Sluice remembers of its runs: checkpoints, rejects, created objects.') } : {}),
  };
}

const tableIcons: Record<TargetTable['kind'], string> = {
  table: 'table',
  partitioned: 'layers',
  view: 'eye',
  'materialized-view': 'eye',
  foreign: 'link-external',
};

/** "reports  ~48,211 rows · 171 MB"; the tilde marks the server's estimate. */
export function targetTableItem({ name, kind, estimatedRows, bytes }: TargetTable, t: Translate): TreeItemSpec {
  const facts = [
    ...(kind === 'table' ? [] : [kindTitle(kind, t)]),
    ...(estimatedRows === null ? [] : [estimatedRows === 1 ? t('~1 row') : t('~{0} rows', formatCount(estimatedRows))]),
    ...(kind === 'view' || kind === 'foreign' ? [] : [formatSize(bytes)]),
  ];
  return {
    label: name,
    description: facts.join(' · '),
    icon: { id: tableIcons[kind] },
    state: 'collapsed',
    context: 'target-table',
    command: { id: commandIds.openRows, title: t('Open Rows') },
  };
}

function kindTitle(kind: Exclude<TargetTable['kind'], 'table'>, t: Translate): string {
  const titles = { partitioned: t('partitioned'), view: t('view'), 'materialized-view': t('materialized view'), foreign: t('foreign') };
  return titles[kind];
}
