import { element, fill } from '../shared/dom.ts';
import { count } from '../shared/quantities.ts';
import { button, iconButton } from '../shared/ui.ts';
import type { MapModel } from './map-model.ts';

interface SelectionActions {
  readonly openRows: () => void;
  readonly openNeighbours: () => void;
  readonly copyIds: () => void;
  readonly clear: () => void;
}

/** Rows that one condition names; the panel's host side cuts there. */
const mostConditionRows = 1_000;

export interface SelectionBar {
  readonly root: HTMLElement;
  draw(model: MapModel): void;
}

/** What is selected and what can be done with it. */
export function createSelectionBar(actions: SelectionActions): SelectionBar {
  const said = element('span', { class: 'selection-said' });
  const rows = button('Open Rows', { icon: 'table', onClick: actions.openRows });
  const neighbours = button('Neighbours', { icon: 'graph-scatter', onClick: actions.openNeighbours });
  const ids = button('Copy Ids', { onClick: actions.copyIds });
  const clear = iconButton('close', 'Clear selection (Escape)', actions.clear);
  const tools = element('div', { class: 'selection-tools', role: 'toolbar', 'aria-label': 'Selection' }, rows, neighbours, ids, clear);
  const root = element('div', { class: 'selection-bar' }, said, element('span', { class: 'spacer' }), tools);
  return {
    root,
    draw(model) {
      const selected = model.selection.length;
      tools.hidden = selected === 0;
      neighbours.disabled = selected !== 1;
      fill(
        said,
        ...(selected === 0
          ? hints()
          : [element('strong', {}, `${count(selected)} selected`), element('span', { class: 'secondary' }, saidOf(model))]),
      );
    },
  };
}

function saidOf({ selection, nearest, drawn }: MapModel): string {
  if (selection.length > mostConditionRows) return `Open Rows shows the first ${count(mostConditionRows)} of them`;
  if (selection.length > 1 || nearest === null) return '';
  return `and its ${nearest.nearest.length} nearest by ${nearest.metric}, computed on all ${count(drawn.dimensions)} dimensions`;
}

function hints(): readonly HTMLElement[] {
  const parts = [
    ['Arrows', 'go from point to point'],
    ['Enter', 'select'],
    ['B', 'box'],
    ['+ −', 'zoom'],
    ['Shift+Arrows', 'move'],
    ['0', 'fit'],
  ] as const;
  return parts.map(([keys, action]) => element('span', { class: 'key-hint secondary' }, element('kbd', {}, keys), action));
}
