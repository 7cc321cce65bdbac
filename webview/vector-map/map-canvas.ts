import { element } from '../shared/dom.ts';
import { boundsOf, fitCamera, panned, toWorld, zoomed, type Bounds, type Camera, type Place, type Size } from './camera.ts';
import { clusterLabels, placeLabels } from './cluster-labels.ts';
import { drawDensity } from './density.ts';
import { imagePoints } from './image-points.ts';
import type { MapModel } from './map-model.ts';
import { drawOverlay, type OverlayColours } from './overlay.ts';
import { colourOf, resolveColour } from './palette.ts';
import { fitCanvas, type PointRenderer } from './point-renderer.ts';
import { webglPoints } from './webgl-points.ts';

/** Opacity of each look: dimmed by the legend, beside a selection, usual, chosen. */
const opacities = [0.1, 0.34, 0.85, 1] as const;
/** How much nearer and farther than the whole cloud. */
const mostZoom = 400;
const leastZoom = 0.5;

/** The layers of the map: density, points, what is marked, and names. Draws at most once a frame. */
export class MapCanvas {
  readonly root: HTMLElement;
  readonly #under = layer('map-density');
  readonly #over = layer('map-marks');
  readonly #labels = element('div', { class: 'cluster-labels', 'aria-hidden': 'true' });
  readonly #probe = element('span', { hidden: true });
  #points: PointRenderer;
  #model: MapModel | null = null;
  #bounds: Bounds = { left: -1, right: 1, bottom: -1, top: 1 };
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  #size: Size = { width: 0, height: 0 };
  #names: ReturnType<typeof clusterLabels> = [];
  #colours: OverlayColours | null = null;
  #fitted = true;
  #wanted = 0;
  hover: number | null = null;
  box: readonly [Place, Place] | null = null;
  focused = false;

  /** `withoutCard`: do not even ask for WebGL2. */
  constructor(withoutCard: boolean) {
    const canvas = layer('map-points');
    const fallBack = (): void => this.#replacePoints();
    this.#points = (withoutCard ? null : webglPoints(canvas, fallBack)) ?? imagePoints(withoutCard ? canvas : layer('map-points'));
    this.root = element(
      'div',
      { class: 'map-layers', 'aria-hidden': 'true' },
      this.#under,
      this.#points.canvas,
      this.#over,
      this.#labels,
      this.#probe,
    );
    this.#say();
    new ResizeObserver(() => this.#resize()).observe(this.root);
    new MutationObserver(() => {
      this.#colours = null;
      this.refresh();
    }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  get camera(): Camera {
    return this.#camera;
  }

  get size(): Size {
    return this.#size;
  }

  /** New points; the whole cloud comes into sight. */
  show(model: MapModel): void {
    this.#model = model;
    this.#bounds = boundsOf(model.drawn.positions);
    this.#names = clusterLabels(model.drawn);
    this.#colours = null;
    this.#points.setPoints(model.drawn.positions, model.drawn.codes);
    this.#points.setLooks(model.looks());
    this.fit();
  }

  /** Looks, marks or colours changed. */
  refresh(): void {
    if (this.#model !== null) this.#points.setLooks(this.#model.looks());
    this.redraw();
  }

  redraw(): void {
    if (this.#wanted !== 0) return;
    this.#wanted = requestAnimationFrame(() => {
      this.#wanted = 0;
      this.#draw();
    });
  }

  fit(): void {
    this.#fitted = true;
    this.#camera = fitCamera(this.#bounds, this.#size);
    this.redraw();
  }

  zoom(factor: number, at: Place = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    const whole = fitCamera(this.#bounds, this.#size).scale;
    this.#fitted = false;
    this.#camera = zoomed(this.#camera, this.#size, at, factor, whole * leastZoom, whole * mostZoom);
    this.redraw();
  }

  pan(dx: number, dy: number): void {
    this.#fitted = false;
    this.#camera = panned(this.#camera, dx, dy);
    this.redraw();
  }

  /** Moves the picture when a place of it is not in sight. */
  reveal({ x, y }: Place): void {
    const { width, height } = this.#size;
    const half = { x: width / 2 / this.#camera.scale, y: height / 2 / this.#camera.scale };
    if (Math.abs(x - this.#camera.x) < half.x && Math.abs(y - this.#camera.y) < half.y) return;
    this.#fitted = false;
    this.#camera = { ...this.#camera, x, y };
    this.redraw();
  }

  toWorld(at: Place): Place {
    return toWorld(this.#camera, this.#size, at);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width === 0 || height === 0) return;
    this.#size = { width, height };
    if (this.#fitted) this.#camera = fitCamera(this.#bounds, this.#size);
    // At once: a frame later the canvas would be stretched meanwhile.
    this.#draw();
  }

  #draw(): void {
    const model = this.#model;
    if (model === null || this.#size.width === 0) return;
    const colours = (this.#colours ??= this.#resolve(model));
    const [camera, size, ratio] = [this.#camera, this.#size, devicePixelRatio];
    const under = this.#begin(this.#under);
    if (under !== null) drawDensity(under, model.drawn.positions, camera, size, colours.foreground);
    const zoom = camera.scale / fitCamera(this.#bounds, size).scale;
    this.#points.draw({ camera, size, ratio, palette: colours.palette, opacities, diameter: diameter(model.points, zoom) });
    const over = this.#begin(this.#over);
    const { hover, box, focused } = this;
    if (over !== null) drawOverlay(over, { model, camera, size, colours, hover, box, focused });
    placeLabels(this.#labels, this.#names, camera, size);
    this.root.dataset['drawn'] = String(model.drawn.picture);
  }

  #begin(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
    const context = canvas.getContext('2d');
    fitCanvas(canvas, { size: this.#size, ratio: devicePixelRatio });
    context?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context?.clearRect(0, 0, this.#size.width, this.#size.height);
    return context;
  }

  #resolve(model: MapModel): OverlayColours {
    const rgb = (css: string) => resolveColour(css, this.#probe);
    return {
      foreground: rgb('var(--vscode-foreground)'),
      background: rgb('var(--vscode-editor-background)'),
      focus: rgb('var(--vscode-focusBorder)'),
      palette: model.drawn.categories.map((category, code) => rgb(colourOf(category, code))),
    };
  }

  /** The card took its context back: the page draws by itself from now on. */
  #replacePoints(): void {
    const before = this.#points;
    this.#points = imagePoints(layer('map-points'));
    before.canvas.replaceWith(this.#points.canvas);
    before.dispose();
    this.#say();
    if (this.#model === null) return;
    this.#points.setPoints(this.#model.drawn.positions, this.#model.drawn.codes);
    this.refresh();
  }

  #say(): void {
    this.root.dataset['renderer'] = this.#points.kind;
  }
}

function layer(name: string): HTMLCanvasElement {
  return element('canvas', { class: name });
}

/** Pixels across a point: small in a crowd, larger when one comes near. */
function diameter(points: number, zoom: number): number {
  const crowd = points > 20_000 ? 2 : points > 2_000 ? 3 : 5;
  return Math.min(10, crowd * Math.max(1, zoom ** 0.35));
}
