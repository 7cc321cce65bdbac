import type { HealthCheck, VectorHealth } from '../../src/core/model/vector-health.ts';
import { element } from '../shared/dom.ts';
import { checkTitles, verdict } from '../shared/health-words.ts';
import { count } from '../shared/quantities.ts';
import { link } from '../shared/ui.ts';

export interface CheckActions {
  readonly openRow: (key: readonly string[]) => void;
  readonly backfill: () => void;
  readonly findDuplicates: () => void;
}

/** A row for each check: verdict, count, finding, remedy, and rows to look at. */
export function checkList(health: VectorHealth, actions: CheckActions): HTMLElement {
  const head = ['check', 'result', 'count', 'finding'].map((name) =>
    element('th', { scope: 'col', class: name === 'count' ? 'number' : '' }, name),
  );
  return element(
    'table',
    { class: 'check-table' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...health.checks.map((check) => checkRow(check, health.key, actions))),
  );
}

function checkRow(check: HealthCheck, key: readonly string[], actions: CheckActions): HTMLElement {
  return element(
    'tr',
    { class: `check ${check.state}` },
    element('th', { scope: 'row' }, checkTitles[check.check]),
    element('td', {}, verdict(check.state)),
    element('td', { class: check.count === 0 ? 'number secondary' : 'number' }, count(check.count)),
    element(
      'td',
      { class: 'finding' },
      element('p', {}, check.message),
      check.remedy === null ? null : element('p', { class: 'secondary' }, check.remedy),
      check.examples.length === 0 ? null : examples(check, key, actions),
      followUp(check, actions),
    ),
  );
}

function examples({ examples: keys, check }: HealthCheck, names: readonly string[], { openRow }: CheckActions): HTMLElement {
  const links = keys.flatMap((key, i) => {
    const text = key.join(', ');
    const made = link(text, () => openRow(key), { 'aria-label': `Open the row ${text}: ${checkTitles[check]}` });
    return i === 0 ? [made] : [', ', made];
  });
  return element('p', { class: 'examples' }, element('span', { class: 'secondary' }, `For example ${names.join(', ')} `), ...links);
}

function followUp({ check, state }: HealthCheck, actions: CheckActions): HTMLElement | null {
  if (state === 'ok') return null;
  if (check === 'missing') return element('p', {}, link('Backfill Embeddings…', actions.backfill));
  return check === 'duplicates' ? element('p', {}, link('Find Near-Duplicates', actions.findDuplicates)) : null;
}
