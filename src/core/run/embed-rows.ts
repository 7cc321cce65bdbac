import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { EmbeddingResult } from '../model/embedding.ts';
import { plannedTables, type PlannedTable } from '../plan/planned-table.ts';
import { readPlan } from '../plan/read-plan.ts';
import { backfillEmbeddings, type EmbeddingWish } from '../vectors/embedding/backfill-embeddings.ts';
import type { EmbedRequest } from './browse-requests.ts';
import { EngineSession } from './engine-session.ts';
import { ProgressMeter } from './progress-meter.ts';

/**
 * Fills in the embeddings that a table of a plan lacks in the target. What the request leaves out is taken from the table's `embed` in the plan. Throws
 * `bad-usage` (no such table; nothing says what to embed), and as `backfillEmbeddings` does.
 */
export async function embedRows(request: EmbedRequest, deps: EngineDeps): Promise<EmbeddingResult> {
  const wish = toWish(request);
  const engine = new EngineSession(deps, 1);
  try {
    const target = await engine.openTarget(request.target);
    const onAbort = (): void => void target.cancel().catch(() => undefined);
    request.signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await tellProgress(deps, (hooks) => backfillEmbeddings(wish, target, hooks));
    } finally {
      request.signal.removeEventListener('abort', onAbort);
    }
  } catch (error) {
    if (!request.signal.aborted || (error instanceof MigrationError && error.code === 'cancelled')) throw error;
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

function toWish(request: EmbedRequest): EmbeddingWish {
  const { input, schema, table: name, target: _target, ...rest } = request;
  const plan = readPlan(input.text, { path: input.path });
  const { to, load } = findTable(plannedTables(plan, schema ?? plan.target.schema), name);
  const planned = load?.embed ?? null;
  const column = request.column ?? planned?.to;
  const from = request.from ?? planned?.from;
  const model = request.model ?? planned?.model;
  if (column === undefined || from === undefined || model === undefined) {
    const missing = [from === undefined ? '--from' : null, column === undefined ? '--to' : null, model === undefined ? '--model' : null];
    const detail = `Nothing says what to embed: ${missing.filter((option) => option !== null).join(', ')} is missing`;
    throw new MigrationError('bad-usage', { context: { detail, hint: `Name it, or let "embed" of this table in the plan say it.` } });
  }
  const asPlanned = planned !== null && planned.to === column && planned.model === model;
  return { ...rest, ...to, column, from, model, dimensions: asPlanned ? planned.dimensions : null };
}

/** By its name in the target, with or without the schema, or in the source. */
function findTable(tables: readonly PlannedTable[], name: string): PlannedTable {
  const found =
    tables.find(({ label }) => label === name) ??
    tables.find(({ to }) => to.table === name) ??
    tables.find(({ load }) => load !== null && load.from === name);
  if (found !== undefined) return found;
  throw new MigrationError('bad-usage', {
    context: { detail: `"${name}" is not a table of this plan`, hint: `Its tables are: ${tables.map(({ to }) => to.table).join(', ')}.` },
  });
}
