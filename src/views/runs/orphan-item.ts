import { beginning } from '../../core/model/beginning.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { commandIds } from '../../ids.ts';
import { formatCount } from '../format-quantity.ts';
import { escapeMarkdown } from '../messages.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';
import type { ListedOrphan } from './orphans-of.ts';

const shownCharacters = 60;

/** "3 rows loaded without a parent". */
export function orphansItem(count: number, t: Translate): TreeItemSpec {
  return {
    label: count === 1 ? t('1 row loaded without a parent') : t('{0} rows loaded without a parent', formatCount(count)),
    icon: { id: 'references', color: 'list.warningForeground' },
    state: 'collapsed',
    context: 'run-orphans',
  };
}

/** "rowid 812  source_id: 77 · no such row in public.memory_entities". A click opens the row where it comes from. */
export function orphanItem({ key, row }: ListedOrphan, t: Translate): TreeItemSpec {
  const place = visibleControls(row.provenance ?? row.key?.join(', ') ?? t('a row'));
  const columns = visibleControls(key.columns.join(', '));
  const values = row.values === null ? null : beginning(visibleControls(row.values.join(', ')), shownCharacters);
  const reason = t('no such row in {0}', visibleControls(key.references));
  const tooltip = [
    `**${escapeMarkdown(visibleControls(key.table))}** ${escapeMarkdown(place)}`,
    escapeMarkdown(t('Loaded; foreign key {0} is not proved', visibleControls(key.constraint))),
    escapeMarkdown(values === null ? columns : `${columns}: ${values}`),
  ];
  return {
    label: place,
    description: `${values === null ? columns : `${columns}: ${values}`} · ${reason}`,
    icon: { id: 'references' },
    state: 'leaf',
    context: 'run-orphan',
    tooltip: tooltip.join('\n\n'),
    ...(row.provenance === null ? {} : { command: { id: commandIds.openRows, title: t('Open Rows') } }),
  };
}
