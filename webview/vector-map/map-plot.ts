import { announce } from '../shared/announcer.ts';
import { element, fill } from '../shared/dom.ts';
import { iconButton } from '../shared/ui.ts';
import { axesText } from './axes-text.ts';
import { toScreen, type Place } from './camera.ts';
import { MapCanvas } from './map-canvas.ts';
import { MapControls } from './map-controls.ts';
import type { MapModel } from './map-model.ts';
import { PointIndex } from './point-index.ts';
import type { PointNames } from './point-names.ts';

interface PlotActions {
  readonly select: (points: readonly number[]) => void;
  readonly openRows: () => void;
}

/** Pixels around the pointer in which a point counts as meant. */
const reach = 8;

/** The map with what belongs to it: zoom buttons, tooltip, a line about the axes. */
export class MapPlot {
  readonly root: HTMLElement;
  readonly #model: MapModel;
  readonly #names: PointNames;
  readonly #canvas: MapCanvas;
  readonly #controls: MapControls;
  readonly #surface: HTMLElement;
  readonly #tooltip = element('div', { class: 'map-tooltip', role: 'tooltip', hidden: true });
  readonly #axes = element('p', { class: 'axes secondary' });
  #index = new PointIndex(new Float32Array());
  #tipAt: Place = { x: 0, y: 0 };

  constructor(model: MapModel, names: PointNames, withoutCard: boolean, actions: PlotActions) {
    this.#model = model;
    this.#names = names;
    this.#canvas = new MapCanvas(withoutCard);
    this.#surface = element('div', {
      class: 'map-surface',
      tabindex: 0,
      role: 'application',
      'aria-roledescription': 'map',
      'aria-label': 'Map of vectors. The list shows the same points as a table.',
    });
    this.#controls = new MapControls(this.#surface, this.#canvas, {
      pointAt: (place) => this.#pointAt(place),
      hover: (point, at) => this.#hover(point, at),
      select: (point, add) => actions.select(add ? united(model.selection, point === null ? [] : [point]) : point === null ? [] : [point]),
      selectBox: (a, b, add) => {
        const inside = this.#index.inside(this.#canvas.toWorld(a), this.#canvas.toWorld(b));
        actions.select(add ? united(model.selection, inside) : inside);
      },
      move: (direction) => this.#moveCursor(direction),
      cursorPlace: () => (model.cursor === null ? null : this.#placeOf(model.cursor)),
      selectCursor: (add) => model.cursor !== null && actions.select(add ? united(model.selection, [model.cursor]) : [model.cursor]),
      clear: () => actions.select([]),
      openRows: actions.openRows,
      boxMode: (on) => box.setAttribute('aria-pressed', String(on)),
      say: announce,
    });
    const box = iconButton('inspect', 'Box selection (B)', () => this.#controls.setBoxMode(!this.#controls.boxMode), {
      'aria-pressed': 'false',
    });
    const tools = element(
      'div',
      { class: 'map-tools', role: 'toolbar', 'aria-label': 'Zoom and box selection' },
      iconButton('add', 'Zoom in (+)', () => this.#canvas.zoom(1.5)),
      iconButton('remove', 'Zoom out (−)', () => this.#canvas.zoom(1 / 1.5)),
      iconButton('screen-full', 'Fit (0)', () => this.#canvas.fit()),
      box,
    );
    this.root = element('div', { class: 'map-plot' }, this.#canvas.root, this.#surface, tools, this.#axes, this.#tooltip);
  }

  /** The model has a new picture. */
  show(): void {
    this.#index = new PointIndex(this.#model.drawn.positions);
    this.#hover(null, this.#tipAt);
    this.#axes.textContent = this.#model.points === 0 ? '' : axesText(this.#model.drawn);
    this.#canvas.show(this.#model);
  }

  refresh(): void {
    this.#canvas.refresh();
  }

  /** Names arrived that were asked for. */
  named(): void {
    this.#drawTooltip();
  }

  focus(): void {
    this.#surface.focus();
  }

  reveal(point: number): void {
    this.#canvas.reveal(this.#worldOf(point));
  }

  #pointAt(place: Place): number | null {
    return this.#index.nearest(this.#canvas.toWorld(place), reach / this.#canvas.camera.scale);
  }

  #hover(point: number | null, at: Place): void {
    this.#tipAt = point === null ? at : this.#placeOf(point);
    if (this.#canvas.hover === point) return;
    this.#canvas.hover = point;
    if (point !== null) this.#names.want([point]);
    this.#drawTooltip();
    this.#canvas.redraw();
  }

  #drawTooltip(): void {
    const point = this.#canvas.hover;
    const name = point === null ? null : this.#names.of(point);
    this.#tooltip.hidden = point === null || name === null;
    if (point === null || name === null) return;
    const { drawn } = this.#model;
    const category = drawn.categories[drawn.codes[point]!];
    const facts = [category?.kind === 'all' ? '' : (category?.text ?? ''), name.id].filter((fact) => fact !== '').join(' · ');
    fill(this.#tooltip, element('strong', {}, name.title), element('span', { class: 'secondary small' }, facts));
    const { width, height } = this.#canvas.size;
    this.#tooltip.style.left = `${Math.max(8, Math.min(this.#tipAt.x + 16, width - this.#tooltip.offsetWidth - 8))}px`;
    this.#tooltip.style.top = `${Math.max(8, Math.min(this.#tipAt.y - this.#tooltip.offsetHeight - 12, height - 8))}px`;
  }

  #moveCursor(direction: readonly [number, number]): void {
    const model = this.#model;
    if (model.points === 0) return;
    const { camera } = this.#canvas;
    const next = model.cursor === null ? this.#index.nearest(camera, Infinity) : this.#index.towards(model.cursor, direction);
    if (next === null) {
      announce('No point further on');
      return;
    }
    model.cursor = next;
    this.#canvas.reveal(this.#worldOf(next));
    this.#hover(next, this.#placeOf(next));
    void this.#names.all([next]).then(([name]) => {
      const category = model.drawn.categories[model.drawn.codes[next]!];
      if (name !== undefined && model.cursor === next)
        announce(category?.kind === 'all' ? name.title : `${name.title}, ${category?.text ?? ''}`);
    });
  }

  #worldOf(point: number): Place {
    const { positions } = this.#model.drawn;
    return { x: positions[point * 2]!, y: positions[point * 2 + 1]! };
  }

  #placeOf(point: number): Place {
    return toScreen(this.#canvas.camera, this.#canvas.size, this.#worldOf(point));
  }
}

function united(selection: readonly number[], more: readonly number[]): readonly number[] {
  return [...new Set([...selection, ...more])];
}
