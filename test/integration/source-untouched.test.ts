import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Phase, RunResult } from '../../src/core/index.ts';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { photograph } from '../helpers/photograph.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { describeOutcome, parseRun, runCli, startCli, type CliOutcome } from '../helpers/run-cli.ts';
import { storeStates, type StoreState } from '../helpers/store-states.ts';

/** A command as it is called, how it must end, and whether it is worth the time of starting an embedded database. */
interface Step {
  readonly words: (call: Call) => readonly string[];
  readonly code: number;
  readonly embedded: boolean;
}

interface Call {
  readonly store: string;
  readonly plan: string;
  readonly runId: string;
}

/** Every command of the command line, each after those that it needs. */
const steps: readonly Step[] = [
  { words: ({ store }) => ['inspect', store], code: 0, embedded: false },
  { words: ({ store }) => ['inspect', store, '--sample', '10', '--json'], code: 0, embedded: false },
  { words: ({ store, plan }) => ['plan', store, '-o', plan], code: 0, embedded: true },
  { words: ({ store }) => ['plan', store, '--json', '--sample', '5'], code: 0, embedded: false },
  { words: ({ plan }) => ['diff', plan], code: 0, embedded: false },
  { words: ({ plan }) => ['run', plan, '--dry-run'], code: 0, embedded: true },
  { words: ({ plan }) => ['run', plan, '--schema', 'elsewhere', '--tables', 'nothing'], code: 2, embedded: false },
  { words: ({ store }) => ['run', store, '--schema', 'second', '--no-verify', '--backup', 'copies'], code: 0, embedded: true },
  { words: ({ plan }) => ['run', plan, '--json'], code: 0, embedded: true },
  { words: ({ plan }) => ['run', plan, '--resume'], code: 1, embedded: false },
  { words: ({ plan }) => ['run', plan], code: 1, embedded: false },
  { words: ({ runId }) => ['verify', runId], code: 0, embedded: true },
  { words: ({ plan }) => ['verify', plan], code: 0, embedded: false },
  { words: ({ store }) => ['verify', store], code: 0, embedded: false },
  { words: ({ runId }) => ['rows', runId, '--table', 'item'], code: 0, embedded: true },
  { words: ({ runId }) => ['report', runId], code: 0, embedded: false },
  { words: () => ['runs'], code: 0, embedded: false },
  { words: () => ['doctor'], code: 0, embedded: false },
  { words: ({ runId }) => ['rollback', runId], code: 0, embedded: true },
];

/** Commands that look at no target. */
const alone: ReadonlySet<string> = new Set(['inspect', 'plan']);

describe('the folder of a store is as it was', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let work: string;
  let target: CliTarget;
  let state: StoreState;

  before(async function () {
    cluster = await requirePostgres(this);
  });
  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), 'sluice-work-'));
  });
  afterEach(async () => {
    await state.release();
    await target.remove();
    rmSync(work, { recursive: true, force: true });
  });

  const scratchFolders = (): readonly string[] => readdirSync(work).filter((name) => name.startsWith('sluice-scratch-'));
  const options = (): { readonly cwd: string; readonly bundle: true; readonly environment: Readonly<Record<string, string>> } => ({
    cwd: work,
    bundle: true,
    // Private copies go where it can be seen that they are removed.
    environment: { ...target.environment, TMPDIR: work },
  });
  const onTarget = (words: readonly string[]): readonly string[] =>
    alone.has(words[0] ?? '') ? words : [...words, '--target', target.flag];

  async function walk(chosen: readonly Step[]): Promise<void> {
    const plan = join(work, 'store.sluice.json');
    const before = await photograph(state.folder, state.except);
    let runId = '';
    for (const step of chosen) {
      const words = step.words({ store: state.store, plan, runId });
      const outcome = await runCli(onTarget(words), options());
      assert.equal(outcome.code, step.code, `${words.join(' ')}: ${describeOutcome(outcome)}`);
      if (words.includes('--json') && words[0] === 'run') runId = assertArrived(parseRun(outcome));
      assert.deepEqual(await photograph(state.folder, state.except), before, words.join(' '));
      assert.deepEqual(scratchFolders(), [], `private copies of ${words.join(' ')}`);
    }
  }

  /** One state of the store for load and verification. */
  function assertArrived(run: RunResult & { readonly runId: string }): string {
    assert.deepEqual([run.tables[0]?.rowsWritten, run.verification.status], [state.rows, 'match']);
    return run.runId;
  }

  for (const [name, make] of Object.entries(storeStates)) {
    it(`S40 after every command: ${name} (PostgreSQL)`, async () => {
      [target, state] = [await postgresTarget(cluster), await make()];
      await walk(steps);
    });
  }

  for (const name of ['write-ahead log with pending rows', 'write-ahead log, a program has it open']) {
    it(`S40 after every command: ${name} (embedded)`, async () => {
      [target, state] = [embeddedTarget(), await (storeStates[name] ?? assert.fail(name))()];
      await walk(steps.filter(({ embedded }) => embedded));
    });
  }

  /** Starts a run and does something to it when it enters a phase. */
  async function interrupted(phase: Phase, interrupt: (run: ReturnType<typeof startCli>) => void): Promise<CliOutcome> {
    let sent = false;
    const run = startCli(['run', state.store, '--target', target.flag, '--json', '--progress', 'ndjson'], {
      ...options(),
      onEvent: (event) => {
        if (sent || event.type !== 'phase' || event.phase !== phase) return;
        sent = true;
        interrupt(run);
      },
    });
    const outcome = await run.finished;
    assert.ok(sent, `${phase} was never reached: ${describeOutcome(outcome)}`);
    return outcome;
  }

  for (const name of ['rollback journal, nobody writes', 'write-ahead log with pending rows', 'hot rollback journal']) {
    it(`S40 after a cancel and after kill -9 in each phase: ${name}`, async () => {
      [target, state] = [await postgresTarget(cluster), await (storeStates[name] ?? assert.fail(name))()];
      const before = await photograph(state.folder);
      for (const phase of ['open', 'profile', 'pre-data', 'data', 'verify'] as const) {
        await interrupted(phase, ({ pid }) => process.kill(pid, 'SIGINT'));
        assert.deepEqual(await photograph(state.folder), before, `cancelled in ${phase}`);
        assert.deepEqual(scratchFolders(), [], `private copies of a run cancelled in ${phase}`);
        await empty();
        const killed = await interrupted(phase, (run) => run.killGroup());
        assert.equal(killed.signal, 'SIGKILL');
        assert.deepEqual(await photograph(state.folder), before, `killed in ${phase}`);
        await empty();
      }
      // What a killed process could not remove goes with the next one, and was closed to others meanwhile.
      assert.ok(scratchFolders().length > 0, 'kill -9 leaves its folder');
      for (const folder of scratchFolders()) assert.equal(statSync(join(work, folder)).mode & 0o777, 0o700);
      assert.equal((await runCli(['inspect', state.store], options())).code, 0);
      assert.deepEqual(scratchFolders(), []);
      assert.deepEqual(await photograph(state.folder), before);
    });
  }

  /** The next run finds nothing of the one before. */
  async function empty(): Promise<void> {
    await target.query('DROP SCHEMA IF EXISTS sluice CASCADE; DROP TABLE IF EXISTS item');
  }

  it('a file that only looks like a private copy of a dead process stays', async () => {
    [target, state] = [await postgresTarget(cluster), await (storeStates['write-ahead log, nothing pending'] ?? assert.fail())()];
    writeFileSync(join(work, 'sluice-scratch-notes'), 'mine');
    assert.equal((await runCli(['inspect', state.store], options())).code, 0);
    assert.deepEqual(scratchFolders(), ['sluice-scratch-notes']);
  });
});
