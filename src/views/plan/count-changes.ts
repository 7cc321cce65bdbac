import type { SchemaChange, SchemaObjectKind } from '../../core/model/schema-diff.ts';
import { formatCount } from '../format-quantity.ts';
import type { Translate } from '../tree-item-spec.ts';

/** "9 tables · 23 indexes · 4 keys"; a new table brings its own indexes and keys. */
export function countChanges(changes: readonly SchemaChange[], t: Translate): string {
  if (changes.length === 0) return t('none');
  const counts = new Map<Counted, number>();
  const add = (what: Counted, count: number): void => void counts.set(what, (counts.get(what) ?? 0) + count);
  for (const change of changes) {
    add(counted[change.kind], 1);
    if (change.kind !== 'table') continue;
    const ddl = change.after ?? change.before ?? '';
    add('index', ddl.match(/^CREATE (?:UNIQUE )?INDEX /gm)?.length ?? 0);
    add('key', ddl.match(/^ +CONSTRAINT .*?\b(?:PRIMARY KEY|UNIQUE|FOREIGN KEY)\b/gm)?.length ?? 0);
  }
  return order.flatMap((what) => ((counts.get(what) ?? 0) === 0 ? [] : [words(what, counts.get(what) ?? 0, t)])).join(' · ');
}

type Counted = 'table' | 'column' | 'index' | 'key' | 'check' | 'other';

const counted: Readonly<Record<SchemaObjectKind, Counted>> = {
  table: 'table',
  column: 'column',
  index: 'index',
  'primary-key': 'key',
  unique: 'key',
  'foreign-key': 'key',
  check: 'check',
  extension: 'other',
  schema: 'other',
  type: 'other',
  sequence: 'other',
};

const order: readonly Counted[] = ['table', 'column', 'index', 'key', 'check', 'other'];

function words(what: Counted, count: number, t: Translate): string {
  const number = formatCount(count);
  switch (what) {
    case 'table':
      return count === 1 ? t('1 table') : t('{0} tables', number);
    case 'column':
      return count === 1 ? t('1 column') : t('{0} columns', number);
    case 'index':
      return count === 1 ? t('1 index') : t('{0} indexes', number);
    case 'key':
      return count === 1 ? t('1 key') : t('{0} keys', number);
    case 'check':
      return count === 1 ? t('1 check') : t('{0} checks', number);
    case 'other':
      return count === 1 ? t('1 other') : t('{0} others', number);
  }
}
