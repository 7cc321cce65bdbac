import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import type { RecallCurve } from '../../src/core/model/recall-curve.ts';
import type {
  NeighboursPanelEmbedding,
  NeighboursPanelInit,
  NeighboursPanelMethods,
  NeighboursPanelProgress,
  NeighboursPanelState,
  SourceAnswer,
} from '../../src/protocol/neighbours-panel.ts';
import { announce } from '../shared/announcer.ts';
import { element, fill, type Child } from '../shared/dom.ts';
import { emptyState } from '../shared/empty-state.ts';
import { errorCard } from '../shared/error-card.ts';
import { footer } from '../shared/key-hints.ts';
import type { Messenger } from '../shared/messenger.ts';
import { PanelError, SupersededError } from '../shared/panel-error.ts';
import { plural, size } from '../shared/quantities.ts';
import type { PageContext } from '../shared/start-page.ts';
import { agreementBox, differenceList } from './agreement-box.ts';
import { ListsView } from './lists-view.ts';
import { createLongTask, type LongTask } from './long-task.ts';
import { matchLists } from './match-lists.ts';
import { metricsStrip } from './metrics-strip.ts';
import { drawQueryCard } from './query-card.ts';
import { createQueryForm, type QueryForm } from './query-form.ts';
import { createQuerySource, type QuerySource } from './query-source.ts';
import { recallChart } from './recall-chart.ts';
import { goBack, initialState, refine, startFrom, walkTo, type SearchState } from './search-state.ts';
import { createSqlBlock } from '../shared/sql-block.ts';
import { createWarningStrip } from './warning-strip.ts';

/** Faults of what was asked, shown at the field that asked it. */
const queryFaults: ReadonlySet<string> = new Set([
  'bad-query-vector',
  'vector-dimensions-differ',
  'no-such-target-row',
  'row-without-vector',
  'bad-usage',
  'no-embedding-endpoint',
  'bad-embedding-endpoint',
  'embedding-endpoint-unreachable',
  'embedding-endpoint-timeout',
  'embedding-endpoint-busy',
  'embedding-endpoint-wrong',
  'embedding-key-refused',
  'no-such-embedding-model',
  'embedding-text-refused',
  'embedding-answer-malformed',
  'embedding-not-finite',
  'embedding-dimensions-differ',
]);

/** Puts the neighbours panel together: what the user does changes the state, a search follows, the parts show its result. */
export function buildNeighboursPage(context: PageContext<NeighboursPanelMethods, NeighboursPanelInit>): void {
  const page = new NeighboursPage(context);
  context.root.append(...page.parts());
  document.addEventListener('keydown', (event) => {
    if (!event.altKey || event.key !== 'ArrowLeft') return;
    event.preventDefault();
    page.back();
  });
  void page.begin();
}

class NeighboursPage {
  readonly #messenger: Messenger<NeighboursPanelMethods>;
  readonly #init: NeighboursPanelInit;
  readonly #source: QuerySource;
  readonly #form: QueryForm;
  readonly #lists: ListsView;
  readonly #sql: ReturnType<typeof createSqlBlock>;
  readonly #warning: ReturnType<typeof createWarningStrip>;
  readonly #card = element('div', { class: 'query-card' });
  readonly #strip = element('div', { class: 'metrics-place' });
  readonly #results: HTMLElement;
  readonly #recall: LongTask<RecallCurve>;
  readonly #agreement: LongTask<SourceAnswer | null>;
  readonly #differences = element('div', { class: 'differences-place' });
  readonly #bottom = footer([['Enter'], 'walk to neighbour'], [['Alt', '←'], 'back'], [['O'], 'open row']);
  #state: SearchState;
  #shown: NeighboursResult | null = null;
  /** k, condition and metric of the curve that is shown or offered. */
  #measuredFor = '';

  constructor({ messenger, init }: PageContext<NeighboursPanelMethods, NeighboursPanelInit>) {
    const changeTo = (next: SearchState): void => void this.#change(next);
    this.#messenger = messenger;
    this.#init = init;
    this.#state = initialState(init, messenger.state<Partial<NeighboursPanelState>>().get());
    this.#source = createQuerySource(init, {
      search: (query) => changeTo(startFrom(this.#state, query)),
      back: () => this.back(),
      setEndpoint: () => void messenger.call('setEmbeddingEndpoint', {}),
    });
    messenger.on('embedding', (embedding) => this.#source.setEmbedding(embedding as NeighboursPanelEmbedding | null));
    this.#recall = createLongTask<RecallCurve>({
      name: 'Measure Recall',
      doing: 'Measuring recall',
      unit: 'searches',
      begin: (signal) => {
        const { k, metric, filter } = this.#asked();
        return messenger.call('measureRecall', { k, metric: this.#shown?.metric ?? metric, filter }, { signal });
      },
      draw: (curve) => recallChart(curve, this.#settingOf(curve), (value) => changeTo(refine(this.#state, settingOf(curve, value)))),
    });
    this.#agreement = createLongTask<SourceAnswer | null>({
      name: 'Compare with Source',
      doing: 'Asking the source',
      unit: 'rows',
      begin: (signal) => messenger.call('askSource', { ...this.#asked(), metric: this.#shown?.metric ?? null }, { signal }),
      draw: (answer, again) => this.#drawAgreement(answer, again),
    });
    messenger.on('progress', (payload) => {
      const progress = payload as NeighboursPanelProgress;
      (progress.task === 'recall' ? this.#recall : this.#agreement).tell(progress);
    });
    this.#form = createQueryForm(init, (part) => changeTo(refine(this.#state, part)));
    this.#warning = createWarningStrip(() => changeTo(refine(this.#state, { metric: null })));
    this.#lists = new ListsView({
      walk: (key) => changeTo(walkTo(this.#state, key)),
      openRow: (key) => void messenger.call('openRow', { key }),
    });
    this.#sql = createSqlBlock({
      copy: (text) => void messenger.call('copyText', { text }),
      open: (text) => void messenger.call('openText', { text, language: 'sql', title: `${init.subject.table} neighbours` }),
    });
    const head = element('div', { class: 'results-head' }, this.#strip, this.#agreement.root);
    this.#agreement.root.hidden = this.#recall.root.hidden = true;
    this.#results = element(
      'section',
      { class: 'results', 'aria-label': 'Neighbours' },
      head,
      this.#differences,
      this.#warning.root,
      this.#lists.root,
    );
    this.#bottom.setFacts(...facts(init));
  }

  parts(): readonly HTMLElement[] {
    const query = [this.#source.root, this.#card, this.#form.root, this.#recall.root, this.#sql.root];
    const column = element('section', { class: 'query', 'aria-label': 'Query' }, ...query);
    return [element('div', { class: 'neighbours' }, column, this.#results), this.#bottom.root];
  }

  async begin(): Promise<void> {
    if (this.#state.search === null) {
      const key = await this.#messenger.call('firstKey', {});
      // Somebody may have pasted a vector meanwhile.
      if (key !== null && this.#state.search === null) this.#state = startFrom(this.#state, { kind: 'row', key });
    }
    if (this.#state.search !== null) return this.#change(this.#state);
    this.#source.show(null, false);
    this.#lists.clear(emptyState('search', `No row has a vector in ${this.#init.subject.column} yet.`));
  }

  back(): void {
    const before = goBack(this.#state);
    if (before !== null) void this.#change(before);
  }

  async #change(next: SearchState): Promise<void> {
    this.#state = next;
    const { search, trail } = next;
    if (search === null) return;
    // What the source said, it said of another search.
    this.#agreement.offer();
    fill(this.#differences);
    this.#messenger.state<NeighboursPanelState>().set({ subject: this.#init.subject, search, trail });
    this.#source.show(search.query, trail.length > 0);
    this.#form.show(search);
    this.#results.classList.add('is-loading');
    try {
      this.#draw(await this.#messenger.call('search', search, { lane: 'search' }));
    } catch (error) {
      if (error instanceof SupersededError) return;
      if (!(error instanceof PanelError)) throw error;
      this.#fail(error);
    }
    this.#results.classList.remove('is-loading');
  }

  /** The search in force; tasks are offered only when there is one. */
  #asked(): NonNullable<SearchState['search']> {
    const { search } = this.#state;
    if (search === null) throw new Error('nothing is searched yet');
    return search;
  }

  /** A curve holds for one number of rows, one metric and one condition. */
  #drawRecall(result: NeighboursResult): void {
    const { k, filter } = this.#asked();
    const measuredFor = JSON.stringify([k, filter, result.metric]);
    const isSame = this.#measuredFor === measuredFor;
    this.#measuredFor = measuredFor;
    this.#recall.root.hidden = result.indexed === null;
    if (!isSame) this.#recall.offer();
    if (this.#recall.result === null) return;
    const hadFocus = this.#recall.root.contains(document.activeElement);
    this.#recall.redraw();
    if (hadFocus) this.#recall.root.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
  }

  #settingOf({ setting }: RecallCurve): number | null {
    const { oversampling } = this.#asked();
    return setting === 'oversampling' ? oversampling : (this.#shown?.setting?.value ?? null);
  }

  #drawAgreement(answer: SourceAnswer | null, again: () => void): readonly Child[] {
    const differences = answer === null ? null : differenceList(answer.agreement);
    fill(this.#differences, differences);
    return agreementBox(answer, again);
  }

  #draw(result: NeighboursResult): void {
    const matched = matchLists(result);
    this.#agreement.root.hidden = false;
    this.#shown = result;
    this.#drawRecall(result);
    this.#source.setError(null);
    this.#form.setFilterError(null);
    drawQueryCard(this.#card, result);
    this.#form.draw(result);
    this.#sql.setSql(result.sql);
    fill(this.#strip, metricsStrip(result, matched));
    this.#warning.draw(result, this.#init.indexes);
    this.#lists.draw(result, matched);
    this.#bottom.setFacts(...facts(this.#init, result));
    const recall = result.recall === null ? '' : `, recall ${result.recall.toFixed(2)}`;
    announce(`${plural((result.indexed ?? result.exact).neighbours.length, 'neighbour')}${recall}`);
  }

  /** What was there stays, so that the fault can be corrected; only what is nobody's fault takes the place of the lists. */
  #fail({ shape }: PanelError): void {
    const atFilter = shape.code === 'filter-refused';
    const atQuery = queryFaults.has(shape.code);
    this.#form.setFilterError(atFilter ? `${shape.message} ${shape.remedy}` : null);
    this.#source.setError(atQuery ? `${shape.message} ${shape.remedy}` : null);
    if (atFilter || atQuery) return;
    fill(this.#strip);
    this.#agreement.root.hidden = this.#recall.root.hidden = true;
    this.#warning.hide();
    this.#lists.clear(errorCard(shape));
  }
}

/** What a point of the curve sets. Of an index on an expression, candidates decide, and the index looks at as many. */
function settingOf(
  { setting }: RecallCurve,
  value: number,
): { readonly effort: number | null } | { readonly oversampling: number; readonly effort: null } {
  return setting === 'oversampling' ? { oversampling: value, effort: null } : { effort: value };
}

/** "public.reports · reports_embedding_idx · m 16 · ef_construction 64 · 94 MB". */
function facts({ subject, indexes }: NeighboursPanelInit, result?: NeighboursResult): string[] {
  const index = result === undefined ? indexes[0] : result.indexed?.index;
  const table = `${subject.schema}.${subject.table}`;
  if (index === undefined) return [`${table} · ${indexes.length === 0 ? 'no vector index' : 'no index for this metric'}`];
  const options = Object.entries(index.options).map(([name, value]) => `${name} ${value}`);
  return [[table, index.name, ...options, size(index.bytes)].join(' · ')];
}
