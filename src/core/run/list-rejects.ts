import type { EngineDeps } from '../engine-deps.ts';
import { countRejects, readRejects } from '../state/reject-store.ts';
import { orphansOfRun } from '../state/run-store.ts';
import type { RejectsRequest, RejectsResult } from './requests.ts';
import { requireRun } from './require-run.ts';
import { withTarget } from './run-history.ts';

/** `sluice rejects`: rows of a run that are not in the target, with the reason and the original, and rows that are there without a parent. Throws `no-such-run`. */
export async function listRejects(request: RejectsRequest, deps: EngineDeps): Promise<RejectsResult> {
  const { runId, table, offset, limit, mostBytes } = request;
  return withTarget(request.target, deps, async (target) => {
    const run = await requireRun(target, runId);
    const rejects = await readRejects(target, runId, {
      limit: limit ?? null,
      ...(table === undefined ? {} : { table }),
      ...(offset === undefined ? {} : { offset }),
      ...(mostBytes === undefined ? {} : { mostBytes }),
    });
    const tables = (await countRejects(target, runId)).map((table) => ({
      ...table,
      location: run.sources[table.source]?.location ?? null,
    }));
    const orphans = orphansOfRun(run).filter((list) => table === undefined || list.table === table);
    return { runId, status: run.status, tables, rejects, orphans };
  });
}
