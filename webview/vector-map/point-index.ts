import KDBush from 'kdbush';
import type { Place } from './camera.ts';

/** Finds points by where they are. */
export class PointIndex {
  readonly #tree: KDBush | null;
  readonly #positions: Float32Array;

  constructor(positions: Float32Array) {
    this.#positions = positions;
    const count = positions.length / 2;
    this.#tree = count === 0 ? null : new KDBush(count, 64, Float32Array);
    for (let i = 0; i < positions.length; i += 2) this.#tree?.add(positions[i]!, positions[i + 1]!);
    this.#tree?.finish();
  }

  /** The nearest point within `radius`, in the units of the world; null when there is none. */
  nearest({ x, y }: Place, radius: number): number | null {
    let best: number | null = null;
    let least = Infinity;
    for (const point of this.#tree?.within(x, y, radius) ?? []) {
      const distance = Math.hypot(this.#positions[point * 2]! - x, this.#positions[point * 2 + 1]! - y);
      // Of points at one place the one that is drawn last is seen.
      if (distance < least || (distance === least && point > (best ?? -1))) [best, least] = [point, distance];
    }
    return best;
  }

  /** Points inside of a rectangle. */
  inside(a: Place, b: Place): number[] {
    return this.#tree?.range(Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)) ?? [];
  }

  /** The nearest point in a direction from another: inside of a right angle around it. null at the edge. */
  towards(from: number, [dx, dy]: readonly [number, number]): number | null {
    const x = this.#positions[from * 2]!;
    const y = this.#positions[from * 2 + 1]!;
    let best: number | null = null;
    let least = Infinity;
    for (let point = 0; point * 2 < this.#positions.length; point++) {
      const along = (this.#positions[point * 2]! - x) * dx + (this.#positions[point * 2 + 1]! - y) * dy;
      const across = Math.abs((this.#positions[point * 2]! - x) * dy - (this.#positions[point * 2 + 1]! - y) * dx);
      if (point === from || along <= 0 || across > along) continue;
      const distance = along + across;
      if (distance < least) [best, least] = [point, distance];
    }
    return best;
  }
}
