import { toScreen, type Camera, type Place, type Size } from './camera.ts';
import type { MapModel } from './map-model.ts';
import type { Rgb } from './palette.ts';

export interface OverlayColours {
  readonly foreground: Rgb;
  readonly background: Rgb;
  readonly focus: Rgb;
  readonly palette: readonly Rgb[];
}

interface Overlay {
  readonly model: MapModel;
  readonly camera: Camera;
  readonly size: Size;
  readonly colours: OverlayColours;
  readonly hover: number | null;
  /** Corners of the selection box, in pixels. */
  readonly box: readonly [Place, Place] | null;
  /** The keyboard is in the map. */
  readonly focused: boolean;
}

/** Larger selections are told by their brightness alone. */
const mostRings = 500;

/** Draws what stands on top of the points: lines to the nearest, rings, the selection box. */
export function drawOverlay(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { model, colours, box, focused } = overlay;
  const at = (point: number): Place => placeOf(overlay, point);
  const [only] = model.selection;
  const near = model.nearest?.nearest.flatMap(({ point }) => (point === null ? [] : [point])) ?? [];
  if (model.selection.length === 1 && only !== undefined) {
    lines(context, at(only), near.map(at), css(colours.foreground, 0.55));
    for (const point of near) dot(context, at(point), 4, overlay, point);
    ring(context, at(only), 9, css(colours.background), css(colours.focus));
    disc(context, at(only), 5, css(colours.foreground));
  } else for (const point of model.selection.slice(0, mostRings)) dot(context, at(point), 2.5, overlay, point);
  if (overlay.hover !== null && overlay.hover !== only) dot(context, at(overlay.hover), 4.5, overlay, overlay.hover);
  if (focused && model.cursor !== null) ring(context, at(model.cursor), 11, null, css(colours.focus));
  if (box !== null) frame(context, box, colours);
}

function placeOf({ model, camera, size }: Overlay, point: number): Place {
  return toScreen(camera, size, { x: model.drawn.positions[point * 2]!, y: model.drawn.positions[point * 2 + 1]! });
}

function lines(context: CanvasRenderingContext2D, from: Place, ends: readonly Place[], colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (const end of ends) {
    context.moveTo(from.x, from.y);
    context.lineTo(end.x, end.y);
  }
  context.stroke();
}

function dot(context: CanvasRenderingContext2D, at: Place, radius: number, { model, colours }: Overlay, point: number): void {
  disc(context, at, radius + 1.5, css(colours.background));
  disc(context, at, radius, css(colours.palette[model.drawn.codes[point] ?? 0] ?? colours.foreground));
}

function disc(context: CanvasRenderingContext2D, { x, y }: Place, radius: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function ring(context: CanvasRenderingContext2D, { x, y }: Place, radius: number, inside: string | null, colour: string): void {
  if (inside !== null) disc(context, { x, y }, radius, inside);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

function frame(context: CanvasRenderingContext2D, [a, b]: readonly [Place, Place], { focus }: OverlayColours): void {
  context.fillStyle = css(focus, 0.12);
  context.strokeStyle = css(focus);
  context.lineWidth = 1;
  context.fillRect(a.x, a.y, b.x - a.x, b.y - a.y);
  context.strokeRect(a.x, a.y, b.x - a.x, b.y - a.y);
}

function css([red, green, blue]: Rgb, opacity = 1): string {
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}
