import type { CompiledTable } from '../../plan/compiled-plan.ts';

type Turn = PromiseWithResolvers<void>;

/**
 * Lets tables with foreign keys wait until the tables that these refer to are loaded: those that were there before the run check every row at once. A
 * table of a circle is loaded when the rows of all of the circle that had to wait are settled.
 */
export class LoadOrder {
  /** All circles, each once. */
  readonly circles: readonly (readonly string[])[];
  readonly #tables: ReadonlyMap<string, CompiledTable>;
  readonly #read: ReadonlyMap<string, Turn>;
  readonly #settled: ReadonlyMap<string, Turn>;

  /** `pending`: labels of tables that have rows to load. */
  constructor(tables: readonly CompiledTable[], pending: ReadonlySet<string>) {
    this.#tables = new Map(tables.map((table) => [table.label, table]));
    const circles = tables.flatMap(({ existing }) => (existing === undefined || existing.circle.length === 0 ? [] : [existing.circle]));
    this.circles = [...new Map(circles.map((circle) => [circle.join('\0'), circle])).values()];
    this.#read = new Map([...pending].map((label) => [label, Promise.withResolvers<void>()]));
    this.#settled = new Map([...pending, ...this.circles.flat()].map((label) => [label, Promise.withResolvers<void>()]));
  }

  circleOf(label: string): readonly string[] {
    return this.#tables.get(label)?.existing?.circle ?? [];
  }

  /** Of tables that are loaded together: rows of these do not wait for each other. */
  async turn(labels: readonly string[]): Promise<void> {
    await Promise.all(
      labels.flatMap((label) =>
        this.#parentsOf(label)
          .filter((parent) => !labels.includes(parent))
          .map((parent) => this.#turnOf(label, parent)),
      ),
    );
  }

  async allRead(circle: readonly string[]): Promise<void> {
    await Promise.all(circle.flatMap((label) => this.#read.get(label)?.promise ?? []));
  }

  /** All rows of the table have been read. */
  read(label: string): void {
    this.#read.get(label)?.resolve();
    if (this.circleOf(label).length === 0) this.#settled.get(label)?.resolve();
  }

  /** No row of these tables waits any more. */
  settled(circle: readonly string[]): void {
    for (const label of circle) this.#settled.get(label)?.resolve();
  }

  /** Nobody waits any more: the load is over. */
  release(): void {
    for (const turn of [...this.#read.values(), ...this.#settled.values()]) turn.resolve();
  }

  #parentsOf(label: string): readonly string[] {
    return this.#tables.get(label)?.existing?.after ?? [];
  }

  async #turnOf(label: string, parent: string): Promise<void> {
    const turns = this.circleOf(label).includes(parent) ? this.#read : this.#settled;
    await turns.get(parent)?.promise;
  }
}
