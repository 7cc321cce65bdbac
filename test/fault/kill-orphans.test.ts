import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineEvent } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import type { CliTarget } from '../helpers/cli-target.ts';
import { storePlan } from '../helpers/engine.ts';
import { atFaultStore } from '../helpers/at-fault-store.ts';
import { describeOutcome, parseRun, runCli, startCli } from '../helpers/run-cli.ts';

const rows = 20_000;

/** Each row refers to the one before; the first refers to none that is there. Every other has no key to be told apart by. */
function table(name: string, primaryKey: readonly string[]): PlanInput['tables'][number] {
  return {
    source: 'main',
    from: name,
    to: name,
    columns: ['id', 'up'].map((to) => ({ from: to, to, type: 'bigint', nullable: !primaryKey.includes(to) })),
    primaryKey: [...primaryKey],
    foreignKeys: [{ columns: ['up'], references: 'p', referencesColumns: ['id'], orphans: 'quarantine' }],
  };
}

describe('kill -9 between the load and the foreign keys', function () {
  this.timeout(180_000);
  let target: CliTarget;
  let folder: string;

  atFaultStore(
    `CREATE TABLE p (id INTEGER PRIMARY KEY, up INT); CREATE TABLE c (id INT, up INT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO p SELECT i, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 900000 + i ELSE i - 1 END FROM n;
      INSERT INTO c SELECT 1, id FROM p UNION ALL SELECT 1, id FROM p;`,
    (setting) => {
      ({ target, folder } = setting);
      writeFileSync(join(folder, 'store.sluice.json'), JSON.stringify(storePlan([table('p', ['id']), table('c', [])])));
    },
  );

  it('sets aside each orphan once when the run is resumed', async () => {
    const options = { cwd: folder, environment: target.environment };
    const words = ['run', 'store.sluice.json', '--on-reject', 'quarantine', '--target', target.flag, '--json', '--progress', 'ndjson'];
    // The key of p is the first statement, orphans come behind it, and then the foreign keys.
    const moments: readonly (readonly [readonly string[], (event: EngineEvent) => boolean])[] = [
      [[], (event) => event.type === 'phase' && event.phase === 'post-data'],
      [['--resume'], (event) => event.type === 'table' && event.phase === 'post-data'],
      [['--resume'], (event) => event.type === 'phase' && event.phase === 'verify'],
    ];
    for (const [again, isNow] of moments) {
      const child = startCli([...words, ...again], { ...options, onEvent: (event) => isNow(event) && child.killGroup() });
      const outcome = await child.finished;
      assert.equal(outcome.signal, 'SIGKILL', describeOutcome(outcome));
      const [kept = ''] = await target.query(
        `SELECT concat_ws(' ', sum(rows_read), sum(rows_read - rows_written - rows_rejected), (SELECT count(*) FROM sluice.reject) - sum(rows_rejected)) FROM sluice.checkpoint`,
      );
      assert.equal(kept, `${rows * 3} 0 0`);
    }
    const result = parseRun(await runCli([...words, '--resume'], options), 3);
    // Three rows of four hang on one that is missing, and each of p has two rows of c.
    const orphans = (rows / 4) * 3;
    assert.deepEqual(
      result.tables.map(({ to, rowsRejected }) => [to, rowsRejected]),
      [
        ['public.p', orphans],
        ['public.c', orphans * 2],
      ],
    );
    assert.equal(result.verification.status, 'match');
    assert.deepEqual(await target.query(`SELECT count(*) FROM public.p UNION ALL SELECT count(*) FROM public.c`), [
      String(rows - orphans),
      String((rows - orphans) * 2),
    ]);
    assert.deepEqual(
      await target.query(
        `SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND connamespace = 'public'::regnamespace`,
      ),
      ['2'],
    );
  });
});
