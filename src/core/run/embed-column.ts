import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { EmbeddingResult, MissingEmbeddings } from '../model/embedding.ts';
import type { Target } from '../target/target.ts';
import { backfillEmbeddings, type EmbeddingWish } from '../vectors/embedding/backfill-embeddings.ts';
import { parseEndpoint } from '../vectors/embedding/embedding-endpoint.ts';
import { countRows } from '../vectors/embedding/embedding-rows.ts';
import { readEmbeddingTable } from '../vectors/embedding/embedding-table.ts';
import { usualRequests } from '../vectors/embedding/usual-requests.ts';
import type { EmbedColumnRequest, MissingEmbeddingsRequest } from './browse-requests.ts';
import { EngineSession } from './engine-session.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { TargetChoice } from './requests.ts';

/** What `embedColumn` would have to do. Nothing is written. Throws as `readEmbeddingTable` does. */
export async function missingEmbeddings(request: MissingEmbeddingsRequest, target: Target): Promise<MissingEmbeddings> {
  const table = await readEmbeddingTable(target, request, request.from);
  return { table: table.label, dimensions: table.dimensions, ...(await countRows(target, table)) };
}

/** Fills in the embeddings that a column lacks, whether a plan knows the table or not. Throws as `backfillEmbeddings` does. */
export async function embedColumn({ endpoint, target, ...place }: EmbedColumnRequest, deps: EngineDeps): Promise<EmbeddingResult> {
  const { address } = parseEndpoint(endpoint.address);
  return embedInto({ ...usualRequests, ...place, address, model: endpoint.model, key: endpoint.apiKey }, target, deps);
}

/** With a session of its own and events of the phase `embed`. An abort ends it with `cancelled`, and `rowsCommitted` in its context. */
export async function embedInto(wish: EmbeddingWish, choice: TargetChoice, deps: EngineDeps): Promise<EmbeddingResult> {
  const engine = new EngineSession(deps, 1);
  try {
    const target = await engine.openTarget(choice);
    const onAbort = (): void => void target.cancel().catch(() => undefined);
    wish.signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await tellProgress(deps, (hooks) => backfillEmbeddings(wish, target, hooks));
    } finally {
      wish.signal.removeEventListener('abort', onAbort);
    }
  } catch (error) {
    if (!wish.signal.aborted || (error instanceof MigrationError && error.code === 'cancelled')) throw error;
    throw new MigrationError('cancelled', { context: { rowsCommitted: 0 }, cause: error });
  } finally {
    await engine.close();
  }
}

async function tellProgress(
  deps: EngineDeps,
  work: (hooks: Parameters<typeof backfillEmbeddings>[2]) => Promise<EmbeddingResult>,
): Promise<EmbeddingResult> {
  const phase = 'embed' as const;
  let meter: ProgressMeter | null = null;
  deps.emit({ type: 'phase', phase });
  const result = await work({
    clock: deps.clock,
    log: deps.log,
    onStart(table, rows) {
      meter = new ProgressMeter(phase, rows, deps);
      deps.emit({ type: 'table', phase, table, state: 'start' });
    },
    onRows: (rows) => meter?.add({ rows, bytes: 0 }),
  });
  (meter as ProgressMeter | null)?.end();
  deps.emit({ type: 'table', phase, table: result.table, state: 'done', rows: result.embedded });
  return result;
}
