import type { VectorHealth } from '../../src/core/model/vector-health.ts';
import type { HealthPanelInit, HealthPanelMethods, HealthPanelProgress, HealthPanelState } from '../../src/protocol/health-panel.ts';
import { announce } from '../shared/announcer.ts';
import { element, fill, icon } from '../shared/dom.ts';
import { emptyState } from '../shared/empty-state.ts';
import { errorCard } from '../shared/error-card.ts';
import { metric } from '../shared/metric.ts';
import { PanelError, SupersededError } from '../shared/panel-error.ts';
import { progressStrip } from '../shared/progress-strip.ts';
import { count, plural } from '../shared/quantities.ts';
import type { PageContext } from '../shared/start-page.ts';
import { button } from '../shared/ui.ts';
import { checkList, type CheckActions } from './check-list.ts';
import { normHistogram } from './norm-histogram.ts';

const scanTexts: Readonly<Record<HealthPanelProgress['scan'], string>> = {
  norms: 'Measuring dimensions and norms',
  spread: 'Counting how norms are spread',
  duplicates: 'Looking for equal vectors',
  'constant-dimensions': 'Looking for dimensions that never vary',
  examples: 'Reading examples',
};

/** Checks the column at once; Check Again does it anew. */
export function buildHealthPage({ messenger, init, root }: PageContext<HealthPanelMethods, HealthPanelInit>): void {
  messenger.state<HealthPanelState>().set({ subject: init.subject });
  const progress = progressStrip('Examining vectors');
  const place = element('div', { class: 'health-place' });
  const actions: CheckActions = {
    openRow: (key) => void messenger.call('openRow', { key }),
    backfill: () => void messenger.call('backfill', {}),
    findDuplicates: () => void messenger.call('findDuplicates', {}),
  };
  messenger.on('progress', (payload) => {
    const { scan, at, of } = payload as HealthPanelProgress;
    progress.tell(`${scanTexts[scan]} · ${at + 1} of ${of}`, at / of);
  });

  async function check(): Promise<void> {
    const own = new AbortController();
    place.classList.add('is-loading');
    progress.begin('Examining vectors…', () => own.abort());
    try {
      const health = await messenger.call('check', {}, { signal: own.signal });
      fill(place, ...parts(health, actions, again));
      announce(verdictOf(health).text);
    } catch (error) {
      if (error instanceof SupersededError)
        fill(place, emptyState('circle-slash', 'The check was cancelled.', button('Check Again', { onClick: again })));
      else if (error instanceof PanelError) fill(place, errorCard(error.shape, button('Check Again', { onClick: again })));
      else throw error;
    } finally {
      progress.end();
      place.classList.remove('is-loading');
    }
  }
  const again = (): void => void check();

  root.append(element('div', { class: 'health' }, progress.root, place));
  void check();
}

function parts(health: VectorHealth, actions: CheckActions, again: () => void): readonly HTMLElement[] {
  const { vectors, rows, missing, norms, dimensions } = health;
  const histogram = normHistogram(norms);
  const found = verdictOf(health);
  return [
    element(
      'header',
      { class: 'health-header' },
      icon(found.icon, { class: `verdict-icon ${found.tone}` }),
      element(
        'div',
        {},
        element('h2', { class: 'health-title' }, found.text),
        element('p', { class: 'secondary' }, `${health.table} · ${health.column} ${health.type}`),
      ),
      element('span', { class: 'spacer' }),
      button('Check Again', { icon: 'refresh', onClick: again }),
    ),
    element(
      'dl',
      { class: 'metrics' },
      metric('Vectors', count(vectors), missing === 0 ? 'in every row' : `${count(missing)} of ${plural(rows, 'row')} without`),
      metric(
        'Dimensions',
        dimensions.expected === null ? '-' : count(dimensions.expected),
        dimensions.declared === null ? 'of most; none is declared' : 'declared',
      ),
      ...(norms === null ? [] : [metric('Norm', short(norms.median), `median; ${short(norms.least)} to ${short(norms.most)}`)]),
    ),
    element('div', { class: 'health-columns' }, checkList(health, actions), ...(histogram === null ? [] : [histogram])),
  ];
}

function verdictOf({ checks }: VectorHealth): { readonly text: string; readonly icon: string; readonly tone: string } {
  const number = (state: string): number => checks.filter((check) => check.state === state).length;
  const [problems, warnings] = [number('problem'), number('warning')];
  if (problems > 0) {
    const more = warnings === 0 ? '' : ` and ${plural(warnings, 'warning')}`;
    return { text: `${plural(problems, 'problem')}${more}`, icon: 'error', tone: 'failure' };
  }
  if (warnings > 0) return { text: `No problem, ${plural(warnings, 'warning')}`, icon: 'warning', tone: 'warning' };
  return { text: 'Nothing is wrong with these vectors', icon: 'pass', tone: 'proof' };
}

function short(norm: number): string {
  return String(Number(norm.toPrecision(4)));
}
