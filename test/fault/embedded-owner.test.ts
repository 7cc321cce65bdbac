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
    buildFaultStore(store, 40_000);
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
        if (event.type === 'phase' && event.phase === 'data')
          second ??= runCli(['run', store, '--target', target.flag, '--schema', 'other', '--json']);
      },
    });
    const outcome = await first.finished;
    assert.ok(second !== undefined, 'the second process was not started');
    const failure = parseFailure(await second);
    console.log(first.pid, failure);
    assert.notEqual(failure.remedy, '');
    assert.equal(parseRun(outcome).verification.status, 'match');
    for (const table of faultTables) {
      const { missing, extra, different, first: examples } = await target.compare(store, table);
      assert.deepEqual({ missing, extra, different, examples }, { missing: 0, extra: 0, different: 0, examples: [] }, table.source);
    }
    assert.deepEqual(await target.query(`SELECT count(*) FROM pg_namespace WHERE nspname = 'other'`), ['0']);
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
