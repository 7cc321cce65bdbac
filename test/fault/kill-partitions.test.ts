import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineEvent } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import type { CliTarget } from '../helpers/cli-target.ts';
import { storePlan } from '../helpers/engine.ts';
import { atFaultStore } from '../helpers/at-fault-store.ts';
import { describeOutcome, parseRun, runCli, startCli } from '../helpers/run-cli.ts';

const rows = 60_000;

/** Every hundredth row is in no partition. */
const table: PlanInput['tables'][number] = {
  source: 'main',
  from: 't',
  to: 't',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'day', to: 'day', type: 'date' },
    { from: 'note', to: 'note', type: 'text' },
  ],
  indexes: [{ columns: ['note'] }],
  partitionBy: { strategy: 'range', column: 'day', every: '1 month', default: false },
};

describe('kill -9 while partitions are made, filled and indexed', function () {
  this.timeout(240_000);
  let target: CliTarget;
  let folder: string;

  atFaultStore(
    `CREATE TABLE t (id INTEGER PRIMARY KEY, day TEXT, note TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO t SELECT i, CASE WHEN i % 100 > 0 THEN date('2020-01-01', (i % 900) || ' days') END, printf('%.200c', 'x') || i FROM n;`,
    (setting) => {
      ({ target, folder } = setting);
      writeFileSync(join(folder, 'store.sluice.json'), JSON.stringify(storePlan([table])));
    },
  );

  it('goes on with the same partitions each time, no row lost, twice, or rejected twice', async () => {
    const options = { cwd: folder, environment: target.environment };
    const words = ['run', 'store.sluice.json', '--on-reject', 'quarantine', '--target', target.flag, '--json', '--progress', 'ndjson'];
    const moments: readonly (readonly [readonly string[], (event: EngineEvent) => boolean])[] = [
      [[], (event) => event.type === 'phase' && event.phase === 'pre-data' && 'runId' in event],
      [['--resume'], (event) => event.type === 'progress' && event.phase === 'data' && event.rows > 0],
      [['--resume'], (event) => event.type === 'table' && event.phase === 'post-data'],
    ];
    for (const [again, isNow] of moments) {
      const child = startCli([...words, ...again], { ...options, onEvent: (event) => isNow(event) && child.killGroup() });
      const outcome = await child.finished;
      assert.equal(outcome.signal, 'SIGKILL', describeOutcome(outcome));
    }
    const result = parseRun(await runCli([...words, '--resume'], options), 3);
    const rejected = rows / 100;
    const [only] = result.tables;
    assert.deepEqual([only?.rowsRead, only?.rowsWritten, only?.rowsRejected], [rows, rows - rejected, rejected]);
    assert.equal(result.verification.status, 'match');
    // 900 days from 2020-01-01, of which every hundredth has no row: June 2022 has the last.
    assert.deepEqual(
      [only?.partitions?.length, only?.partitions?.[0]?.name, only?.partitions?.at(-1)?.name],
      [30, 't_2020_01', 't_2022_06'],
    );
    assert.equal(
      only?.partitions?.reduce((sum, part) => sum + part.rows, 0),
      rows - rejected,
    );
    assert.deepEqual(await target.query('SELECT count(*) FROM public.t UNION ALL SELECT count(DISTINCT provenance) FROM sluice.reject'), [
      String(rows - rejected),
      String(rejected),
    ]);
    assert.deepEqual(await target.query(`SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'`), ['31']);
  });
});
