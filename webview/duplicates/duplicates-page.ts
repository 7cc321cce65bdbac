import type { DuplicatesResult } from '../../src/core/model/duplicates.ts';
import type {
  DuplicatesPanelInit,
  DuplicatesPanelMethods,
  DuplicatesPanelProgress,
  DuplicatesPanelSearch,
  DuplicatesPanelState,
} from '../../src/protocol/duplicates-panel.ts';
import { announce } from '../shared/announcer.ts';
import { element, fill, icon } from '../shared/dom.ts';
import { emptyState } from '../shared/empty-state.ts';
import { errorCard } from '../shared/error-card.ts';
import { metricTexts } from '../shared/figures.ts';
import { footer } from '../shared/key-hints.ts';
import type { Messenger } from '../shared/messenger.ts';
import { metric } from '../shared/metric.ts';
import { PanelError, SupersededError } from '../shared/panel-error.ts';
import { progressStrip } from '../shared/progress-strip.ts';
import { count, duration, plural } from '../shared/quantities.ts';
import type { PageContext } from '../shared/start-page.ts';
import { button } from '../shared/ui.ts';
import { createComparePane } from './compare-pane.ts';
import { PairList, type PairListActions } from './pair-list.ts';
import { PairRows } from './pair-rows.ts';
import { createSearchForm, thresholdText, type SearchForm } from './search-form.ts';
import { WriteForm } from './write-form.ts';

type Context = PageContext<DuplicatesPanelMethods, DuplicatesPanelInit>;

const usualSearch: DuplicatesPanelSearch = { threshold: 0.9, metric: null, exact: false };

/** Puts the panel together: each change searches again, and every part shows the result. */
export function buildDuplicatesPage(context: Context): void {
  const page = new DuplicatesPage(context);
  context.root.append(...page.parts());
  void page.search(page.remembered);
}

class DuplicatesPage {
  readonly #messenger: Messenger<DuplicatesPanelMethods>;
  readonly #init: DuplicatesPanelInit;
  readonly #form: SearchForm;
  readonly #write: WriteForm;
  readonly #list: PairList;
  readonly #compare: ReturnType<typeof createComparePane>;
  readonly #progress = progressStrip('Comparing vectors');
  readonly #strip = element('div', { class: 'metrics-place' });
  readonly #warning = element('div', { class: 'warning-strip', role: 'status', hidden: true });
  readonly #heading = element('div', { class: 'pairs-heading', hidden: true });
  readonly #results: HTMLElement;
  readonly #bottom = footer([['Enter'], 'neighbours of the row'], [['←', '→'], 'choose the row'], [['O'], 'open both rows']);
  #search: DuplicatesPanelSearch;
  #grouped: boolean;
  #running: AbortController | null = null;
  #shown: { readonly result: DuplicatesResult; readonly rows: PairRows } | null = null;

  constructor({ messenger, init }: Context) {
    this.#messenger = messenger;
    this.#init = init;
    const kept = messenger.state<Partial<DuplicatesPanelState>>().get();
    this.#search = kept?.search ?? usualSearch;
    this.#grouped = kept?.grouped ?? false;
    this.#form = createSearchForm(init, (part) => void this.search({ ...this.#search, ...part }));
    const actions: Omit<PairListActions, 'mark'> = {
      openNeighbours: (key) => void messenger.call('openNeighbours', { key }),
      openRows: (keys) => void messenger.call('openRows', { keys }),
    };
    this.#compare = createComparePane(actions);
    this.#list = new PairList({ ...actions, mark: (marked) => this.#shown !== null && this.#compare.draw(marked, this.#shown.rows) });
    this.#write = new WriteForm(`related_${init.subject.table}`, {
      preview: (table) => messenger.call('previewTable', table),
      write: (table) =>
        this.#whileRunning('Searching, then writing', (signal) => messenger.call('writeTable', { ...this.#search, ...table }, { signal })),
      copy: (text) => void messenger.call('copyText', { text }),
      open: (text) => void messenger.call('openText', { text, language: 'sql', title: `${init.subject.table} near-duplicates` }),
      faultOf: (error) =>
        error instanceof PanelError
          ? `${error.shape.message} ${error.shape.remedy}`
          : error instanceof SupersededError
            ? 'Cancelled; nothing was written.'
            : null,
    });
    const parts = [this.#progress.root, this.#strip, this.#warning, this.#heading, this.#list.root, this.#compare.root];
    this.#results = element('section', { class: 'results', 'aria-label': 'Near-duplicates' }, ...parts);
    messenger.on('progress', (payload) => this.#tell(payload as DuplicatesPanelProgress));
  }

  get remembered(): DuplicatesPanelSearch {
    return this.#search;
  }

  parts(): readonly HTMLElement[] {
    const column = element('section', { class: 'search', 'aria-label': 'Search' }, this.#form.root, this.#write.root);
    return [element('div', { class: 'duplicates' }, column, this.#results), this.#bottom.root];
  }

  async search(next: DuplicatesPanelSearch): Promise<void> {
    this.#search = next;
    this.#remember();
    this.#form.show(next);
    this.#write.setPairs(null);
    try {
      this.#draw(await this.#whileRunning('Comparing vectors', (signal) => this.#messenger.call('search', next, { signal })));
    } catch (error) {
      if (error instanceof SupersededError) {
        // A newer search goes on by itself; after a cancellation nothing does.
        if (this.#running === null) this.#offerAgain();
      } else if (error instanceof PanelError) this.#fail(error);
      else throw error;
    }
  }

  /** Only one thing goes on at a time; what begins ends what was before. */
  async #whileRunning<T>(text: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#running?.abort();
    const own = new AbortController();
    this.#running = own;
    this.#results.classList.add('is-loading');
    this.#progress.begin(`${text}…`, () => {
      this.#running = null;
      own.abort();
    });
    try {
      return await work(own.signal);
    } finally {
      if (this.#running === own || this.#running === null) {
        this.#running = null;
        this.#progress.end();
        this.#results.classList.remove('is-loading');
      }
    }
  }

  #tell({ rows, totalRows, secondsLeft }: DuplicatesPanelProgress): void {
    const all = totalRows === null ? plural(rows, 'row') : `${count(rows)} of ${plural(totalRows, 'row')}`;
    const left = secondsLeft === null ? '' : ` · ${count(Math.ceil(secondsLeft))} s left`;
    this.#progress.tell(`${all} compared${left}`, totalRows === null || totalRows === 0 ? null : rows / totalRows);
  }

  #draw(result: DuplicatesResult): void {
    this.#form.setError(null);
    this.#form.show(this.#search);
    this.#shown = { result, rows: new PairRows(result) };
    this.#write.setPairs(result.count);
    fill(this.#strip, metricsOf(result));
    this.#warning.hidden = result.warning === null;
    fill(this.#warning, icon('warning'), element('span', { class: 'warning-text' }, result.warning));
    this.#drawPairs();
    this.#bottom.setFacts(...facts(result));
    announce(`${plural(result.count, 'pair')}${shownNote(result)}`);
  }

  #drawPairs(): void {
    if (this.#shown === null) return;
    const { result, rows } = this.#shown;
    const segment = (text: string, grouped: boolean): HTMLElement =>
      element(
        'button',
        {
          type: 'button',
          class: 'chip',
          'aria-pressed': String(this.#grouped === grouped),
          on: { click: () => this.#group(grouped) },
        },
        text,
      );
    this.#heading.hidden = false;
    fill(
      this.#heading,
      element('h2', {}, 'Near-duplicates'),
      element(
        'span',
        { class: 'secondary' },
        `${plural(result.count, 'pair')} at similarity ${thresholdText(result.threshold)} or more${shownNote(result)}`,
      ),
      element('span', { class: 'spacer' }),
      element('div', { class: 'segments', role: 'group', 'aria-label': 'Show as' }, segment('Pairs', false), segment('Groups', true)),
    );
    if (result.pairs.length > 0) {
      this.#list.draw(result, rows, this.#grouped);
      return;
    }
    this.#compare.hide();
    const none = `No two of ${plural(result.rows, 'row')} are so similar. A lower least similarity finds more.`;
    this.#list.clear(emptyState('check', result.rows === 0 ? `No row has a vector in ${result.column} yet.` : none));
  }

  #group(grouped: boolean): void {
    this.#grouped = grouped;
    this.#remember();
    this.#drawPairs();
    const pressed = this.#heading.querySelector('[aria-pressed="true"]');
    if (pressed instanceof HTMLElement) pressed.focus();
  }

  #remember(): void {
    const { subject } = this.#init;
    this.#messenger.state<DuplicatesPanelState>().set({ subject, search: this.#search, grouped: this.#grouped });
  }

  /** After a cancellation. What was found before belongs to another search. */
  #offerAgain(): void {
    this.#clear();
    this.#list.clear(
      emptyState('circle-slash', 'The search was cancelled.', button('Search Again', { onClick: () => void this.search(this.#search) })),
    );
    announce('The search was cancelled.');
  }

  #fail({ shape }: PanelError): void {
    const atThreshold = shape.code === 'bad-usage';
    this.#form.setError(atThreshold ? `${shape.message} ${shape.remedy}` : null);
    this.#clear();
    this.#list.clear(atThreshold ? null : errorCard(shape, button('Search Again', { onClick: () => void this.search(this.#search) })));
  }

  #clear(): void {
    this.#shown = null;
    this.#heading.hidden = this.#warning.hidden = true;
    fill(this.#strip);
    this.#compare.hide();
  }
}

function metricsOf(result: DuplicatesResult): HTMLElement {
  const { count: pairs, rows, index, compared, zeroVectors, seconds } = result;
  return element(
    'dl',
    { class: 'metrics' },
    metric('Pairs', count(pairs), metricTexts[result.metric]),
    metric('Rows', count(rows), zeroVectors === 0 ? null : `${plural(zeroVectors, 'zero vector')} left out`),
    index === null
      ? metric('Found', 'exactly', 'every pair compared')
      : metric(
          'Found',
          'through the index',
          `${index.name} · ${index.label}${compared === 0 ? '' : ` · ${plural(compared, 'row')} compared with all`}`,
        ),
    metric('Time', duration(seconds), null),
  );
}

/** What is not shown is said. */
function shownNote({ pairs, count: all }: DuplicatesResult): string {
  return pairs.length >= all ? '' : ` · the first ${count(pairs.length)} of ${count(all)}`;
}

function facts({ table, column, key }: DuplicatesResult): readonly string[] {
  return [`${table} · ${column} · key ${key.join(', ')}`];
}
