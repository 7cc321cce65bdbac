import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { EmbeddingResult } from '../model/embedding.ts';
import { plannedTables, type PlannedTable } from '../plan/planned-table.ts';
import { readPlan } from '../plan/read-plan.ts';
import type { EmbeddingWish } from '../vectors/embedding/backfill-embeddings.ts';
import type { EmbedRequest } from './browse-requests.ts';
import { embedInto } from './embed-column.ts';

/**
 * Fills in the embeddings that a table of a plan lacks in the target. What the request leaves out is taken from the table's `embed` in the plan. Throws
 * `bad-usage` (no such table; nothing says what to embed), and as `backfillEmbeddings` does.
 */
export async function embedRows(request: EmbedRequest, deps: EngineDeps): Promise<EmbeddingResult> {
  return embedInto(toWish(request), request.target, deps);
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
