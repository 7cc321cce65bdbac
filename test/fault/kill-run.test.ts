import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Phase } from '../../src/core/engine-deps.ts';
import { describeOutcome, parseRun, startCli } from '../helpers/run-cli.ts';
import { faultRows } from '../helpers/fault-store.ts';
import { assertMigrated, faultSetting, type FaultSetting } from './fault-setting.ts';

/** Short by default; the long form is SLUICE_FAULT_ROWS=1000000 SLUICE_FAULT_KILLS=10. */
const rows = Number(process.env['SLUICE_FAULT_ROWS'] ?? 200_000);
const kills = Number(process.env['SLUICE_FAULT_KILLS'] ?? 3);

/** When to kill: at the start of a phase, or as soon as so many rows are committed. */
type KillPoint = { readonly phase: Phase } | { readonly committed: number };

describe(`kill -9 of a run of ${rows} rows, ${kills} times`, function () {
  this.timeout(60_000 + kills * 60_000);
  let setting: FaultSetting;

  before(async function () {
    setting = await faultSetting(this, rows);
  });

  after(async () => {
    await setting?.remove();
  });

  it('loses no row and writes none twice when each kill is followed by --resume', async () => {
    const { name, url } = await setting.createDatabase();
    const watch = new pg.Client({ connectionString: url });
    await watch.connect();
    const reached: number[] = [];
    try {
      for (const [index, point] of killPoints().entries()) {
        const outcome = await killAt(point, url, watch, index > 0);
        assert.equal(outcome.signal, 'SIGKILL', `the run ended before ${JSON.stringify(point)}: ${describeOutcome(outcome)}`);
        reached.push(await committedRows(watch));
      }
    } finally {
      await watch.end();
    }
    const result = parseRun(await startRun(url, true).finished);
    await assertMigrated(setting, url, result);
    assert.ok(
      reached.some((count) => count > 0 && count < faultRows(rows)),
      `no kill fell into the data: ${reached.join(', ')}`,
    );
    assert.deepEqual(await setting.cluster.psql('SELECT count(*) FROM sluice.run', name), '1');
    assert.equal(
      await setting.cluster.psql('SELECT count(*) FROM events', name),
      await setting.cluster.psql('SELECT count(DISTINCT number) FROM events', name),
    );
  });

  function startRun(url: string, resume: boolean, onPhase: (phase: Phase) => void = () => undefined): ReturnType<typeof startCli> {
    const args = ['run', setting.store, '--target', 'env:FAULT_URL', '--json', '--progress', 'ndjson', ...(resume ? ['--resume'] : [])];
    return startCli(args, { environment: { FAULT_URL: url }, onEvent: (event) => event.type === 'phase' && onPhase(event.phase) });
  }

  async function killAt(point: KillPoint, url: string, watch: pg.Client, resume: boolean): ReturnType<typeof startCli>['finished'] {
    let ended = false;
    const run = startRun(url, resume, (phase) => {
      if ('phase' in point && phase === point.phase) run.killGroup();
    });
    const finished = run.finished.finally(() => (ended = true));
    if ('committed' in point) {
      while (!ended && (await committedRows(watch)) < point.committed) await sleep(5);
      if (!ended) run.killGroup();
    }
    return finished;
  }
});

/** Spread over the run: before the data, among them, and behind them. */
function killPoints(): readonly KillPoint[] {
  const phases: readonly KillPoint[] = kills < 5 ? [{ phase: 'post-data' }] : [{ phase: 'post-data' }, { phase: 'verify' }];
  const inData = kills - phases.length;
  // The first as soon as the run has made anything durable, the others at even distances.
  const committed = Array.from({ length: inData }, (_, i) => ({ committed: Math.max(1, Math.floor((faultRows(rows) * i) / inData)) }));
  return [...committed, ...phases];
}

/** 0 as long as the run has not made its state tables. */
async function committedRows(watch: pg.Client): Promise<number> {
  const there = await watch.query<{ there: boolean }>(`SELECT to_regclass('sluice.checkpoint') IS NOT NULL AS there`);
  if (there.rows[0]?.there !== true) return 0;
  const found = await watch.query<{ rows: string }>('SELECT coalesce(sum(rows_written), 0) AS rows FROM sluice.checkpoint');
  return Number(found.rows[0]?.rows);
}
