import type { Warning } from '../../model/run.ts';
import { plural } from '../../model/plural.ts';
import type { Statement } from '../../model/statement.ts';
import { neededBytes } from './build-settings.ts';

export interface BuildFacts {
  readonly statement: Statement;
  /** Vectors that were indexed. */
  readonly rows: number;
  readonly lists: number | null;
  /** maintenance_work_mem of the build in bytes; null where it was not chosen. */
  readonly memory: number | null;
}

/** Fewer rows than these are read in one list anyway, and say little of those to come. */
const fewRows = 1_000;

/** What pgvector said while it built, for the report. Its words are not translated. */
export function describeNotices(notices: readonly string[], facts: BuildFacts): readonly Warning[] {
  return notices.flatMap((notice): readonly Warning[] => {
    const after = /^hnsw graph no longer fits into maintenance_work_mem after (\d+) tuples/.exec(notice)?.[1];
    return after === undefined ? [] : [warning(facts, 'index-memory', graphMessage(facts, Number(after)))];
  });
}

/** An IVFFlat index learns its lists from the rows that are there when it is built. */
export function fewRowsWarning(facts: BuildFacts): readonly Warning[] {
  const { statement, rows, lists } = facts;
  if (statement.vectorIndex?.method !== 'ivfflat' || rows >= Math.max(fewRows, lists ?? 0)) return [];
  const message = `${nameOf(facts)} (IVFFlat) was built over ${plural(rows, 'vector')} with ${plural(lists ?? 0, 'list')}: what is added later does not change its lists, so that it finds ever less of it. REINDEX INDEX learns them anew when the rows are there; HNSW needs no rows to begin with.`;
  return [warning(facts, 'index-few-rows', message)];
}

/** The build failed for want of shared memory and was done again by one process. */
export function builtAloneWarning(statement: Statement): Warning {
  const message = `Index ${statement.object?.name ?? ''} was built by one process, because the server's shared memory was too small for several: in a container --shm-size raises it.`;
  return { code: 'index-built-alone', message, ...tableOf(statement) };
}

function graphMessage(facts: BuildFacts, after: number): string {
  const { statement, rows, lists, memory } = facts;
  const had = memory === null ? '' : ` of ${megabytes(memory)}`;
  const index = statement.vectorIndex;
  const wanted = index === undefined ? '' : `, about ${megabytes(neededBytes({ index, rows, lists }))}`;
  return `${nameOf(facts)}: its graph no longer fitted into maintenance_work_mem${had} after ${plural(after, 'row')}, so that the rest took longer; the index is complete. With enough memory${wanted}, it is built faster: ALTER ROLE … SET maintenance_work_mem before a run is taken as the least.`;
}

function nameOf({ statement }: BuildFacts): string {
  return `Index ${statement.object?.name ?? ''}`;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MB`;
}

function warning({ statement }: BuildFacts, code: string, message: string): Warning {
  return { code, message, ...tableOf(statement) };
}

function tableOf({ table }: Statement): Pick<Warning, 'table'> {
  return table === null ? {} : { table };
}
