import assert from 'node:assert/strict';
import { describeCase } from '../../helpers/case-setting.ts';

describeCase('S29', 'CHECK constraints', (setting) => {
  const sql = `
    CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER CHECK (v BETWEEN 0 AND 10), code TEXT CONSTRAINT shape CHECK (code GLOB '[A-Z][A-Z]-[0-9]*' OR code IS NULL),
      doc JSON CHECK (json_valid(doc)), state TEXT CHECK (state IN ('open', 'shut') COLLATE BINARY AND length(state) < 5), a INT, b INT,
      at TEXT CHECK (date(at) IS NOT NULL), kind TEXT CHECK (typeof(kind) = 'text'), CONSTRAINT "order" CHECK (a < b OR b IS NULL));`;
  const rows = `INSERT INTO t VALUES (1, 0, 'AB-1', '{}', 'open', 1, 2, '2024-01-01', 'x'), (2, NULL, NULL, NULL, NULL, NULL, NULL, '2024-02-02', 'y');`;

  it('are carried over where both databases understand them alike', () =>
    setting.migrate({ sql: `${sql}${rows}` }, async (run) => {
      const insert = async (values: string, expected: RegExp | null): Promise<void> => {
        await run.attempt(async (session) => {
          const work = session.query(`INSERT INTO ${run.name('t')} (v, code, state, a, b, at, kind) VALUES (${values})`);
          await (expected === null ? work : assert.rejects(work, expected));
        });
      };
      await insert(`11, NULL, NULL, NULL, NULL, '2024-01-01', 'z'`, /t_check/);
      await insert(`-1, NULL, NULL, NULL, NULL, '2024-01-01', 'z'`, /t_check/);
      await insert(`5, 'ab-1', NULL, NULL, NULL, '2024-01-01', 'z'`, /shape/);
      await insert(`5, 'AB-', NULL, NULL, NULL, '2024-01-01', 'z'`, /shape/);
      await insert(`5, 'XY-99', 'lost', NULL, NULL, '2024-01-01', 'z'`, /check/);
      await insert(`5, NULL, NULL, 3, 2, '2024-01-01', 'z'`, /order/);
      await insert(`5, NULL, NULL, NULL, NULL, '2024-01-01', NULL`, /check/);
      await insert(`10, 'XY-99', 'shut', 2, 3, '2024-01-01', 'z'`, null);
      const dropped = run.planned.warnings.filter(({ code }) => code === 'dropped-check').map(({ message }) => message);
      assert.deepEqual(dropped, ['CHECK (date(at) IS NOT NULL) is not carried over: date(at) has no safe counterpart.']);
      assert.match(run.planned.plan.notes?.join('\n') ?? '', /CHECK \(json_valid\(doc\)\) is left out, because the types/);
      assert.match(run.reportText, /CHECK \(date\(at\) IS NOT NULL\) is not carried over/);
    }));

  it('a row that breaks one is rejected with the constraint named, and its neighbours are loaded', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER CONSTRAINT positive CHECK (v > 0));
          PRAGMA ignore_check_constraints = on; INSERT INTO t VALUES (1, 1), (2, -5), (3, NULL), (4, 0), (5, 7);`,
      },
      async (run) => {
        assert.deepEqual(await run.cells('id'), ['1', '3', '5']);
        assert.deepEqual(
          run.rejects.map(({ provenance, code }) => [provenance, code]),
          [
            ['rowid 2', 'server-refused'],
            ['rowid 4', 'server-refused'],
          ],
        );
        for (const { message } of run.rejects) assert.match(message, /positive/);
        assert.equal(run.result.status, 'partial');
        assert.deepEqual(run.plan.tables[0]?.checks, [{ name: 'positive', expression: '("v" > 0)', from: 'v > 0' }]);
        const [announced] = run.result.preflight?.findings.filter(({ code }) => code === 'check-broken') ?? [];
        assert.deepEqual([announced?.severity, announced?.context['rows']], ['warning', 2]);
        assert.deepEqual(
          run.planned.warnings.filter(({ code }) => code === 'broken-check').map(({ message }) => message),
          ['2 rows break CHECK (v > 0); PostgreSQL will refuse them.'],
        );
      },
    ));
});
