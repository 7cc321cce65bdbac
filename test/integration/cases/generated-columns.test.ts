import assert from 'node:assert/strict';
import { columnOf, describeCase } from '../../helpers/case-setting.ts';

const warned = (warnings: readonly { readonly code: string; readonly message: string }[], code: string): readonly string[] =>
  warnings.filter((warning) => warning.code === code).map(({ message }) => message);

describeCase('S20', 'generated columns', (setting) => {
  const sql = `
    CREATE TABLE t (id INTEGER PRIMARY KEY, price REAL, n INTEGER, first TEXT, last TEXT, doc JSON,
      twice INTEGER GENERATED ALWAYS AS (n * 2) STORED,
      total REAL AS (price * n),
      whole TEXT AS (first || ' ' || coalesce(last, '?')) VIRTUAL,
      initial TEXT AS (upper(substr(first, 1, 1))) STORED,
      half INTEGER AS (n / 2),
      many BOOLEAN AS (n > 10),
      flag INTEGER AS (n % 2 = 0),
      kind TEXT AS (CASE WHEN n > 10 THEN 'many' WHEN n IS NULL THEN 'none' ELSE 'few' END),
      city TEXT AS (json_extract(doc, '$.city')) VIRTUAL,
      age INT AS (doc ->> '$.age'));
    INSERT INTO t (id, price, n, first, last, doc) VALUES
      (1, 0.1, 3, 'ada', 'Lovelace', '{"city":"London","age":36}'), (2, 1e300, -7, 'élan', NULL, '{"city":null}'), (3, NULL, NULL, NULL, NULL, NULL),
      (4, -0.0, 11, '', 'x', '{"age":7}');`;

  it('both kinds become STORED where the expression means the same; every value is compared', () =>
    setting.migrate({ sql }, async (run) => {
      const generated = run.plan.tables[0]?.columns
        ?.filter(({ generated: expression }) => (expression ?? null) !== null)
        .map(({ to }) => to);
      assert.deepEqual(generated, ['twice', 'total', 'whole', 'initial', 'half', 'many', 'flag', 'kind', 'city', 'age']);
      assert.deepEqual(
        await run.query(
          `SELECT twice::text, total::text, whole, initial, half::text, many, flag::text, kind, city, age::text FROM ${run.name('t')} ORDER BY id`,
        ),
        [
          ['6', '0.30000000000000004', 'ada Lovelace', 'A', '1', false, '0', 'few', 'London', '36'],
          ['-14', '-7e+300', 'élan ?', 'é', '-3', false, '0', 'few', null, null],
          [null, null, null, null, null, null, null, 'none', null, null],
          ['22', '0', ' x', '', '5', true, '0', 'many', null, '7'],
        ],
      );
      await run.attempt(async (session) => {
        const { rows } = await session.query(`INSERT INTO ${run.name('t')} (n, first) VALUES (21, 'new') RETURNING twice::text, whole`);
        assert.deepEqual(rows, [{ twice: '42', whole: 'new ?' }]);
        await assert.rejects(session.query(`UPDATE ${run.name('t')} SET twice = 1`), /generated/);
      });
      for (const { table } of run.result.verification.tables) assert.match(table, /\.t$/);
      const aggregates = run.result.verification.tables[0]?.aggregates.filter(({ column }) => column === 'twice');
      assert.ok(
        aggregates !== undefined && aggregates.length > 0 && aggregates.every(({ equal }) => equal),
        'computed columns are compared',
      );
      assert.match(run.planned.plan.notes?.join('\n') ?? '', /twice is generated \(n \* 2; stored\) and PostgreSQL computes it as/);
      assert.match(run.reportText, /whole is generated/);
    }));

  it('what PostgreSQL would compute otherwise is copied as plain values, and said', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, d DECIMAL(10,2), n INTEGER AS (id + 1),
            day TEXT AS (date(a)), triple NUMERIC AS (d * 3), next INTEGER AS (n + 1), r REAL AS (round(id / 3.0, 2)), w TEXT AS (printf('%05d', id)));
          INSERT INTO t (id, a, d) VALUES (1, '2024-01-02 03:04:05', 0.1), (2, 'x', 12.34);`,
      },
      async (run) => {
        for (const name of ['day', 'triple', 'next', 'r', 'w']) assert.equal(run.column(name).generated ?? null, null, name);
        assert.deepEqual(await run.cells('w'), ['00001', '00002']);
        assert.deepEqual(await run.cells('triple'), ['0.30000000000000004', '37.019999999999996']);
        const said = warned(run.planned.warnings, 'generated-as-values');
        assert.equal(said.length, 5);
        for (const message of said) assert.match(message, /values are copied and PostgreSQL does not compute it: \w/);
        assert.match(run.reportText, /Column w is generated \(printf/);
      },
    ));

  it('an expression that computes something else is found by the verification', async () => {
    const store = {
      sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, twice INTEGER AS (n * 2)); INSERT INTO t (n) VALUES (1), (2)`,
    };
    const edit = (plan: Parameters<typeof columnOf>[0]): void =>
      void (columnOf(plan, 'twice').generated = '"n" * 2 + CASE WHEN "n" = 2 THEN 1 ELSE 0 END');
    await assert.rejects(setting.migrate({ ...store, edit }), /"differentByColumn": \{\n\s*"twice": 1/);
  });
});
