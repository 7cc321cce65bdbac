import assert from 'node:assert/strict';
import { describeCase } from '../../helpers/case-setting.ts';
import { duckDbAmong, duckDbStore } from '../../helpers/duckdb.ts';

describeCase('D05', 'TIMESTAMP_NS', (setting) => {
  it('is timestamp, rounded to microseconds with a count', () => {
    const values = [`'2024-01-02 03:04:00.123456789'`, `'2024-01-02 03:04:00.000000001'`, `'2024-01-02 03:04:00.5'`];
    return setting.migrate(duckDbAmong('TIMESTAMP_NS', values, `'2024-01-01'::TIMESTAMP + to_seconds(n)`), async (run) => {
      assert.deepEqual([run.column('v').type, run.column('v').loss, run.column('v').accept], ['timestamp', 'rounded', true]);
      assert.deepEqual((await run.cells('v')).slice(0, 3), ['2024-01-02 03:04:00.123457', '2024-01-02 03:04:00', '2024-01-02 03:04:00.5']);
      assert.equal(run.losses()['v: rounded'], 2);
    });
  });

  it('TIME_NS is time, rounded with a count as well', () => {
    const values = [`'12:00:00.123456789'`, `'23:59:59.999999500'`, `'00:00:00.000001'`, 'NULL'];
    return setting.migrate(duckDbAmong('TIME_NS', values, `('01:00:00'::TIME + to_seconds(n))::TIME_NS`), async (run) => {
      assert.deepEqual([run.column('v').type, run.column('v').loss], ['time', 'rounded']);
      assert.deepEqual((await run.cells('v')).slice(0, 4), ['12:00:00.123457', '24:00:00', '00:00:00.000001', null]);
      assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: rounded': 2 }]);
    });
  });

  it('is exact in the other precisions', () => {
    const sql = `CREATE TABLE t (id INTEGER, s TIMESTAMP_S, ms TIMESTAMP_MS, us TIMESTAMP);
      INSERT INTO t VALUES (1, '2024-01-02 03:04:05', '2024-01-02 03:04:05.678', '1969-12-31 23:59:59.999999'), (2, NULL, NULL, NULL);`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.deepEqual(await run.cells('s'), ['2024-01-02 03:04:05', null]);
      assert.deepEqual(await run.cells('ms'), ['2024-01-02 03:04:05.678', null]);
      assert.deepEqual(await run.cells('us'), ['1969-12-31 23:59:59.999999', null]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D06', 'TIMESTAMPTZ written under two time zones', (setting) => {
  it('is the same instant', () => {
    const sql = `CREATE TABLE t (id INTEGER, v TIMESTAMPTZ);
      SET TimeZone = 'Asia/Kolkata'; INSERT INTO t VALUES (1, '2024-01-02 05:30:00');
      SET TimeZone = 'America/New_York'; INSERT INTO t VALUES (2, '2024-01-01 19:00:00');`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.equal(run.column('v').type, 'timestamptz');
      const found = await run.query(`SELECT (v AT TIME ZONE 'UTC')::text FROM ${run.name('t')} ORDER BY id`);
      assert.deepEqual(found, [['2024-01-02 00:00:00'], ['2024-01-02 00:00:00']]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D07', 'infinite dates, and years that PostgreSQL does not have', (setting) => {
  it('are infinite, or rejected one by one', () => {
    const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, d DATE, ts TIMESTAMP);
      INSERT INTO t VALUES (1, 'infinity', '-infinity'), (2, '-infinity', 'infinity'), (3, '12345-06-07', '12345-06-07 08:09:10.5'),
        (4, '0044-03-15 (BC)', '0044-03-15 (BC) 12:00:00'), (5, '5877642-06-25 (BC)', NULL), (6, NULL, '290300-01-01 (BC) 00:00:00'),
        (7, '5881580-07-09', NULL), (8, '2024-02-29', '2024-02-29 23:59:59');`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.deepEqual([run.column('d').type, run.column('ts').type], ['date', 'timestamp']);
      assert.deepEqual(await run.cells('d'), ['infinity', '-infinity', '12345-06-07', '0044-03-15 BC', '2024-02-29']);
      assert.deepEqual(await run.cells('ts'), [
        '-infinity',
        'infinity',
        '12345-06-07 08:09:10.5',
        '0044-03-15 12:00:00 BC',
        '2024-02-29 23:59:59',
      ]);
      assert.deepEqual(
        run.rejects.map(({ provenance, code }) => [provenance, code]),
        [
          ['rowid 4', 'out-of-range'],
          ['rowid 5', 'out-of-range'],
          ['rowid 6', 'out-of-range'],
        ],
      );
    });
  });
});

describeCase('D08', 'TIMETZ and 24:00:00', (setting) => {
  it('are kept, the zone too', () => {
    const sql = `CREATE TABLE t (id INTEGER, z TIMETZ, v TIME);
      INSERT INTO t VALUES (1, '12:34:56+05:30', '24:00:00'), (2, '00:00:00.000001-15:59', '23:59:59.999999'), (3, NULL, NULL);`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.deepEqual([run.column('z').type, run.column('v').type], ['timetz', 'time']);
      assert.deepEqual(await run.cells('z'), ['12:34:56+05:30', '00:00:00.000001-15:59', null]);
      assert.deepEqual(await run.cells('v'), ['24:00:00', '23:59:59.999999', null]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D09', 'INTERVAL', (setting) => {
  it('keeps months, days and microseconds apart', () => {
    const values = [
      `INTERVAL 1 MONTH + INTERVAL 2 DAY - INTERVAL '3.000004 seconds'`,
      `INTERVAL '30 days'`,
      `INTERVAL '-14 months 1 day'`,
      `INTERVAL '0 days'`,
      'NULL',
    ];
    return setting.migrate(duckDbAmong('INTERVAL', values, 'to_hours(n)'), async (run) => {
      assert.equal(run.column('v').type, 'interval');
      const parts = `extract(year FROM v) * 12 + extract(month FROM v), extract(day FROM v), extract(hour FROM v) * 3600 + extract(minute FROM v) * 60 + extract(second FROM v)`;
      const found = await run.query(
        `SELECT a::int, b::int, c::text FROM (SELECT id, ${parts} FROM ${run.name('t')}) AS p(id, a, b, c) ORDER BY id LIMIT 6`,
      );
      assert.deepEqual(found, [
        [1, 2, '-3.000004'],
        [0, 30, '0.000000'],
        [-14, 1, '0.000000'],
        [0, 0, '0.000000'],
        [null, null, null],
        [0, 0, '3600.000000'],
      ]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});
