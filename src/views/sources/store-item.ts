import { basename, dirname } from 'node:path';
import type { SourceKindName } from '../../core/model/source-kind.ts';
import type { StoreEntry } from '../../host/host.ts';
import { formatCount, formatSize } from '../format-quantity.ts';
import { escapeMarkdown } from '../messages.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';

const kindTitles: Record<SourceKindName, string> = {
  sqlite: 'SQLite',
  duckdb: 'DuckDB',
  delimited: 'CSV',
  parquet: 'Parquet',
  json: 'JSON',
  jac: 'Jac',
};

interface StoreItemParts {
  readonly shownPath: (path: string) => string;
  /** All stores, to tell those apart that have the same file name. */
  readonly list: readonly StoreEntry[];
  readonly t: Translate;
}

/** "widget-tdc.db  SQLite · 9 tables · 61 MB". */
export function storeItem(store: StoreEntry, { shownPath, list, t }: StoreItemParts): TreeItemSpec {
  const { path, recognised, summary, added } = store;
  const label = basename(path);
  const twins = list.some((other) => other.path !== path && basename(other.path) === label);
  const facts = [
    ...(twins ? [dirname(shownPath(path))] : []),
    kindTitles[recognised.kind],
    ...tableCount(store, t),
    formatSize(recognised.bytes),
    ...(summary.error === null ? [] : [summary.error.message]),
  ];
  const skipped = summary.value?.skipped ?? [];
  const tooltip = [
    `**${escapeMarkdown(shownPath(path))}**`,
    facts.map(escapeMarkdown).join(' · '),
    ...(summary.error === null ? [] : [escapeMarkdown(summary.error.remedy)]),
    ...(skipped.length === 0
      ? []
      : [t('Left out:'), skipped.map(({ name, reason }) => `- ${escapeMarkdown(`${name}: ${reason}`)}`).join('\n')]),
  ];
  return {
    label,
    description: facts.join(' · '),
    icon: summary.error === null ? { id: 'database' } : { id: 'warning', color: 'list.warningForeground' },
    state: 'collapsed',
    // The menus' patterns: /^store(?!-)/ and /^store.*added/.
    context: added ? 'store.added' : 'store',
    tooltip: tooltip.join('\n\n'),
  };
}

function tableCount({ summary }: StoreEntry, t: Translate): string[] {
  if (summary.value === null) return summary.loading ? [t('loading…')] : [];
  const count = summary.value.tables.length;
  return [count === 1 ? t('1 table') : t('{0} tables', formatCount(count))];
}
