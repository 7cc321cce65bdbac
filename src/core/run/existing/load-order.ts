import type { CompiledTable } from '../../plan/compiled-plan.ts';

/** Lets tables with foreign keys wait until the tables that these refer to are loaded: those that were there before the run check every row at once. */
export class LoadOrder {
  readonly #turns: ReadonlyMap<string, PromiseWithResolvers<void>>;
  readonly #after: ReadonlyMap<string, readonly string[]>;

  /** `pending`: labels of tables that have rows to load. */
  constructor(tables: readonly CompiledTable[], pending: ReadonlySet<string>) {
    this.#turns = new Map([...pending].map((label) => [label, Promise.withResolvers<void>()]));
    this.#after = new Map(tables.map(({ label, existing }) => [label, existing?.after ?? []]));
  }

  async turn(label: string): Promise<void> {
    await Promise.all((this.#after.get(label) ?? []).flatMap((parent) => this.#turns.get(parent)?.promise ?? []));
  }

  done(label: string): void {
    this.#turns.get(label)?.resolve();
  }

  /** Nobody waits any more: the load is over. */
  release(): void {
    for (const turn of this.#turns.values()) turn.resolve();
  }
}
