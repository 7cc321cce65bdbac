import type { DrawnMap, NearestPoints } from '../../src/protocol/vector-map-panel.ts';
import { looks } from './point-renderer.ts';

/** What the picture shows besides its points; the parts of the page draw it. */
export class MapModel {
  drawn: DrawnMap;
  /** Codes of categories that are dimmed. */
  readonly off = new Set<number>();
  selection: readonly number[] = [];
  /** Of the only selected point; null while it is looked for. */
  nearest: NearestPoints | null = null;
  /** Where the keyboard is. */
  cursor: number | null = null;

  constructor(drawn: DrawnMap) {
    this.drawn = drawn;
  }

  get points(): number {
    return this.drawn.codes.length;
  }

  /** Points that belong together now: the selected ones and those near to the only one. */
  chosen(): ReadonlySet<number> {
    const near = this.nearest?.nearest.flatMap(({ point }) => (point === null ? [] : [point])) ?? [];
    return new Set([...this.selection, ...near]);
  }

  /** How each point looks. */
  looks(): Uint8Array {
    const states = new Uint8Array(this.points).fill(this.selection.length > 0 ? looks.beside : looks.usual);
    if (this.off.size > 0) this.drawn.codes.forEach((code, point) => this.off.has(code) && (states[point] = looks.off));
    for (const point of this.chosen()) states[point] = looks.chosen;
    return states;
  }

  similarityOf(point: number): number | null {
    return this.nearest?.nearest.find((near) => near.point === point)?.similarity ?? null;
  }
}
