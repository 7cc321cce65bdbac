import { toScreen, type Camera, type Place, type Size } from './camera.ts';
import type { Rgb } from './palette.ts';

/** Pixels across a cell of the grid that points are counted in. */
const cell = 12;
const smoothings = 3;
/** Shares of the highest density that get a line. */
const levels = [0.06, 0.2, 0.42, 0.7] as const;

interface Field {
  readonly values: Float32Array;
  readonly columns: number;
  readonly rows: number;
  readonly most: number;
}

/** Shades where many points lie and draws lines of equal density, in the foreground's colour: what single points cannot show when thousands share a pixel. */
export function drawDensity(context: CanvasRenderingContext2D, positions: Float32Array, camera: Camera, size: Size, foreground: Rgb): void {
  const field = countPoints(positions, camera, size);
  // A few points are seen one by one.
  if (field.most < 1) return;
  shade(context, field, foreground);
  contour(context, field, foreground);
}

function countPoints(positions: Float32Array, camera: Camera, size: Size): Field {
  const columns = Math.ceil(size.width / cell) + 2;
  const rows = Math.ceil(size.height / cell) + 2;
  let values = new Float32Array(columns * rows);
  for (let i = 0; i < positions.length; i += 2) {
    const { x, y } = toScreen(camera, size, { x: positions[i]!, y: positions[i + 1]! });
    if (x >= 0 && y >= 0 && x < size.width && y < size.height) values[(Math.floor(y / cell) + 1) * columns + Math.floor(x / cell) + 1]!++;
  }
  for (let i = 0; i < smoothings; i++) values = smoothed(values, columns, rows);
  return { values, columns, rows, most: values.reduce((most, value) => Math.max(most, value), 0) };
}

function smoothed(values: Float32Array, columns: number, rows: number): Float32Array<ArrayBuffer> {
  const next = new Float32Array(values.length);
  for (let row = 1; row < rows - 1; row++)
    for (let column = 1; column < columns - 1; column++) {
      const at = row * columns + column;
      const sides = values[at - 1]! + values[at + 1]! + values[at - columns]! + values[at + columns]!;
      const corners = values[at - columns - 1]! + values[at - columns + 1]! + values[at + columns - 1]! + values[at + columns + 1]!;
      next[at] = (values[at]! * 4 + sides * 2 + corners) / 16;
    }
  return next;
}

function shade(context: CanvasRenderingContext2D, { values, columns, rows, most }: Field, [red, green, blue]: Rgb): void {
  const small = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  values.forEach((value, i) => image.data.set([red, green, blue, (value / most) ** 0.6 * 40], i * 4));
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, -cell, -cell, columns * cell, rows * cell);
}

function contour(context: CanvasRenderingContext2D, field: Field, [red, green, blue]: Rgb): void {
  context.lineWidth = 1;
  levels.forEach((level, i) => {
    context.strokeStyle = `rgba(${red}, ${green}, ${blue}, ${0.07 + 0.03 * i})`;
    context.beginPath();
    for (const [from, to] of crossings(field, level * field.most)) {
      context.moveTo((from.x - 0.5) * cell, (from.y - 0.5) * cell);
      context.lineTo((to.x - 0.5) * cell, (to.y - 0.5) * cell);
    }
    context.stroke();
  });
}

/** Where a level passes through each square of four neighbouring cells (marching squares). */
function* crossings({ values, columns, rows }: Field, level: number): Generator<readonly [Place, Place]> {
  for (let y = 0; y < rows - 1; y++)
    for (let x = 0; x < columns - 1; x++) {
      const at = y * columns + x;
      const [a, b, c, d] = [values[at]!, values[at + 1]!, values[at + columns + 1]!, values[at + columns]!];
      const points: Place[] = [];
      const part = (from: number, to: number): number => (level - from) / (to - from);
      if (a > level !== b > level) points.push({ x: x + part(a, b), y });
      if (b > level !== c > level) points.push({ x: x + 1, y: y + part(b, c) });
      if (c > level !== d > level) points.push({ x: x + 1 - part(c, d), y: y + 1 });
      if (d > level !== a > level) points.push({ x, y: y + 1 - part(d, a) });
      for (let i = 0; i + 1 < points.length; i += 2) yield [points[i]!, points[i + 1]!];
    }
}
