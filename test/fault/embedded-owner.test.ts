import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedTarget, type CliTarget } from '../helpers/cli-target.ts';
import { buildFaultStore, faultTables } from '../helpers/fault-store.ts';
import { requirePython } from '../helpers/oracle.ts';
import { parseFailure, parseRun, runCli, startCli, type CliOutcome } from '../helpers/run-cli.ts';

describe('two processes on one embedded directory', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-owner-'));
  const store = join(folder, 'readings.db');
  let target: CliTarget;

  before(function () {
    requirePython(this);
    buildFaultStore(store, 20_000);
    target = embeddedTarget();
  });

  after(async () => {
    await target?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('the second is told who has it, and the first loses nothing', async () => {
    let second: Promise<CliOutcome> | undefined;
    const first = startCli(['run', store, '--target', target.flag, '--json', '--progress', 'ndjson'], {
      onEvent: (event) => {
        if (event.type !== 'phase' || event.phase !== 'pre-data' || second !== undefined) return;
        // The first stands still, directory in hand, until the second has been told.
        process.kill(-first.pid, 'SIGSTOP');
        second = runCli(['runs', '--target', target.flag, '--json']).finally(() => process.kill(-first.pid, 'SIGCONT'));
      },
    });
    const outcome = await first.finished;
    assert.ok(second !== undefined, 'the second process was not started');
    const failure = parseFailure(await second);
    assert.match(`${failure.message} ${failure.remedy}`, new RegExp(`\\b${first.pid}\\b`), 'the owner is not named');
    assert.equal(failure.code, 'embedded-in-use');
    assert.equal(parseRun(outcome).verification.status, 'match');
    for (const table of faultTables) {
      const { missing, extra, different, first: examples } = await target.compare(store, table);
      assert.deepEqual({ missing, extra, different, examples }, { missing: 0, extra: 0, different: 0, examples: [] }, table.source);
    }
  });

  it('a directory whose owner was killed can be opened again', async () => {
    const run = startCli(['run', store, '--target', target.flag, '--schema', 'again', '--json', '--progress', 'ndjson'], {
      onEvent: (event) => {
        if (event.type === 'phase' && event.phase === 'data') run.killGroup();
      },
    });
    assert.equal((await run.finished).signal, 'SIGKILL');
    const result = parseRun(await runCli(['run', store, '--target', target.flag, '--schema', 'again', '--resume', '--json']));
    assert.equal(result.verification.status, 'match');
  });
});
