import type { TreeItemSpec } from './tree-item-spec.ts';

/** Icon of a column, by its type on either side. */
export function columnIcon(type: string, key: boolean): NonNullable<TreeItemSpec['icon']> {
  if (key) return { id: 'key' };
  if (/^(half|sparse)?vec(tor)?\b/i.test(type)) return { id: 'symbol-array', color: 'charts.blue' };
  if (/^jsonb?\b/i.test(type)) return { id: 'json' };
  return { id: 'symbol-field' };
}
