import { svg } from './dom.ts';

/** Points of a line: more cannot be told apart at the size of a cell. */
const mostPoints = 128;

/** A vector's components as a line. `width` and `height` in pixels. The numbers stand beside it, so it is hidden from screen readers. */
export function sparkline(values: ArrayLike<number>, width: number, height: number): SVGElement {
  const step = Math.max(1, Math.ceil(values.length / mostPoints));
  const shown: number[] = [];
  for (let at = 0; at < values.length; at += step) {
    const value = values[at] ?? 0;
    shown.push(Number.isFinite(value) ? value : 0);
  }
  const least = Math.min(...shown);
  const range = Math.max(...shown) - least || 1;
  const x = (at: number): string => ((at / Math.max(1, shown.length - 1)) * (width - 1) + 0.5).toFixed(1);
  const y = (value: number): string => (height - 1 - ((value - least) / range) * (height - 2)).toFixed(1);
  const points = shown.map((value, at) => `${x(at)},${y(value)}`).join(' ');
  const line = svg('polyline', { points });
  return svg('svg', { class: 'sparkline', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' }, line);
}
