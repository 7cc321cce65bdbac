import type { DrawnMap } from '../../src/protocol/vector-map-panel.ts';
import { element, fill } from '../shared/dom.ts';
import { toScreen, type Camera, type Place, type Size } from './camera.ts';

interface ClusterLabel extends Place {
  readonly text: string;
}

/** Where the name of each value goes: above the middle of its points. */
export function clusterLabels({ positions, codes, categories }: DrawnMap): readonly ClusterLabel[] {
  return categories.flatMap(({ kind, text }, code) => {
    if (kind !== 'value') return [];
    const xs: number[] = [];
    const ys: number[] = [];
    codes.forEach((other, point) => {
      if (other !== code) return;
      xs.push(positions[point * 2]!);
      ys.push(positions[point * 2 + 1]!);
    });
    if (xs.length === 0) return [];
    return [{ text, x: part(xs, 0.5), y: part(ys, 0.95) }];
  });
}

/** Puts the labels that are in sight into `target`; one that would lie on another is left out. */
export function placeLabels(target: HTMLElement, labels: readonly ClusterLabel[], camera: Camera, size: Size): void {
  const taken: Place[] = [];
  const shown = labels.flatMap(({ text, ...world }) => {
    const { x, y } = toScreen(camera, size, world);
    const free = taken.every((other) => Math.abs(other.x - x) > text.length * 7 || Math.abs(other.y - y) > 18);
    if (!free || x < 0 || y < 16 || x > size.width || y > size.height) return [];
    taken.push({ x, y });
    return [element('span', { class: 'cluster-label', style: { left: `${x}px`, top: `${y - 16}px` } }, text)];
  });
  fill(target, ...shown);
}

function part(values: number[], share: number): number {
  return values.sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;
}
