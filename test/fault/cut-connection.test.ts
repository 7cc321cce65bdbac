import assert from 'node:assert/strict';
import { startCutProxy, type Cut } from '../helpers/cut-proxy.ts';
import { parseRun, runCli, startCli } from '../helpers/run-cli.ts';
import { assertMigrated, faultSetting, type FaultSetting } from './fault-setting.ts';

const rows = 120_000;

describe('a run whose connections break', function () {
  this.timeout(120_000);
  let setting: FaultSetting;

  before(async function () {
    setting = await faultSetting(this, rows);
  });

  after(async () => {
    await setting?.remove();
  });

  const cases: readonly (readonly [string, readonly Cut[]])[] = [
    ['between the first COMMIT and its answer', [{ at: 'commit-answer', nth: 1 }]],
    ['between several COMMITs and their answers', [2, 3, 4].map((nth) => ({ at: 'commit-answer', nth }))],
    ['in the middle of a COPY', [{ at: 'copy', nth: 2, afterBytes: 1_000_000 }]],
    [
      'in the first bytes of a COPY, then in the COPY that repeats it, then before the answer to its COMMIT',
      [
        { at: 'copy', nth: 1, afterBytes: 1 },
        { at: 'copy', nth: 3, afterBytes: 1 },
        { at: 'commit-answer', nth: 2 },
      ],
    ],
  ];
  for (const [where, cuts] of cases) {
    it(`ends well when cut ${where}`, async () => {
      const { name, url } = await setting.createDatabase();
      const proxy = await startCutProxy(setting.cluster.port, cuts);
      try {
        const cutUrl = `postgresql://postgres@127.0.0.1:${proxy.port}/${name}`;
        const outcome = await runCli(['run', setting.store, '--target', 'env:FAULT_URL', '--json'], { environment: { FAULT_URL: cutUrl } });
        await assertMigrated(setting, url, parseRun(outcome));
        assert.equal(proxy.made.length, cuts.length, 'not every cut was made');
      } finally {
        await proxy.close();
      }
    });
  }

  it('ends well when the server crashes and comes back', async () => {
    const { url } = await setting.createDatabase();
    let restarted: Promise<void> | undefined;
    const run = startCli(['run', setting.store, '--target', 'env:FAULT_URL', '--json', '--progress', 'ndjson'], {
      environment: { FAULT_URL: url },
      onEvent: (event) => {
        if (event.type === 'progress' && event.phase === 'data')
          restarted ??= setting.cluster.stop('immediate').then(() => setting.cluster.start());
      },
    });
    const outcome = await run.finished;
    assert.ok(restarted !== undefined, 'the server was not restarted');
    await restarted;
    await assertMigrated(setting, url, parseRun(outcome));
  });
});
