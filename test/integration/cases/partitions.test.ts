import assert from 'node:assert/strict';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { duckDbStore } from '../../helpers/duckdb.ts';
import { columnOf, describeCase, type CaseRun } from '../../helpers/case-setting.ts';

type PartitionInput = NonNullable<PlanInput['tables'][number]['partitionBy']>;
type TableInput = PlanInput['tables'][number];

/** Partitions the table `t` of a plan; `key` is its primary key, when there is one. */
function partitioned(partitionBy: PartitionInput, key: readonly string[] | null = null, more: Partial<TableInput> = {}) {
  return (plan: PlanInput): void => {
    const table = plan.tables.find(({ from }) => from === 't') as TableInput;
    Object.assign(table, { partitionBy, ...(key === null ? {} : { primaryKey: key }), ...more });
    for (const name of key ?? []) columnOf(plan, name).nullable = false;
  };
}

/** Name and rows of each partition, as the run counted them. */
function partitionsOf(run: CaseRun, table = 't'): readonly string[] {
  const found = run.result.tables.find(({ from }) => from === table)?.partitions ?? [];
  return found.map(({ name, rows, isDefault }) => `${name} ${rows}${isDefault ? ' default' : ''}`);
}

/** Where PostgreSQL says the rows are: `partition: ids`. */
async function homes(run: CaseRun): Promise<readonly string[]> {
  const rows = await run.query(
    `SELECT c.relname || ': ' || string_agg(t.id::text, ', ' ORDER BY t.id) AS home FROM ${run.name('t')} t JOIN pg_class c ON c.oid = t.tableoid GROUP BY c.relname ORDER BY 1`,
  );
  return rows.map(([home]) => String(home));
}

async function bounds(run: CaseRun): Promise<readonly string[]> {
  const rows = await run.query(
    `SELECT c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '${run.name('t')}'::regclass ORDER BY c.oid`,
  );
  return rows.map(([bound]) => String(bound));
}

const stamps = `CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT NOT NULL, note TEXT);
  INSERT INTO t VALUES (1, '2021-06-01 10:00:00+00:00', 'a'), (2, '2023-12-31 23:59:59.999999+00:00', 'b'), (3, '2024-01-01 00:00:00+00:00', 'c'),
    (4, '2024-01-01 00:30:00+01:00', 'd'), (5, '2023-12-31 23:30:00-05:00', 'e');`;

describeCase('PT1', 'range partitions by year of a timestamptz', (setting) => {
  it('are made for the range of the data, gaps included, in UTC: the hour around new year decides by the instant', () =>
    setting.migrate({ sql: stamps, edit: partitioned({ strategy: 'range', column: 'at', every: '1 year' }, ['id', 'at']) }, async (run) => {
      assert.equal(run.column('at').type, 'timestamptz');
      assert.deepEqual(await bounds(run), [
        `t_2021 FOR VALUES FROM ('2021-01-01 00:00:00+00') TO ('2022-01-01 00:00:00+00')`,
        `t_2022 FOR VALUES FROM ('2022-01-01 00:00:00+00') TO ('2023-01-01 00:00:00+00')`,
        `t_2023 FOR VALUES FROM ('2023-01-01 00:00:00+00') TO ('2024-01-01 00:00:00+00')`,
        `t_2024 FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00')`,
        't_default DEFAULT',
      ]);
      assert.deepEqual(await homes(run), ['t_2021: 1', 't_2023: 2, 4', 't_2024: 3, 5']);
      assert.deepEqual(partitionsOf(run), ['t_2021 1', 't_2022 0', 't_2023 2', 't_2024 2', 't_default 0 default']);
      assert.match(run.reportText, /Partitions[\s\S]*t_2023[\s\S]*t_default \(default\)/);
    }));

  it('every key and index reaches every partition, and the identity goes on', () =>
    setting.migrate(
      {
        sql: stamps,
        edit: partitioned({ strategy: 'range', column: 'at', every: '1 year' }, ['id', 'at'], {
          uniques: [['note', 'at']],
          indexes: [{ columns: ['note'] }, { columns: ['at'], method: 'brin' }],
          fullText: [
            { column: 'words', from: ['note'], config: 'simple' },
            { column: 'stems', from: ['note'] },
          ],
        }),
      },
      async (run) => {
        const rows = await run.query(
          `SELECT c.relname, count(*) FILTER (WHERE i.indisvalid) AS valid FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE c.relnamespace = '${run.schema}'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY 1 ORDER BY 1`,
        );
        assert.deepEqual(
          rows,
          ['t', 't_2021', 't_2022', 't_2023', 't_2024', 't_default'].map((name) => [name, '6']),
        );
        const found = await run.query(
          `SELECT id::text FROM ${run.name('t')} WHERE stems @@ to_tsquery('english', 'b') AND words @@ to_tsquery('simple', 'b')`,
        );
        assert.deepEqual(found, [['2']]);
        await run.attempt(async (session) => {
          const { rows: added } = await session.query(
            `INSERT INTO ${run.name('t')} (at, note) VALUES ('2022-05-05', 'new') RETURNING id::text`,
          );
          assert.equal(added[0]?.['id'], '6');
          // Before PostgreSQL 17 only the table itself numbers its rows.
          const direct = session.query(`INSERT INTO "${run.schema}".t_2022 (at, note) VALUES ('2022-05-06', 'new')`);
          if (setting.at().session.capabilities.serverVersion >= 170_000) await direct;
          else await assert.rejects(direct, /null value in column "id"/);
        });
      },
    ));
});

describeCase('PT6', 'partitions of other stores, and indexes for neighbours', (setting) => {
  it('delimited text: the range is that of the values as they are converted, not of their texts', () =>
    setting.migrate(
      {
        text: { name: 't.csv', bytes: 'id,day\n1,31.12.2021\n2,01.02.2020\n3,15.06.2020\n', records: 3 },
        edit: partitioned({ strategy: 'range', column: 'day', every: '1 year', default: false }),
      },
      async (run) => {
        assert.equal(run.column('day').type, 'date');
        assert.deepEqual(await homes(run), ['t_2020: 2, 3', 't_2021: 1']);
      },
    ));

  it('DuckDB: timestamps with a zone, and a vector with HNSW in every partition', () =>
    setting.migrate(
      {
        make: duckDbStore(`SET TimeZone = 'Asia/Tokyo'; CREATE TABLE t (id INTEGER NOT NULL, "at" TIMESTAMPTZ NOT NULL, e FLOAT[2]);
          INSERT INTO t VALUES (1, '2024-01-01 08:59:59', [1, 2]), (2, '2024-01-01 09:00:00', [2, 1]), (3, '2025-03-01 00:00:00', NULL)`),
        edit: partitioned({ strategy: 'range', column: 'at', every: '1 year' }, ['id', 'at'], {
          indexes: [{ columns: ['e'], method: 'hnsw', opclass: 'vector_l2_ops' }],
        }),
      },
      async (run) => {
        assert.deepEqual(await homes(run), ['t_2023: 1', 't_2024: 2', 't_2025: 3']);
        const built = await run.query(
          `SELECT count(*) FROM pg_indexes WHERE schemaname = '${run.schema}' AND indexdef LIKE '%USING hnsw%'`,
        );
        assert.deepEqual(built, [['5']]);
      },
    ));
});

describeCase('PT2', 'range partitions by other steps', (setting) => {
  const days = `CREATE TABLE t (id INTEGER NOT NULL, day DATE); INSERT INTO t VALUES (1, '2024-02-28'), (2, '2024-02-29'), (3, '2024-03-01'), (4, NULL);`;

  it('by day of a date; NULL goes into the default partition', () =>
    setting.migrate({ sql: days, edit: partitioned({ strategy: 'range', column: 'day', every: 'day' }) }, async (run) => {
      assert.equal(run.column('day').type, 'date');
      assert.deepEqual(await homes(run), ['t_2024_02_28: 1', 't_2024_02_29: 2', 't_2024_03_01: 3', 't_default: 4']);
    }));

  it('by month', () =>
    setting.migrate({ sql: days, edit: partitioned({ strategy: 'range', column: 'day', every: '1 month' }) }, async (run) =>
      assert.deepEqual(await homes(run), ['t_2024_02: 1, 2', 't_2024_03: 3', 't_default: 4']),
    ));

  it('of integers, below zero and at the ends of the type', () =>
    setting.migrate(
      {
        sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (-32768), (-1), (0), (9999), (10000), (32767);',
        edit: (plan) => {
          Object.assign(columnOf(plan, 'id'), { type: 'smallint' });
          partitioned({ strategy: 'range', column: 'id', every: 10_000, default: false })(plan);
        },
      },
      async (run) => {
        assert.deepEqual(
          (await bounds(run)).filter((bound) => /VALUE\)/.test(bound)),
          [`t_minus_32768 FOR VALUES FROM (MINVALUE) TO ('-30000')`, `t_30000 FOR VALUES FROM ('30000') TO (MAXVALUE)`],
        );
        assert.deepEqual(await homes(run), [
          't_0: 0, 9999',
          't_10000: 10000',
          't_30000: 32767',
          't_minus_10000: -1',
          't_minus_32768: -32768',
        ]);
      },
    ));

  it('dates before our era, beyond the year 9999 and infinity make no partition: they are in the default one', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER NOT NULL, at TEXT); INSERT INTO t VALUES (1, '2024-05-01'), (2, 'infinity'), (3, '-infinity'), (4, '-0044-03-15'), (5, '2024-06-01');`,
        edit: (plan) => {
          Object.assign(columnOf(plan, 'at'), { type: 'timestamp', convert: null });
          partitioned({ strategy: 'range', column: 'at', every: '1 month' })(plan);
        },
      },
      async (run) => {
        assert.deepEqual(partitionsOf(run).slice(0, 2), ['t_2024_05 1', 't_2024_06 1']);
        assert.equal(partitionsOf(run).length, 3);
      },
    ));

  it('an empty table has its default partition', () =>
    setting.migrate(
      { sql: 'CREATE TABLE t (id INTEGER NOT NULL, day DATE)', edit: partitioned({ strategy: 'range', column: 'id', every: 10 }) },
      (run) => assert.deepEqual(partitionsOf(run), ['t_default 0 default']),
    ));
});

describeCase('PT3', 'list and hash partitions', (setting) => {
  const items = `CREATE TABLE t (id INTEGER NOT NULL, kind TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'it''s'), (4, 'other'), (5, NULL);`;

  it('by list, with what is in no list in the default partition', () =>
    setting.migrate(
      {
        sql: items,
        edit: partitioned({ strategy: 'list', column: 'kind', values: { letters: ['a', 'b'], quoted: ["it's"], none: [null] } }),
      },
      async (run) => assert.deepEqual(await homes(run), ['t_default: 4', 't_letters: 1, 2', 't_none: 5', 't_quoted: 3']),
    ));

  it('by list without a default: what is in no list is rejected with the reason', () =>
    setting.migrate(
      {
        sql: items,
        edit: partitioned({ strategy: 'list', column: 'kind', values: { letters: ['a', 'b'], quoted: ["it's"] }, default: false }),
      },
      async (run) => {
        assert.deepEqual(await homes(run), ['t_letters: 1, 2', 't_quoted: 3']);
        assert.deepEqual(
          run.rejects.map(({ code, message }) => `${code} ${message}`),
          Array(2).fill('no-partition No partition of the table takes the row, and the table has no default partition.'),
        );
        assert.match(
          run.result.preflight?.findings.find(({ code }) => code === 'rows-without-partition')?.message ?? '',
          /^2 rows .* value in "kind"/,
        );
      },
    ));

  it('by list without a default, under stop: refused before anything is made', async () => {
    const error = await setting.refuse(
      {
        sql: items,
        edit: partitioned({ strategy: 'list', column: 'kind', values: { letters: ['a', 'b', "it's"] }, default: false }),
        settings: { overrides: { onReject: 'stop' } },
      },
      'rows-without-partition',
    );
    assert.equal(error.context['rows'], 2);
  });

  it('by hash: every row is in one of them', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) INSERT INTO t SELECT i, 'v' || i FROM n;`,
        edit: partitioned({ strategy: 'hash', column: 'id', modulus: 3 }),
      },
      (run) => {
        const rows = run.result.tables[0]?.partitions ?? [];
        assert.deepEqual(
          rows.map(({ name }) => name),
          ['t_0', 't_1', 't_2'],
        );
        assert.equal(
          rows.reduce((sum, part) => sum + part.rows, 0),
          400,
        );
        assert.ok(rows.every((part) => part.rows > 50));
      },
    ));
});

describeCase('PT4', 'keys of partitioned tables', (setting) => {
  const family = `CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT NOT NULL, boss INTEGER REFERENCES boss(id));
    CREATE TABLE boss (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE child (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t(id));
    INSERT INTO boss VALUES (1, 'x'); INSERT INTO t VALUES (1, '2020-01-01 00:00:00+00:00', 1), (2, '2021-01-01 00:00:00+00:00', 1), (3, '2021-02-01 00:00:00+00:00', NULL);
    INSERT INTO child VALUES (1, 1), (2, 2), (3, 99), (4, NULL);`;

  function withoutChildKey(plan: PlanInput): void {
    partitioned({ strategy: 'range', column: 'at', every: '1 year' }, ['id', 'at'])(plan);
    for (const key of plan.tables.find(({ from }) => from === 'child')?.foreignKeys ?? []) key.enforce = false;
  }

  it('a foreign key to the old key is a problem of the plan, with its remedy', async () => {
    const error = await setting.refuse(
      { sql: family, edit: partitioned({ strategy: 'range', column: 'at', every: '1 year' }, ['id', 'at']) },
      'invalid-plan',
    );
    assert.match(error.message, /partitioned by "at", so that all its keys contain that column: say "enforce": false/);
  });

  it('a key without the partition column is a problem of the plan', async () => {
    const error = await setting.refuse(
      { sql: stamps, edit: partitioned({ strategy: 'range', column: 'at', every: '1 year' }) },
      'invalid-plan',
    );
    assert.match(error.message, /must contain its partition column "at"/);
  });

  it('with "enforce": false it is left out, and orphans are listed; the key of the partitioned table itself is proved', () =>
    setting.migrate({ sql: family, edit: withoutChildKey }, async (run) => {
      const [list] = run.result.orphans ?? [];
      assert.deepEqual(
        [run.result.orphans?.length, list?.table, list?.total, list?.rows[0]?.values],
        [1, `${run.schema}.child`, 1, ['99']],
      );
      const keys = await run.query(
        `SELECT conname, convalidated FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND connamespace = '${run.schema}'::regnamespace`,
      );
      assert.deepEqual(keys, [['t_boss_fkey', true]]);
    }));

  it('orphans of a partitioned table: the key is not made, its rows are listed, and every one has its own place', () =>
    setting.migrate({ sql: `${family} UPDATE t SET boss = 70 + id;`, edit: withoutChildKey, unmade: ['t.t_boss_fkey'] }, async (run) => {
      const list = run.result.orphans?.find(({ table }) => table === `${run.schema}.t`);
      assert.deepEqual([list?.total, list?.rows.map(({ values }) => values?.[0])], [3, ['71', '72', '73']]);
      assert.deepEqual(
        list?.rows.map(({ provenance }) => provenance),
        ['rowid 1', 'rowid 2', 'rowid 3'],
      );
      assert.match(run.result.warnings.find(({ code }) => code === 'orphans')?.message ?? '', /t_boss_fkey is not created/);
      assert.deepEqual(
        await run.query(`SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace = '${run.schema}'::regnamespace`),
        [],
      );
    }));

  it('orphans that are set aside leave from the partition that they are in and from no other', () =>
    setting.migrate(
      {
        sql: `${family} UPDATE t SET boss = 71 WHERE id = 1;`,
        edit: (plan) => {
          withoutChildKey(plan);
          for (const key of plan.tables.find(({ from }) => from === 't')?.foreignKeys ?? []) key.orphans = 'quarantine';
        },
      },
      async (run) => {
        // Row 1 is the first of its partition, as row 2 is of another: the same ctid.
        assert.deepEqual(await homes(run), ['t_2021: 2, 3']);
        assert.deepEqual(
          run.rejects.map(({ code, provenance }) => [code, provenance]),
          [['orphan', 'rowid 1']],
        );
        assert.equal(
          (
            await run.query(
              `SELECT 1 FROM pg_constraint WHERE conname = 't_boss_fkey' AND convalidated AND connamespace = '${run.schema}'::regnamespace`,
            )
          ).length > 0,
          true,
        );
      },
    ));

  it('duplicates of a key go from their partition', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER NOT NULL, at TEXT NOT NULL, n INT);
          INSERT INTO t VALUES (1, '2020-01-01 00:00:00+00:00', 1), (2, '2021-01-01 00:00:00+00:00', 2), (2, '2021-01-01 00:00:00+00:00', 3), (1, '2021-01-01 00:00:00+00:00', 4);`,
        edit: partitioned({ strategy: 'range', column: 'at', every: '1 year' }, ['id', 'at']),
      },
      async (run) => {
        assert.deepEqual(await homes(run), ['t_2020: 1', 't_2021: 1, 2']);
        assert.deepEqual(
          run.rejects.map(({ code, provenance }) => [code, provenance]),
          [['key-violated', 'rowid 3']],
        );
      },
    ));

  it('a foreign key may refer to the whole key of a partitioned table', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER NOT NULL, region TEXT NOT NULL, PRIMARY KEY (id, region));
          CREATE TABLE child (id INTEGER PRIMARY KEY, t_id INTEGER, region TEXT, FOREIGN KEY (t_id, region) REFERENCES t(id, region));
          INSERT INTO t VALUES (1, 'n'), (2, 's'); INSERT INTO child VALUES (1, 1, 'n'), (2, 2, 's'), (3, 2, 'n');`,
        edit: partitioned({ strategy: 'list', column: 'region', values: { north: ['n'], south: ['s'] } }),
      },
      (run) => {
        assert.deepEqual(
          run.result.orphans?.map(({ total }) => total),
          [1],
        );
        assert.match(run.result.warnings.map(({ message }) => message).join(), /child_t_id_region_fkey is left NOT VALID/);
      },
    ));
});

describeCase('PT5', 'limits of partitions', (setting) => {
  it('one value far away makes no ten thousand partitions: refused, with what to do', async () => {
    const sql = `${stamps} INSERT INTO t VALUES (9, '9999-12-31 00:00:00+00:00', 'never');`;
    const error = await setting.refuse(
      { sql, edit: partitioned({ strategy: 'range', column: 'at', every: '1 month' }, ['id', 'at']) },
      'too-many-partitions',
    );
    assert.deepEqual([error.context['partitions'], error.context['last']], ['95743', '9999-12-31 00:00:00+00']);
  });

  it('"from" and "to" leave it to the default partition', () =>
    setting.migrate(
      {
        sql: `${stamps} INSERT INTO t VALUES (9, '9999-12-31 00:00:00+00:00', 'never');`,
        edit: partitioned({ strategy: 'range', column: 'at', every: '1 year', from: '2023-01-01', to: '2026-01-01' }, ['id', 'at']),
      },
      (run) => assert.deepEqual(partitionsOf(run), ['t_2023 2', 't_2024 2', 't_2025 0', 't_default 2 default']),
    ));

  it('an unknown text search configuration is refused with those that are there', async () => {
    const error = await setting.refuse(
      {
        sql: stamps,
        edit: (plan) =>
          void Object.assign(plan.tables[0] as TableInput, { fullText: { column: 'words', from: ['note'], config: 'klingon' } }),
      },
      'no-text-search',
    );
    assert.match(error.message, /"klingon".*there are .*english.*simple/);
  });
});
