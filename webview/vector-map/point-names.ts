import type { PointName, VectorMapPanelMethods } from '../../src/protocol/vector-map-panel.ts';
import type { Messenger } from '../shared/messenger.ts';
import { PanelError } from '../shared/panel-error.ts';

/** Names of one message. */
const most = 2_000;

/** What points are called, asked for when somebody looks at them. */
export class PointNames {
  readonly #messenger: Messenger<VectorMapPanelMethods>;
  readonly #onChange: () => void;
  readonly #known = new Map<number, PointName>();
  readonly #asked = new Set<number>();
  #picture = 0;

  constructor(messenger: Messenger<VectorMapPanelMethods>, onChange: () => void) {
    this.#messenger = messenger;
    this.#onChange = onChange;
  }

  /** Forgets all: places mean other points now. */
  begin(picture: number): void {
    this.#picture = picture;
    this.#known.clear();
    this.#asked.clear();
  }

  of(point: number): PointName | null {
    return this.#known.get(point) ?? null;
  }

  /** Asks for what is not known yet; `onChange` follows. */
  want(points: readonly number[]): void {
    if (points.some((point) => !this.#known.has(point) && !this.#asked.has(point))) void this.all(points);
  }

  async all(points: readonly number[]): Promise<readonly PointName[]> {
    const picture = this.#picture;
    const missing = points.filter((point) => !this.#known.has(point));
    for (const point of missing) this.#asked.add(point);
    for (let start = 0; start < missing.length; start += most) {
      const part = missing.slice(start, start + most);
      const names = await this.#messenger.call('names', { picture, points: part }).catch((error: unknown) => {
        // The host has drawn another picture, and this page will hear of it.
        if (isOutdated(error)) return null;
        throw error;
      });
      if (names === null || picture !== this.#picture) return [];
      part.forEach((point, i) => this.#known.set(point, names[i]!));
    }
    if (missing.length > 0) this.#onChange();
    return points.flatMap((point) => this.#known.get(point) ?? []);
  }
}

/** The picture that was asked about is not the host's last one. */
export function isOutdated(error: unknown): boolean {
  return error instanceof PanelError && error.shape.code === 'cancelled';
}
