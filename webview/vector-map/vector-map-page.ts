import type { MapWish } from '../../src/core/model/vector-map.ts';
import type {
  DrawnMap,
  MapProgress,
  VectorMapPanelInit,
  VectorMapPanelMethods,
  VectorMapPanelState,
} from '../../src/protocol/vector-map-panel.ts';
import { announce } from '../shared/announcer.ts';
import { element, fill } from '../shared/dom.ts';
import { emptyState } from '../shared/empty-state.ts';
import { errorCard } from '../shared/error-card.ts';
import type { Messenger } from '../shared/messenger.ts';
import { PanelError, SupersededError } from '../shared/panel-error.ts';
import { count, plural } from '../shared/quantities.ts';
import type { PageContext } from '../shared/start-page.ts';
import { button } from '../shared/ui.ts';
import { axesText } from './axes-text.ts';
import { drawLegend } from './legend.ts';
import { MapList } from './map-list.ts';
import { MapModel } from './map-model.ts';
import { MapPlot } from './map-plot.ts';
import { createMapToolbar, leftOutText, sampleText, type MapToolbar, type MapView } from './map-toolbar.ts';
import { isOutdated, PointNames } from './point-names.ts';
import { createProgressStrip } from './progress-strip.ts';
import { drawNearest, drawSelected, drawSelectedMany } from './selected-aside.ts';
import { createSelectionBar } from './selection-bar.ts';

const firstSample = 10_000;
const firstSeed = 7;
/** Nearest rows that are looked for. */
const nearestRows = 10;

/** Puts the vector map together: what the user does changes the wish or the selection, and the parts show it. */
export function buildVectorMapPage(context: PageContext<VectorMapPanelMethods, VectorMapPanelInit>): void {
  const page = new VectorMapPage(context);
  context.root.append(...page.parts());
  page.begin();
}

class VectorMapPage {
  readonly #messenger: Messenger<VectorMapPanelMethods>;
  readonly #init: VectorMapPanelInit;
  readonly #model: MapModel;
  readonly #names: PointNames;
  readonly #toolbar: MapToolbar;
  readonly #plot: MapPlot;
  readonly #list: MapList;
  readonly #progress = createProgressStrip(() => this.#cancel());
  readonly #bar = createSelectionBar({
    openRows: () => void this.#openRows(),
    openNeighbours: () => this.#openNeighbours(),
    copyIds: () => void this.#copyIds(),
    clear: () => this.#select([]),
  });
  readonly #failure = element('div', { class: 'map-failure', hidden: true });
  readonly #legend = element('section', { class: 'legend', 'aria-label': 'Legend' });
  readonly #selected = element('section', { class: 'selected', 'aria-label': 'Selected' });
  readonly #nearest = element('section', { class: 'nearest', 'aria-label': 'Nearest' });
  readonly #stage = element('div', { class: 'stage' });
  readonly #renderer: 'image' | undefined;
  /** Of the picture that is shown. */
  #wish: MapWish;
  #view: MapView;
  #off: readonly string[];
  #drawing: AbortController | null = null;
  /** Of the picture that is being drawn. */
  #asked: MapWish | null = null;

  constructor({ messenger, init, report }: PageContext<VectorMapPanelMethods, VectorMapPanelInit>) {
    this.#messenger = messenger;
    this.#init = init;
    const kept = keptState(init, messenger.state<Partial<VectorMapPanelState>>().get());
    this.#wish = kept?.wish ?? { projection: 'pca', sample: firstSample, seed: firstSeed, colour: init.colour };
    this.#view = kept?.view ?? 'map';
    this.#off = kept?.off ?? [];
    this.#renderer = kept?.renderer;
    this.#model = new MapModel(nothingDrawn);
    this.#names = new PointNames(messenger, () => this.#named());
    this.#toolbar = createMapToolbar(init, {
      change: (part) => void this.#draw({ ...(this.#asked ?? this.#wish), ...part }),
      view: (view) => this.#show(view),
      find: (text) => void this.#find(text).catch(report),
    });
    const actions = {
      select: (points: readonly number[]) => this.#select(points),
      openRows: () => void this.#openRows(),
    };
    this.#plot = new MapPlot(this.#model, this.#names, this.#renderer === 'image', actions);
    this.#list = new MapList(init, this.#model, this.#names, {
      select: (point, add) => this.#select(add ? toggled(this.#model.selection, point) : [point]),
      clear: () => this.#select([]),
      openRows: () => void this.#openRows(),
      copy: (text) => void messenger.call('copyText', { text }),
    });
    messenger.on('progress', (payload) => this.#drawing !== null && this.#progress.show(payload as MapProgress));
  }

  parts(): readonly HTMLElement[] {
    this.#stage.append(this.#plot.root, this.#list.grid.root, this.#failure);
    const middle = element('div', { class: 'map-middle' }, this.#progress.root, this.#stage, this.#bar.root);
    const aside = element(
      'aside',
      { class: 'map-aside', 'aria-label': 'Legend and selection' },
      this.#legend,
      this.#selected,
      this.#nearest,
    );
    return [this.#toolbar.root, element('div', { class: 'vector-map' }, middle, aside)];
  }

  begin(): void {
    this.#show(this.#view);
    this.#bar.draw(this.#model);
    void this.#draw(this.#wish);
  }

  async #draw(wish: MapWish): Promise<void> {
    this.#drawing?.abort();
    const controller = new AbortController();
    this.#drawing = controller;
    this.#asked = wish;
    this.#toolbar.show(wish, this.#view);
    this.#progress.begin(wish);
    announce(`Drawing by ${wish.projection.toUpperCase()}`);
    try {
      const drawn = await this.#messenger.call('draw', wish, { signal: controller.signal });
      this.#failure.hidden = true;
      this.#accept(wish, drawn);
    } catch (error) {
      if (this.#drawing !== controller) return;
      this.#toolbar.show(this.#wish, this.#view);
      if (error instanceof PanelError) this.#fail(error);
      else if (!(error instanceof SupersededError)) throw error;
      else if (this.#model.drawn === nothingDrawn) this.#offerDrawing();
    } finally {
      if (this.#drawing === controller) {
        this.#drawing = null;
        this.#asked = null;
        this.#progress.end();
      }
    }
  }

  #cancel(): void {
    this.#drawing?.abort();
    announce('Cancelled');
    if (this.#model.points > 0) this.#plot.focus();
  }

  #accept(wish: MapWish, drawn: DrawnMap): void {
    const model = this.#model;
    this.#wish = wish;
    model.drawn = drawn;
    model.selection = [];
    model.nearest = null;
    model.cursor = null;
    model.off.clear();
    drawn.categories.forEach(({ kind, text }, code) => kind !== 'all' && this.#off.includes(text) && model.off.add(code));
    this.#names.begin(drawn.picture);
    this.#toolbar.draw(drawn);
    const isEmpty = drawn.codes.length === 0;
    if (isEmpty) this.#showInstead(emptyState('graph-scatter', `No row has a vector in ${drawn.column}. ${leftOutText(drawn)}`));
    this.#plot.show();
    this.#list.show();
    this.#drawAside();
    this.#bar.draw(model);
    this.#keep();
    if (!isEmpty)
      announce(`${plural(drawn.codes.length, 'point')} by ${drawn.projection.toUpperCase()}. ${sampleText(drawn)}. ${axesText(drawn)}`);
  }

  #fail({ shape }: PanelError): void {
    // A picture that is there stays; the reason stands above it.
    if (this.#model.points > 0) throw new PanelError(shape);
    this.#showInstead(errorCard(shape));
  }

  /** The first picture was cancelled. */
  #offerDrawing(): void {
    const draw = button('Draw', { onClick: () => void this.#draw(this.#wish) });
    this.#showInstead(emptyState('graph-scatter', 'Drawing was cancelled.', draw));
    draw.focus();
  }

  #showInstead(card: HTMLElement): void {
    fill(this.#failure, card);
    this.#failure.hidden = false;
  }

  #show(view: MapView): void {
    this.#view = view;
    this.#stage.dataset['view'] = view;
    this.#plot.root.hidden = view !== 'map';
    this.#list.grid.root.hidden = view !== 'list';
    this.#toolbar.show(this.#wish, view);
    if (view === 'list') this.#list.grid.remeasure();
    this.#keep();
  }

  #select(points: readonly number[]): void {
    const model = this.#model;
    model.selection = points;
    model.nearest = null;
    if (points.length === 1) {
      model.cursor = points[0]!;
      this.#names.want(points);
      void this.#findNearest(points[0]!);
    }
    this.#changed();
    if (points.length !== 1) announce(points.length === 0 ? 'Nothing selected' : `${plural(points.length, 'row')} selected`);
  }

  async #findNearest(point: number): Promise<void> {
    const { picture } = this.#model.drawn;
    try {
      const nearest = await this.#messenger.call('nearest', { picture, point, k: nearestRows }, { lane: 'nearest' });
      if (this.#model.selection.length !== 1 || this.#model.selection[0] !== point || this.#model.drawn.picture !== picture) return;
      this.#model.nearest = nearest;
      this.#changed();
      const [first] = nearest.nearest;
      const title = this.#names.of(point)?.title ?? '';
      announce(`${title} selected${first === undefined ? '' : `, nearest: ${first.title}, similarity ${first.similarity.toFixed(3)}`}`);
    } catch (error) {
      if (!(error instanceof SupersededError) && !isOutdated(error)) throw error;
    }
  }

  async #find(text: string): Promise<void> {
    if (text === '') {
      this.#select([]);
      return;
    }
    const { picture } = this.#model.drawn;
    const found = [...(await this.#messenger.call('find', { picture, text }, { lane: 'find' }))];
    if (this.#model.drawn.picture !== picture) return;
    this.#select(found);
    if (found.length === 0) announce(`No point of this sample has "${text}" in its label or key`);
    else if (found.length === 1) this.#plot.reveal(found[0]!);
  }

  /** The selection, its neighbours or the legend changed. */
  #changed(): void {
    this.#plot.refresh();
    this.#list.refresh();
    this.#bar.draw(this.#model);
    this.#drawAside();
  }

  /** Names arrived. */
  #named(): void {
    this.#plot.named();
    this.#list.grid.refresh();
    this.#drawAside();
  }

  #drawAside(): void {
    const model = this.#model;
    drawLegend(this.#legend, model, (code) => this.#toggle(code));
    const [only] = model.selection;
    this.#selected.hidden = model.selection.length === 0;
    if (model.selection.length === 1 && only !== undefined) {
      drawSelected(this.#selected, this.#names.of(only) ?? { title: '…', id: '' }, model.nearest);
    } else if (model.selection.length > 1) drawSelectedMany(this.#selected, model);
    this.#nearest.hidden = model.nearest === null;
    drawNearest(this.#nearest, model, (point) => {
      this.#select([point]);
      this.#plot.reveal(point);
    });
  }

  #toggle(code: number): void {
    const { off, drawn } = this.#model;
    if (!off.delete(code)) off.add(code);
    this.#off = [...off].map((one) => drawn.categories[one]!.text);
    this.#keep();
    this.#changed();
  }

  async #openRows(): Promise<void> {
    const { selection, drawn } = this.#model;
    if (selection.length === 0) return;
    const { shown } = await this.#messenger.call('openRows', { picture: drawn.picture, points: selection });
    if (shown < selection.length) announce(`Rows shows the first ${count(shown)} of ${count(selection.length)} selected`);
  }

  #openNeighbours(): void {
    const { selection, drawn } = this.#model;
    if (selection.length === 1) void this.#messenger.call('openNeighbours', { picture: drawn.picture, point: selection[0]! });
  }

  async #copyIds(): Promise<void> {
    const { selection, drawn } = this.#model;
    await this.#messenger.call('copyIds', { picture: drawn.picture, points: selection });
    announce(`${plural(selection.length, 'id')} copied`);
  }

  #keep(): void {
    const state = { subject: this.#init.subject, wish: this.#wish, view: this.#view, off: this.#off };
    this.#messenger.state<VectorMapPanelState>().set(this.#renderer === undefined ? state : { ...state, renderer: this.#renderer });
  }
}

/** What was kept, when it was kept for this column and can still be drawn. */
function keptState(
  { subject, columns }: VectorMapPanelInit,
  kept: Partial<VectorMapPanelState> | undefined,
): Partial<VectorMapPanelState> | null {
  const old = kept?.subject;
  if (
    kept === undefined ||
    old === undefined ||
    !(['profile', 'schema', 'table', 'column'] as const).every((name) => old[name] === subject[name])
  )
    return null;
  const colour = kept.wish?.colour ?? null;
  const gone = colour !== null && !columns.some(({ name }) => name === colour);
  return gone && kept.wish !== undefined ? { ...kept, wish: { ...kept.wish, colour: null } } : kept;
}

function toggled(selection: readonly number[], point: number): readonly number[] {
  return selection.includes(point) ? selection.filter((other) => other !== point) : [...selection, point];
}

const nothingDrawn: DrawnMap = {
  picture: 0,
  table: '',
  column: '',
  dimensions: 0,
  metric: 'cosine',
  projection: 'pca',
  seed: firstSeed,
  colour: null,
  label: null,
  rows: 0,
  drawable: 0,
  limit: 0,
  leftOut: { withoutVector: 0, otherDimensions: 0, notFinite: 0 },
  positions: new Float32Array(),
  codes: new Uint8Array(),
  categories: [],
  variance: null,
  cached: false,
  seconds: 0,
  labelOrder: new Uint32Array(),
};
