import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError } from '../../errors.ts';
import type { Warning } from '../../model/run.ts';
import type { Statement } from '../../model/statement.ts';
import type { QueryResult, Target, TargetSession } from '../../target/target.ts';
import { applyBuildSettings, chooseBuildSettings, mostBuildMemory, readServerResources, type BuildSettings } from './build-settings.ts';
import { describeNotices, fewRowsWarning } from './describe-build.ts';
import { sizeLists } from '../../mapping/ivfflat-lists.ts';
import { watchBuild, type BuildWatch } from './watch-build.ts';

export interface IndexBuildSettings {
  /** Connections that the run loads with. */
  readonly jobs: number;
  /** Opens a connection beside the one that builds; null where a target has one session only. */
  readonly openBeside: (() => Promise<Target>) | null;
}

/** Builds keys and indexes: sized by the rows that are there, watched, and with what the server says about it as warnings. */
export class IndexBuilds {
  readonly #settings: IndexBuildSettings;
  readonly #deps: Pick<EngineDeps, 'emit' | 'log'>;

  constructor(settings: IndexBuildSettings, deps: Pick<EngineDeps, 'emit' | 'log'>) {
    this.#settings = settings;
    this.#deps = deps;
  }

  /** Whether a statement is one that takes long on many rows. */
  builds(statement: Statement): boolean {
    return statement.object?.kind === 'index' || statement.object?.kind === 'primary-key' || statement.object?.kind === 'unique';
  }

  /** Carries out the statement in the transaction of `session`, whose settings end with it. `alone`: without workers beside it. */
  async run(session: TargetSession, statement: Statement, alone: boolean): Promise<readonly Warning[]> {
    const { vectorIndex: index } = statement;
    const rows = index === undefined ? 0 : Number((await session.query(index.countSql)).rows[0]?.['rows']);
    const { settings, lists } = await this.#size(session, statement, rows);
    if (settings !== null) await applyBuildSettings(session, alone ? { ...settings, maintenanceWorkers: 0 } : settings);
    const sql = index === undefined || index.lists !== 'auto' ? statement.sql : `${index.sql[0]} WITH (lists = ${lists})${index.sql[1]}`;
    const { notices = [] } = await this.#watched(session, statement, () => session.query(sql));
    const facts = { statement, rows, lists, memory: settings?.maintenanceMemory ?? null };
    return [...describeNotices(notices, facts), ...fewRowsWarning(facts)];
  }

  /** The embedded target has one session, whose memory was chosen when it was opened. */
  async #size(
    session: TargetSession,
    { vectorIndex: index }: Statement,
    rows: number,
  ): Promise<{ readonly settings: BuildSettings | null; readonly lists: number | null }> {
    const resources = await readServerResources(session);
    const most = this.#settings.openBeside === null ? resources.maintenanceMemory : mostBuildMemory(resources);
    const lists =
      index === undefined || index.lists === null ? null : index.lists === 'auto' ? sizeLists(rows, index.valueBytes, most) : index.lists;
    if (this.#settings.openBeside === null) return { settings: null, lists };
    return { settings: chooseBuildSettings(resources, index === undefined ? null : { index, rows, lists }, this.#settings.jobs), lists };
  }

  async #watched(session: TargetSession, statement: Statement, build: () => Promise<QueryResult>): Promise<QueryResult> {
    const told = { type: 'index', phase: 'post-data', index: statement.object?.name ?? '', table: statement.table } as const;
    this.#deps.emit({ ...told, state: 'start', step: null, percent: null });
    const watch = await this.#watch(session, (step, percent) => this.#deps.emit({ ...told, state: 'building', step, percent }));
    try {
      return await build();
    } finally {
      await watch?.stop();
      this.#deps.emit({ ...told, state: 'done', step: null, percent: null });
    }
  }

  async #watch(session: TargetSession, tell: (step: string, percent: number | null) => void): Promise<BuildWatch | null> {
    const { openBeside } = this.#settings;
    if (openBeside === null) return null;
    const pid = Number((await session.query('SELECT pg_backend_pid() AS pid')).rows[0]?.['pid']);
    return watchBuild(
      pid,
      openBeside,
      ({ step, percent }) => tell(step, percent),
      (error) => this.#deps.log.debug(`the progress of an index cannot be read: ${String(error)}`),
    );
  }
}

/** Workers share a graph in shared memory, of which a container often has 64 MB only: https://github.com/pgvector/pgvector#index-build-time */
export function lacksSharedMemory(error: unknown): boolean {
  if (!(error instanceof MigrationError)) return false;
  const { sqlstate, message } = error.context;
  return (sqlstate === '53100' || sqlstate === '53200') && /shared memory/i.test(String(message));
}
