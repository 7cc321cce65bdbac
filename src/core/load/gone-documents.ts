import type { CompiledTable } from '../plan/compiled-plan.ts';
import { ChangeCounter, sumChanges, type ChangeCounts } from './change-counter.ts';
import type { Chunk, RowOrigin } from './chunk.ts';
import { documentReject } from './describe-reject.ts';

/** What a chunk has for a table. */
interface ChunkPart {
  readonly table: Pick<CompiledTable, 'columns' | 'options'>;
  readonly chunk: Chunk;
  readonly counts: ChangeCounts;
}

/** Documents of a chunk whose own row the server refused: none of their other rows goes in. Chunks end between documents. */
export class GoneDocuments {
  readonly #redactValues: boolean;
  readonly #places = new Set<string>();

  constructor(redactValues: boolean) {
    this.#redactValues = redactValues;
  }

  /** `refused`: rows of one table. */
  add(refused: readonly RowOrigin[]): void {
    for (const { document, provenance } of refused) if (document === provenance) this.#places.add(document);
  }

  /** Without the rows of documents that are gone: these are rejects. */
  without<T extends ChunkPart>(part: T): T {
    if (this.#places.size === 0) return part;
    const { chunk, table } = part;
    const changes = new ChangeCounter(table);
    let { counts } = part;
    const stay: number[] = [];
    const rejects = [];
    for (let row = 0; row < chunk.rows; row++) {
      const origin = chunk.originOf(row);
      if (origin.document === null || !this.#places.has(origin.document)) stay.push(row);
      else {
        counts = sumChanges(counts, changes.of(origin.values), -1);
        rejects.push(documentReject(origin.document, { ...origin, columns: table.columns }, this.#redactValues));
      }
    }
    return rejects.length === 0 ? part : { ...part, counts, chunk: chunk.narrowed(stay, rejects) };
  }
}
