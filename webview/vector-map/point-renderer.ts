import type { Camera, Size } from './camera.ts';
import type { Rgb } from './palette.ts';

/** How opaque a point of each look is. Order: dimmed by the legend, beside a selection, usual, in the selection. */
export const looks = { off: 0, beside: 1, usual: 2, chosen: 3 } as const;

export interface PointFrame {
  readonly camera: Camera;
  /** CSS pixels. */
  readonly size: Size;
  /** Device pixels for one of CSS. */
  readonly ratio: number;
  /** Colour of each code. */
  readonly palette: readonly Rgb[];
  /** Opacity of each look, 0 to 1. */
  readonly opacities: readonly number[];
  /** CSS pixels across a point. */
  readonly diameter: number;
}

/** Draws the points of a map on a canvas of its own. Both ways draw the same: round points in their order, one over the other. */
export interface PointRenderer {
  readonly kind: 'webgl' | 'image';
  readonly canvas: HTMLCanvasElement;
  setPoints(positions: Float32Array, codes: Uint8Array): void;
  /** One of `looks` for each point. */
  setLooks(states: Uint8Array): void;
  draw(frame: PointFrame): void;
  dispose(): void;
}

/** Makes the canvas as large as the frame wants; clears it where that changed. */
export function fitCanvas(canvas: HTMLCanvasElement, { size, ratio }: Pick<PointFrame, 'size' | 'ratio'>): void {
  const width = Math.max(1, Math.round(size.width * ratio));
  const height = Math.max(1, Math.round(size.height * ratio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
