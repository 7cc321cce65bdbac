import type { Reject } from '../../core/model/run.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { commandIds } from '../../ids.ts';
import { formatCount } from '../format-quantity.ts';
import { escapeMarkdown } from '../messages.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';

const shownCharacters = 60;

/** "3 rejected rows". */
export function rejectsItem(count: number, t: Translate): TreeItemSpec {
  return {
    label: count === 1 ? t('1 rejected row') : t('{0} rejected rows', formatCount(count)),
    icon: { id: 'warning', color: 'list.warningForeground' },
    state: 'collapsed',
    context: 'run-rejects',
  };
}

/** "rowid 812  strength: 12.5 · a real number is beyond numeric(3,2)". A click opens the row where it comes from. */
export function rejectItem(reject: Reject, t: Translate): TreeItemSpec {
  const message = visibleControls(reject.message);
  const original = originalText(reject);
  const column = reject.column === null ? null : visibleControls(reject.column);
  // Without an original it was NULL, or is to be kept out.
  const facts = column === null ? [message, original] : [original === null ? column : `${column}: ${original}`, message];
  const tooltip = [
    `**${escapeMarkdown(visibleControls(reject.table))}** ${escapeMarkdown(visibleControls(reject.provenance))}`,
    escapeMarkdown(column === null ? message : `${column}: ${message}`),
    ...(original === null ? [] : [escapeMarkdown(visibleControls(reject.value ?? ''))]),
  ];
  return {
    label: visibleControls(reject.provenance),
    description: facts.filter((fact) => fact !== null).join(' · '),
    icon: { id: 'circle-slash' },
    state: 'leaf',
    context: 'run-reject',
    tooltip: tooltip.join('\n\n'),
    command: { id: commandIds.openRows, title: t('Open Rows') },
  };
}

function originalText({ value, valueBytes }: Reject): string | null {
  if (value === null) return null;
  const characters = [...visibleControls(value)];
  const isWhole = valueBytes === undefined && characters.length <= shownCharacters;
  return isWhole ? characters.join('') : `${characters.slice(0, shownCharacters).join('')}…`;
}
