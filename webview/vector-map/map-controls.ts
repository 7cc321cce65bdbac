import type { Place } from './camera.ts';
import type { MapCanvas } from './map-canvas.ts';

interface MapActions {
  /** The point under a place on the screen. */
  readonly pointAt: (place: Place) => number | null;
  readonly hover: (point: number | null, at: Place) => void;
  readonly select: (point: number | null, add: boolean) => void;
  readonly selectBox: (a: Place, b: Place, add: boolean) => void;
  /** Moves the keyboard's point in a direction of the world. */
  readonly move: (direction: readonly [number, number]) => void;
  /** Where the keyboard's point is on the screen; null before there is one. */
  readonly cursorPlace: () => Place | null;
  readonly selectCursor: (add: boolean) => void;
  readonly clear: () => void;
  readonly openRows: () => void;
  readonly boxMode: (on: boolean) => void;
  readonly say: (text: string) => void;
}

const step = 16;
const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Mouse, wheel and keys of the map. */
export class MapControls {
  readonly #surface: HTMLElement;
  readonly #canvas: MapCanvas;
  readonly #actions: MapActions;
  #boxMode = false;
  #drag: { readonly from: Place; last: Place; readonly box: boolean; moved: boolean } | null = null;

  constructor(surface: HTMLElement, canvas: MapCanvas, actions: MapActions) {
    this.#surface = surface;
    this.#canvas = canvas;
    this.#actions = actions;
    surface.addEventListener('pointerdown', (event) => this.#down(event));
    surface.addEventListener('pointermove', (event) => this.#move(event));
    surface.addEventListener('pointerup', (event) => this.#up(event));
    surface.addEventListener('pointercancel', () => this.#stop());
    surface.addEventListener('pointerleave', (event) => this.#drag ?? actions.hover(null, this.#place(event)));
    surface.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    surface.addEventListener('keydown', (event) => this.#key(event));
    for (const type of ['focus', 'blur'] as const)
      surface.addEventListener(type, () => {
        canvas.focused = type === 'focus' && surface.matches(':focus-visible');
        canvas.redraw();
      });
  }

  /** A drag makes a box instead of moving the picture. */
  setBoxMode(on: boolean): void {
    this.#boxMode = on;
    this.#surface.classList.toggle('box-mode', on);
    this.#actions.boxMode(on);
    if (!on) this.#setBox(null);
  }

  get boxMode(): boolean {
    return this.#boxMode;
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const at = this.#place(event);
    this.#drag = { from: at, last: at, box: this.#boxMode || event.shiftKey, moved: false };
    this.#surface.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const at = this.#place(event);
    const drag = this.#drag;
    if (drag === null) {
      this.#actions.hover(this.#actions.pointAt(at), at);
      return;
    }
    drag.moved ||= Math.hypot(at.x - drag.from.x, at.y - drag.from.y) > 3;
    if (!drag.moved) return;
    this.#actions.hover(null, at);
    if (drag.box) this.#setBox([drag.from, at]);
    else this.#canvas.pan(at.x - drag.last.x, at.y - drag.last.y);
    drag.last = at;
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = null;
    if (drag === null) return;
    const at = this.#place(event);
    const add = event.ctrlKey || event.metaKey;
    if (!drag.moved) this.#actions.select(this.#actions.pointAt(at), add);
    else if (drag.box) {
      this.#setBox(null);
      this.#actions.selectBox(drag.from, at, add);
    }
  }

  #stop(): void {
    this.#drag = null;
    this.#setBox(null);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    this.#canvas.zoom(Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.0015 : 0.05)), this.#place(event));
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || ((event.ctrlKey || event.metaKey) && event.key !== 'Enter')) return;
    if (!this.#use(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#canvas.focused = true;
    this.#canvas.redraw();
  }

  #use(event: KeyboardEvent): boolean {
    const direction = directions[event.key];
    if (direction !== undefined) this.#arrow(direction, event.shiftKey);
    else if (event.key === '+' || event.key === '=') this.#canvas.zoom(1.5);
    else if (event.key === '-') this.#canvas.zoom(1 / 1.5);
    else if (event.key === '0' || event.key === 'f') this.#canvas.fit();
    else if (event.key === 'b') this.#beginBox();
    else if (event.key === 'o') this.#actions.openRows();
    else if (event.key === 'Enter' || event.key === ' ') this.#enter(event.ctrlKey || event.metaKey);
    else if (event.key === 'Escape') this.#escape();
    else return false;
    return true;
  }

  #arrow([dx, dy]: readonly [number, number], shift: boolean): void {
    const { box } = this.#canvas;
    if (this.#boxMode && box !== null) this.#setBox([box[0], { x: box[1].x + dx * step, y: box[1].y - dy * step }]);
    else if (shift) this.#canvas.pan(-dx * step * 3, dy * step * 3);
    else this.#actions.move([dx, dy]);
  }

  #beginBox(): void {
    if (this.#boxMode) {
      this.setBoxMode(false);
      return;
    }
    this.setBoxMode(true);
    const { width, height } = this.#canvas.size;
    const at = this.#actions.cursorPlace() ?? { x: width / 2, y: height / 2 };
    this.#setBox([
      { x: at.x - step, y: at.y - step },
      { x: at.x + step, y: at.y + step },
    ]);
    this.#actions.say('Box selection: arrows move its lower right corner, Enter selects, Escape leaves');
  }

  #enter(add: boolean): void {
    const { box } = this.#canvas;
    if (!this.#boxMode || box === null) {
      this.#actions.selectCursor(add);
      return;
    }
    this.setBoxMode(false);
    this.#actions.selectBox(box[0], box[1], add);
  }

  #escape(): void {
    if (this.#boxMode) this.setBoxMode(false);
    else this.#actions.clear();
  }

  #setBox(box: readonly [Place, Place] | null): void {
    this.#canvas.box = box;
    this.#canvas.redraw();
  }

  #place({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Place {
    const { left, top } = this.#surface.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}
