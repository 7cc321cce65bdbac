import type { VectorMap } from '../../model/vector-map.ts';

/** A layout of points, as it was computed. */
export type Layout = Pick<VectorMap, 'positions' | 'variance'>;

/** Up to 0.8 MB each. */
const mostLayouts = 16;

/**
 * Layouts of this process. What a layout is found by says everything that it was made from, the rows themselves included: after any change of a row there is
 * nothing to find.
 */
export class LayoutCache {
  readonly #layouts = new Map<string, Layout>();

  get(key: string): Layout | undefined {
    const found = this.#layouts.get(key);
    if (found === undefined) return undefined;
    // The one that was used last goes last.
    this.#layouts.delete(key);
    this.#layouts.set(key, found);
    return found;
  }

  set(key: string, layout: Layout): void {
    this.#layouts.set(key, layout);
    const oldest = this.#layouts.keys().next().value;
    if (this.#layouts.size > mostLayouts && oldest !== undefined) this.#layouts.delete(oldest);
  }
}
