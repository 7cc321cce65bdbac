import type { SchemaChange } from '../../core/model/schema-diff.ts';
import { tableBadges } from '../../core/plan/plan-badges.ts';
import type { PlanColumn, PlanTable } from '../../core/plan/plan-schema.ts';
import { needsAcceptance } from '../../core/plan/unaccepted-losses.ts';
import { columnIcon } from '../column-icon.ts';
import { formatCount } from '../format-quantity.ts';
import { escapeMarkdown } from '../messages.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';
import { countChanges } from './count-changes.ts';
import type { PlanRemark } from './plan-remarks.ts';

/** A row of the Plan view: beside the rest a check box, and the place in the file that a click shows. */
export interface PlanItemSpec extends TreeItemSpec {
  readonly checked?: boolean;
  readonly path?: readonly (string | number)[];
}

const warning = { id: 'warning', color: 'list.warningForeground' };

/** "memory_relations  31,408 rows · 12 rejects expected". `rows`: null while nobody has counted. */
export function planTableItem(table: PlanTable, index: number, rows: number | null, stops: boolean, t: Translate): PlanItemSpec {
  const { losses, rejects } = tableBadges(table.columns);
  const facts = [
    rows !== null
      ? plural(rows, t('1 row'), t('{0} rows', formatCount(rows)))
      : plural(table.columns.length, t('1 column'), t('{0} columns', formatCount(table.columns.length))),
    ...(losses === 0 ? [] : [plural(losses, t('1 loss to accept'), t('{0} losses to accept', losses))]),
    ...(rejects === 0 ? [] : [plural(rejects, t('1 reject expected'), t('{0} rejects expected', formatCount(rejects)))]),
  ];
  const from = typeof table.from === 'string' ? table.from : table.source;
  const isHeldUp = table.include && (losses > 0 || (rejects > 0 && stops));
  return {
    label: nameOf(table.to),
    description: table.include ? facts.join(' · ') : t('left out'),
    icon: isHeldUp ? { id: 'table', color: 'list.warningForeground' } : { id: 'table' },
    state: 'collapsed',
    context: table.columns.some(({ type }) => isVector(type)) ? 'plan-table-vector' : 'plan-table',
    tooltip: [`**${escapeMarkdown(from)}** → ${escapeMarkdown(qualified(table.to))}`, escapeMarkdown(facts.join(' · '))].join('\n\n'),
    checked: table.include,
    path: ['tables', index],
  };
}

/** "strength  REAL → numeric(5,2)". `declared`: null while the source has not been read. */
export function planColumnItem(
  column: PlanColumn,
  isKey: boolean,
  declared: string | null,
  path: readonly (string | number)[],
  t: Translate,
): PlanItemSpec {
  const from = typeof column.from === 'string' ? column.from : null;
  const before = [...(from === null || from === column.to ? [] : [from]), ...(declared === null || declared === '' ? [] : [declared])];
  const isLossy = needsAcceptance(column) || column.expectedRejects > 0;
  const tooltip = [
    `**${escapeMarkdown(column.to)}** ${escapeMarkdown(column.type)}`,
    column.nullable ? t('May be NULL') : t('Never NULL'),
    escapeMarkdown(column.evidence),
  ];
  return {
    label: column.to,
    description: before.length === 0 ? column.type : `${before.join(' ')} → ${column.type}`,
    icon: isLossy ? warning : columnIcon(column.type, isKey),
    state: 'leaf',
    context: isVector(column.type) ? 'plan-column-vector' : 'plan-column',
    tooltip: tooltip.filter((part) => part !== '').join('\n\n'),
    path,
  };
}

export function remarkItem(remark: PlanRemark): PlanItemSpec {
  return {
    label: remark.text,
    ...(remark.detail === '' ? {} : { description: remark.detail }),
    icon: remark.isWarning ? warning : { id: 'info' },
    state: 'leaf',
    context: 'plan-remark',
    tooltip: escapeMarkdown([remark.text, remark.detail].filter((part) => part !== '').join(': ')),
    path: remark.path,
  };
}

const changeIcons = { adds: 'add', deletes: 'remove', alters: 'edit' } as const;

/** "Adds  9 tables · 23 indexes · 4 keys". */
export function changesItem(kind: keyof typeof changeIcons, changes: readonly SchemaChange[], t: Translate): PlanItemSpec {
  const labels = { adds: t('Adds'), deletes: t('Deletes'), alters: t('Alters') };
  const told =
    kind === 'deletes' && changes.length > 0 ? t('{0} (told only, never done)', countChanges(changes, t)) : countChanges(changes, t);
  return {
    label: labels[kind],
    description: told,
    icon: { id: changeIcons[kind] },
    state: changes.length === 0 ? 'leaf' : 'collapsed',
    context: 'plan-changes',
  };
}

export function changeItem({ kind, name, before, after }: SchemaChange): PlanItemSpec {
  const definition = [before, after].filter((text) => text !== null && text !== '').join('\n→\n');
  return {
    label: name,
    description: kind.replace('-', ' '),
    icon: { id: changeKindIcons[kind] ?? 'symbol-misc' },
    state: 'leaf',
    context: 'plan-change',
    ...(definition === '' ? {} : { tooltip: escapeMarkdown(definition).replaceAll('\n', '  \n') }),
  };
}

const changeKindIcons: Readonly<Partial<Record<SchemaChange['kind'], string>>> = {
  table: 'table',
  column: 'symbol-field',
  index: 'list-ordered',
  'primary-key': 'key',
  unique: 'key',
  'foreign-key': 'references',
  extension: 'extensions',
  schema: 'symbol-namespace',
  type: 'symbol-enum',
};

function nameOf(to: PlanTable['to']): string {
  return typeof to === 'string' ? to : to.table;
}

function qualified(to: PlanTable['to']): string {
  return typeof to === 'string' ? to : `${to.schema}.${to.table}`;
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

function isVector(type: string): boolean {
  return /^(half)?vec/.test(type);
}
