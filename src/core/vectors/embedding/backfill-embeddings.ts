import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError } from '../../errors.ts';
import type { EmbeddingRefusal, EmbeddingResult } from '../../model/embedding.ts';
import type { Target } from '../../target/target.ts';
import { embedTexts, type Embedded } from './embed-texts.ts';
import { EmbeddingClient, type ClientSettings } from './embedding-client.ts';
import { countRows, longestText, readMissing, writeEmbeddings, type MissingRow } from './embedding-rows.ts';
import { readEmbeddingTable, type EmbeddingTable } from './embedding-table.ts';
import { inParallel } from './in-parallel.ts';

export interface EmbeddingWish extends ClientSettings {
  readonly schema: string;
  readonly table: string;
  /** Vector column. */
  readonly column: string;
  /** Columns of texts. */
  readonly from: readonly string[];
  /** As the plan says; null = it says nothing. */
  readonly dimensions: number | null;
  /** Of one request. */
  readonly batchRows: number;
  readonly batchCharacters: number;
  /** Requests at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Refused rows that are named one by one. */
const shownRefusals = 100;
/** With so many texts refused and none ever taken, the endpoint and not the texts are to blame. */
const refusalsOfABadEndpoint = 3;

interface Hooks extends Pick<EngineDeps, 'clock' | 'log'> {
  /** Before the first row; `rows` without an embedding. */
  onStart(table: string, rows: number): void;
  /** Rows that are done with, whatever became of them. */
  onRows(rows: number): void;
}

/**
 * Fills in the embeddings that are missing, batch by batch in the order of the primary key; each batch is committed by itself. Nothing is written before the
 * dimensions of the first answer are known to fit. Throws what is said of table, endpoint and answers, with `rowsCommitted` in the context.
 */
export async function backfillEmbeddings(wish: EmbeddingWish, target: Target, hooks: Hooks): Promise<EmbeddingResult> {
  const began = hooks.clock.elapsed();
  const table = await readEmbeddingTable(target, wish, wish.from);
  checkPlanned(table, wish.dimensions);
  const { missing } = await countRows(target, table);
  hooks.onStart(table.label, missing);
  const work = new Backfill(wish, table, target, hooks);
  await work.run();
  const { counts, client } = work;
  return {
    table: table.label,
    from: wish.from,
    column: wish.column,
    model: wish.model,
    dimensions: work.dimensions,
    missing,
    ...counts,
    refusals: work.refusals,
    requests: client.requests,
    retries: client.retries,
    tokens: client.tokens,
    seconds: (hooks.clock.elapsed() - began) / 1000,
  };
}

class Backfill {
  readonly counts = { embedded: 0, empty: 0, refused: 0, changed: 0 };
  readonly refusals: EmbeddingRefusal[] = [];
  readonly client: EmbeddingClient;
  /** null until known. */
  dimensions: number | null;
  readonly #wish: EmbeddingWish;
  readonly #table: EmbeddingTable;
  readonly #target: Target;
  readonly #hooks: Hooks;
  #taken = false;

  constructor(wish: EmbeddingWish, table: EmbeddingTable, target: Target, hooks: Hooks) {
    this.#wish = wish;
    this.#table = table;
    this.#target = target;
    this.#hooks = hooks;
    this.dimensions = table.dimensions ?? wish.dimensions;
    this.client = new EmbeddingClient(wish, hooks);
  }

  async run(): Promise<void> {
    const { signal, concurrency } = this.#wish;
    try {
      await inParallel(this.#batches(), concurrency, signal, (batch, stop) => this.#embed(batch, stop));
      signal.throwIfAborted();
    } catch (error) {
      const context = { rowsCommitted: this.counts.embedded };
      if (signal.aborted) throw new MigrationError('cancelled', { context, cause: error });
      if (!(error instanceof MigrationError)) throw error;
      throw new MigrationError(error.code, { context: { ...error.context, ...context }, cause: error, kind: error.kind });
    }
  }

  /** Rows with a text, as many as one request takes. */
  async *#batches(): AsyncGenerator<readonly MissingRow[]> {
    const { batchRows, batchCharacters, signal } = this.#wish;
    let after: readonly string[] | null = null;
    for (;;) {
      signal.throwIfAborted();
      const page: readonly MissingRow[] = await readMissing(this.#target, this.#table, after, batchRows);
      let batch: MissingRow[] = [];
      let characters = 0;
      for (const row of page.filter((candidate) => this.#hasText(candidate))) {
        if (batch.length > 0 && characters + row.characters > batchCharacters) {
          yield batch;
          [batch, characters] = [[], 0];
        }
        batch.push(row);
        characters += row.characters;
      }
      if (batch.length > 0) yield batch;
      if (page.length < batchRows) return;
      after = page.at(-1)?.key ?? null;
    }
  }

  #hasText(row: MissingRow): boolean {
    if (row.characters > 0 && row.text !== null) return true;
    if (row.characters === 0) this.counts.empty += 1;
    else this.#refuse(row, `it has ${row.characters} characters, more than ${longestText}`);
    this.#hooks.onRows(1);
    return false;
  }

  async #embed(batch: readonly MissingRow[], signal: AbortSignal): Promise<void> {
    const answers = await embedTexts(
      this.client,
      batch.map(({ text }) => text ?? ''),
      signal,
    );
    const rows = batch.flatMap((row, i) => {
      const vector = this.#take(row, answers[i]);
      return vector === null ? [] : [{ key: row.key, hash: row.hash, vector }];
    });
    signal.throwIfAborted();
    const written = rows.length === 0 ? 0 : await writeEmbeddings(this.#target, this.#table, rows);
    this.counts.embedded += written;
    this.counts.changed += rows.length - written;
    this.#hooks.onRows(batch.length);
  }

  /** null: the row stays without. */
  #take(row: MissingRow, answer: Embedded | undefined): Float32Array | null {
    if (answer instanceof Float32Array) {
      this.#check(answer);
      this.#taken = true;
      return answer;
    }
    const reason = answer?.context['reason'];
    this.#refuse(row, typeof reason === 'string' ? reason : `status ${String(answer?.context['status'])}`);
    if (answer !== undefined && !this.#taken && this.counts.refused >= refusalsOfABadEndpoint) throw answer;
    return null;
  }

  #check(vector: Float32Array): void {
    const { label, column, declared, type } = this.#table;
    this.dimensions ??= vector.length;
    if (vector.length !== this.dimensions) {
      const context = { table: label, column, model: this.#wish.model, given: vector.length, expected: this.dimensions, declared };
      throw new MigrationError('embedding-dimensions-differ', { context });
    }
    if (type === 'halfvec' && vector.some((value) => Math.abs(value) > largestHalf))
      throw new MigrationError('embedding-not-finite', { context: { detail: 'a component is more than a halfvec can hold' } });
  }

  #refuse({ key }: MissingRow, message: string): void {
    this.counts.refused += 1;
    if (this.refusals.length < shownRefusals) this.refusals.push({ key, message });
  }
}

const largestHalf = 65_504;

/** A plan and a table that contradict each other are told before anybody is asked. */
function checkPlanned(table: EmbeddingTable, planned: number | null): void {
  if (planned === null || table.dimensions === null || planned === table.dimensions) return;
  const { label, column, dimensions, declared } = table;
  throw new MigrationError('embedding-dimensions-differ', {
    context: { table: label, column, given: planned, expected: dimensions, declared },
  });
}
