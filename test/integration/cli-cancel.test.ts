import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { buildFaultStore, faultRows, faultTables } from '../helpers/fault-store.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { describeOutcome, parseRun, startCli, runCli, type CliOutcome } from '../helpers/run-cli.ts';

/** Enough for many chunks; PGlite takes its time, so that it needs fewer for the same. */
const rows = { postgres: 200_000, embedded: 50_000 };

describe('cancel', function () {
  this.timeout(180_000);
  let folder: string;
  let store: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-cancel-'));
    store = join(folder, 'store.db');
  });
  const buildStore = (size: number): void => {
    rmSync(store, { force: true });
    buildFaultStore(store, size);
  };
  after(() => rmSync(folder, { recursive: true }));

  /** Starts a run and sends `signals` when it has committed its first rows, or in the phase named. */
  async function cancelledRun(
    target: CliTarget,
    signals: readonly NodeJS.Signals[],
    when: 'data' | 'verify' = 'data',
  ): Promise<CliOutcome> {
    let sent = false;
    const process = startCli(['run', store, '--target', target.flag, '--json', '--progress', 'ndjson', '--jobs', '2'], {
      cwd: folder,
      // Private copies go where it can be seen that they are removed.
      environment: { ...target.environment, TMPDIR: folder },
      onEvent: (event) => {
        if (sent || !('phase' in event) || event.phase !== when || (when === 'data' && (event.type !== 'progress' || event.rows === 0)))
          return;
        sent = true;
        // Ctrl-C reaches the whole group, the embedded process included.
        for (const signal of signals) globalThis.process.kill(signal === 'SIGINT' ? -process.pid : process.pid, signal);
      },
    });
    return process.finished;
  }

  async function resumesAndMatches(outcome: CliOutcome, target: CliTarget, size: number = rows.postgres): Promise<void> {
    assert.equal(outcome.code, 130, describeOutcome(outcome));
    const failure = JSON.parse(outcome.stdout) as {
      error: { code: string; message: string; remedy: string; context: { rowsCommitted?: number } };
      runId: string;
    };
    assert.equal(failure.error.code, 'cancelled');
    assert.match(failure.runId, /^r-[0-9a-f]{12}$/);
    assert.match(outcome.stderr, /cancelling…/);
    assert.ok((failure.error.context.rowsCommitted ?? 0) > 0, 'it says what is committed');
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('sluice-')),
      [],
      'private copies are removed',
    );

    const history = await runCli(['runs', '--target', target.flag, '--json'], { cwd: folder, environment: target.environment });
    const { runs } = JSON.parse(history.stdout) as { runs: { rowsWritten: number }[] };
    assert.deepEqual(
      runs.map(({ rowsWritten }) => rowsWritten),
      [failure.error.context.rowsCommitted],
    );

    // The command that it prints is the one that goes on.
    const words = failure.error.remedy.replace(/^Resume it with: node \S+ /, '').split(' ');
    assert.ok(words.includes('--resume') && words.includes(failure.runId), failure.error.remedy);
    const resumed = parseRun(await runCli([...words, '--json'], { cwd: folder, environment: target.environment }));
    assert.deepEqual([resumed.runId, resumed.status, resumed.verification.status], [failure.runId, 'done', 'match']);
    assert.equal(
      resumed.tables.reduce((sum, table) => sum + table.rowsWritten, 0),
      faultRows(size),
    );
    for (const table of faultTables) {
      const { missing, extra, different } = await target.compare(store, table);
      assert.deepEqual([missing, extra, different], [0, 0, 0], table.target);
    }
  }

  describe('on PostgreSQL', () => {
    let cluster: Cluster;
    let target: CliTarget;
    before(async function () {
      cluster = await requirePostgres(this);
      buildStore(rows.postgres);
    });
    beforeEach(async () => {
      target = await postgresTarget(cluster);
    });
    afterEach(() => target.remove());

    it('SIGINT ends with 130, says what is committed and how to go on', async () => {
      await resumesAndMatches(await cancelledRun(target, ['SIGINT']), target);
    });
    it('SIGTERM is the same', async () => {
      await resumesAndMatches(await cancelledRun(target, ['SIGTERM']), target);
    });
    it('in verification, too', async () => {
      await resumesAndMatches(await cancelledRun(target, ['SIGINT'], 'verify'), target);
    });
    it('a second SIGINT ends at once, with 130', async () => {
      const outcome = await cancelledRun(target, ['SIGINT', 'SIGTERM']);
      assert.equal(outcome.code, 130, describeOutcome(outcome));
    });
  });

  describe('on the embedded target', () => {
    before(() => buildStore(rows.embedded));
    it('SIGINT ends with 130, says what is committed and how to go on', async () => {
      const target = embeddedTarget();
      try {
        await resumesAndMatches(await cancelledRun(target, ['SIGINT']), target, rows.embedded);
      } finally {
        await target.remove();
      }
    });
  });
});
