import assert from 'node:assert/strict';
import { amongGoodRows, columnOf, describeCase, type CaseRun } from '../../helpers/case-setting.ts';

/** Instants of the first rows as UTC, in sessions of two time zones. */
async function instants(run: CaseRun, count: number): Promise<readonly unknown[]> {
  const read = `SELECT to_char(v AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS v FROM ${run.name('t')} WHERE id <= ${count} ORDER BY id`;
  const seen: unknown[][] = [];
  for (const zone of ['UTC', 'Asia/Kathmandu']) {
    await run.attempt(async (session) => {
      await session.query(`SET LOCAL TIME ZONE '${zone}'`);
      seen.push((await session.query(read)).rows.map((row) => row['v']));
    });
  }
  assert.deepEqual(seen[0], seen[1], 'the session has no say in it');
  return seen[0] ?? [];
}

describeCase('S05', 'dates as ISO texts in a column declared DATETIME', (setting) => {
  const values = ["'2024-01-02 03:04:05'", "'2024-01-02T03:04:05.678Z'", "'2024-01-02'", "''"];

  it('are the same instants in UTC whatever the session, and the empty one is NULL and counted', () =>
    setting.migrate(amongGoodRows('DATETIME', values, `datetime(1700000000 + n, 'unixepoch')`), async (run) => {
      assert.equal(run.column('v').type, 'timestamptz');
      assert.deepEqual(await instants(run, 4), [
        '2024-01-02 03:04:05.000000',
        '2024-01-02 03:04:05.678000',
        '2024-01-02 00:00:00.000000',
        null,
      ]);
      await run.compare('t', { id: 'integer', v: 'instant' });
      assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: empty as null': 1 }]);
      assert.match(run.reportText, /empty as null \| +1 \| 1 empty text became NULL/);
    }));
});

describeCase('S06', 'milliseconds since 1970 in a column declared DATETIME', (setting) => {
  it('are found by their magnitude, which the plan shows', () =>
    setting.migrate(amongGoodRows('DATETIME', ['1647950409737'], '1600000000000 + n'), async (run) => {
      assert.deepEqual([run.column('v').type, run.column('v').convert], ['timestamptz', 'epoch-ms']);
      assert.match(run.column('v').evidence ?? '', /milliseconds since 1970, by their magnitude/);
      assert.deepEqual(await instants(run, 1), ['2022-03-22 12:00:09.737000']);
      await run.compare('t', { id: 'integer', v: 'epoch-ms' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));

  it('one among 1,000 dates as text is rejected, not guessed', () =>
    setting.migrate(amongGoodRows('DATETIME', ['1647950409737'], `datetime(1700000000 + n, 'unixepoch')`), async (run) => {
      assert.deepEqual(
        run.rejects.map(({ provenance, code, value }) => [provenance, code, value]),
        [['rowid 1', 'wrong-type', '1647950409737']],
      );
      await run.compare('t', { id: 'integer', v: 'instant' }, 'id <> 1');
    }));
});

describeCase('S07', 'seconds since 1970 in a column declared TIMESTAMP', (setting) => {
  it('are found by their magnitude', () =>
    setting.migrate(amongGoodRows('TIMESTAMP', ['1647950409'], '1600000000 + n'), async (run) => {
      assert.deepEqual([run.column('v').type, run.column('v').convert], ['timestamptz', 'epoch-s']);
      assert.deepEqual(await instants(run, 1), ['2022-03-22 12:00:09.000000']);
      await run.compare('t', { id: 'integer', v: 'epoch-s' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));
});

describeCase('S08', 'Julian days in a column declared DATETIME', (setting) => {
  it('are instants to the millisecond, and finer ones are counted', () =>
    setting.migrate(amongGoodRows('DATETIME', ['2460311.628', '2460311.6280000005'], '2450000.5 + n'), async (run) => {
      assert.deepEqual([run.column('v').type, run.column('v').convert], ['timestamptz', 'julian']);
      assert.deepEqual(await instants(run, 2), ['2024-01-02 03:04:19.200000', '2024-01-02 03:04:19.200000']);
      await run.compare('t', { id: 'integer', v: 'julian' });
      assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: rounded': 1 }]);
      assert.match(run.reportText, /rounded \| +1 \| 1 value was rounded/);
    }));
});

describeCase('S09', 'texts, seconds and milliseconds in one column', (setting) => {
  const store = {
    sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, v DATETIME);
      INSERT INTO t (v) VALUES ('2022-03-22 12:00:09'), (1647950409), (1647950409737), (NULL), ('2022-03-22T13:00:09.5+01:00'), (0);`,
  };

  it('no unit is guessed: without a rule every value is kept as its text, and the plan says so', () =>
    setting.migrate(store, async (run) => {
      assert.equal(run.column('v').type, 'text');
      assert.ok(run.planned.warnings.some(({ code }) => code === 'ambiguous-dates'));
      assert.deepEqual(await run.cells('v'), [
        '2022-03-22 12:00:09',
        '1647950409',
        '1647950409737',
        null,
        '2022-03-22T13:00:09.5+01:00',
        '0',
      ]);
      assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: number as text': 3 }]);
    }));

  it('with rules in the plan all are right', () =>
    setting.migrate(
      {
        ...store,
        edit: (plan) =>
          Object.assign(columnOf(plan, 'v'), {
            type: 'timestamptz',
            loss: 'exact',
            convert: [
              { when: 'text' },
              { when: 'integer', min: 100_000_000_000, convert: 'epoch-ms' },
              { when: 'integer', convert: 'epoch-s' },
            ],
          }),
      },
      async (run) => {
        assert.deepEqual(await instants(run, 6), [
          '2022-03-22 12:00:09.000000',
          '2022-03-22 12:00:09.000000',
          '2022-03-22 12:00:09.737000',
          null,
          '2022-03-22 12:00:09.500000',
          '1970-01-01 00:00:00.000000',
        ]);
        assert.deepEqual([run.result.status, run.losses(), run.rejects], ['done', {}, []]);
      },
    ));

  it('a value that no rule is for is rejected', () =>
    setting.migrate(
      {
        ...store,
        edit: (plan) =>
          Object.assign(columnOf(plan, 'v'), {
            type: 'timestamptz',
            loss: 'exact',
            convert: [{ when: 'text' }, { when: 'integer', min: 1_000_000_000, max: 9_999_999_999, convert: 'epoch-s' }],
          }),
      },
      (run) =>
        assert.deepEqual(
          run.rejects.map(({ provenance, code, value }) => [provenance, code, value]),
          [
            ['rowid 3', 'no-rule', '1647950409737'],
            ['rowid 6', 'no-rule', '0'],
          ],
        ),
    ));
});

describeCase('S36', 'days and times that do not exist', (setting) => {
  it('the bad day is rejected, its neighbours are loaded', () =>
    setting.migrate(amongGoodRows('DATE', ["'2024-02-30'", "'2024-02-29'"], `date('2020-01-01', n || ' days')`), async (run) => {
      assert.equal(run.column('v').type, 'date');
      assert.deepEqual(
        run.rejects.map(({ provenance, code, value }) => [provenance, code, value]),
        [['rowid 1', 'invalid-date', '2024-02-30']],
      );
      assert.deepEqual((await run.cells('v'))[0], '2024-02-29');
      await run.compare('t', { id: 'integer', v: 'text' }, 'id <> 1');
    }));

  it('the bad time is rejected, its neighbours are loaded', () =>
    setting.migrate(amongGoodRows('TIME', ["'25:00:00'", "'23:59:59'"], `time(n * 60, 'unixepoch')`), async (run) => {
      assert.equal(run.column('v').type, 'time');
      assert.deepEqual(
        run.rejects.map(({ provenance, code, value }) => [provenance, code, value]),
        [['rowid 1', 'invalid-date', '25:00:00']],
      );
      await run.compare('t', { id: 'integer', v: 'text' }, 'id <> 1');
    }));
});
