import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import type { NeighboursPanelInit, NeighboursPanelMethods, NeighboursPanelState } from '../../src/protocol/neighbours-panel.ts';
import { announce } from '../shared/announcer.ts';
import { element, fill } from '../shared/dom.ts';
import { emptyState } from '../shared/empty-state.ts';
import { errorCard } from '../shared/error-card.ts';
import { footer } from '../shared/key-hints.ts';
import { PanelError, SupersededError } from '../shared/panel-error.ts';
import { plural, size } from '../shared/quantities.ts';
import type { PageContext } from '../shared/start-page.ts';
import { createListsView } from './lists-view.ts';
import { matchLists } from './match-lists.ts';
import { metricsStrip } from './metrics-strip.ts';
import { drawQueryCard } from './query-card.ts';
import { createQueryForm } from './query-form.ts';
import { createQuerySource } from './query-source.ts';
import { goBack, initialState, refine, startFrom, walkTo, type SearchState } from './search-state.ts';
import { createSqlBlock } from './sql-block.ts';
import { createWarningStrip } from './warning-strip.ts';

/** Faults of what was asked, shown at the field that asked it. */
const queryFaults: ReadonlySet<string> = new Set([
  'bad-query-vector',
  'vector-dimensions-differ',
  'no-such-target-row',
  'row-without-vector',
]);

/** Puts the neighbours panel together: what the user does changes the state, a search follows, the parts show its result. */
export function buildNeighboursPage({ messenger, init, root }: PageContext<NeighboursPanelMethods, NeighboursPanelInit>): void {
  const stored = messenger.state<Partial<NeighboursPanelState>>();
  let state: SearchState = initialState(init, stored.get());

  const source = createQuerySource(init, { search: (query) => void change(startFrom(state, query)), back });
  const form = createQueryForm(init, (part) => void change(refine(state, part)));
  const sql = createSqlBlock({
    copy: (text) => void messenger.call('copyText', { text }),
    open: (text) => void messenger.call('openText', { text, language: 'sql', title: `${init.subject.table} neighbours` }),
  });
  const card = element('div', { class: 'query-card' });
  const strip = element('div', { class: 'metrics-place' });
  const warning = createWarningStrip(() => void change(refine(state, { metric: null })));
  const lists = createListsView({
    walk: (key) => void change(walkTo(state, key)),
    openRow: (key) => void messenger.call('openRow', { key }),
  });
  const bottom = footer([['Enter'], 'walk to neighbour'], [['Alt', '←'], 'back'], [['O'], 'open row']);
  const results = element('section', { class: 'results', 'aria-label': 'Neighbours' }, strip, warning.root, lists.root);
  root.append(
    element(
      'div',
      { class: 'neighbours' },
      element('section', { class: 'query', 'aria-label': 'Query' }, source.root, card, form.root, sql.root),
      results,
    ),
    bottom.root,
  );
  bottom.setFacts(...facts(init));
  document.addEventListener('keydown', (event) => {
    if (!event.altKey || event.key !== 'ArrowLeft') return;
    event.preventDefault();
    back();
  });
  void begin();

  async function begin(): Promise<void> {
    if (state.search === null) {
      const key = await messenger.call('firstKey', {});
      if (key !== null) state = startFrom(state, { kind: 'row', key });
    }
    if (state.search !== null) return change(state);
    source.show(null, false);
    lists.clear(emptyState('search', `No row has a vector in ${init.subject.column} yet.`));
  }

  function back(): void {
    const before = goBack(state);
    if (before !== null) void change(before);
  }

  async function change(next: SearchState): Promise<void> {
    state = next;
    if (state.search === null) return;
    stored.set({ subject: init.subject, search: state.search, trail: state.trail });
    source.show(state.search.query, state.trail.length > 0);
    form.show(state.search);
    results.classList.add('is-loading');
    try {
      draw(await messenger.call('search', state.search, { lane: 'search' }));
    } catch (error) {
      if (error instanceof SupersededError) return;
      if (!(error instanceof PanelError)) throw error;
      fail(error);
    }
    results.classList.remove('is-loading');
  }

  function draw(result: NeighboursResult): void {
    const matched = matchLists(result);
    source.setError(null);
    form.setFilterError(null);
    drawQueryCard(card, result);
    form.draw(result);
    sql.setSql(result.sql);
    fill(strip, metricsStrip(result, matched));
    warning.draw(result, init.indexes);
    lists.draw(result, matched);
    bottom.setFacts(...facts(init, result));
    announce(
      `${plural((result.indexed ?? result.exact).neighbours.length, 'neighbour')}${result.recall === null ? '' : `, recall ${result.recall.toFixed(2)}`}`,
    );
  }

  /** What was there stays, so that the fault can be corrected; only what is nobody's fault takes the place of the lists. */
  function fail({ shape }: PanelError): void {
    const atFilter = shape.code === 'filter-refused';
    const atQuery = queryFaults.has(shape.code);
    form.setFilterError(atFilter ? `${shape.message} ${shape.remedy}` : null);
    source.setError(atQuery ? `${shape.message} ${shape.remedy}` : null);
    if (atFilter || atQuery) return;
    fill(strip);
    warning.hide();
    lists.clear(errorCard(shape));
  }
}

/** "public.reports · reports_embedding_idx · m 16 · ef_construction 64 · 94 MB". */
function facts({ subject, indexes }: NeighboursPanelInit, result?: NeighboursResult): string[] {
  const index = result === undefined ? indexes[0] : result.indexed?.index;
  const table = `${subject.schema}.${subject.table}`;
  if (index === undefined) return [`${table} · ${indexes.length === 0 ? 'no vector index' : 'no index for this metric'}`];
  const options = Object.entries(index.options).map(([name, value]) => `${name} ${value}`);
  return [[table, index.name, ...options, size(index.bytes)].join(' · ')];
}
