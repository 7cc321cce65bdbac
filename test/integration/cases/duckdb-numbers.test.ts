import assert from 'node:assert/strict';
import { describeCase, type CaseStore } from '../../helpers/case-setting.ts';
import { duckDbStore } from '../../helpers/duckdb.ts';

/** A table `t (id, v)` whose `v` holds the SQL expressions with the ids 1, 2, …, among 1,000 good rows `good` of `n` with the ids 1001, 1002, … */
function among(declared: string, values: readonly string[], good: string): CaseStore {
  const rows = values.map((value, i) => `(${i + 1}, ${value})`).join(', ');
  return {
    make: duckDbStore(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, v ${declared}); INSERT INTO t VALUES ${rows};
       INSERT INTO t SELECT 1000 + n, ${good} FROM range(1, 1001) r(n);`,
    ),
  };
}

describeCase('D01', 'HUGEINT', (setting) => {
  it('is numeric, exact to the last digit', () =>
    setting.migrate(
      among('HUGEINT', ['170141183460469231731687303715884105727', '-170141183460469231731687303715884105728', 'NULL'], 'n'),
      async (run) => {
        assert.equal(run.column('v').type, 'numeric(39,0)');
        assert.deepEqual((await run.cells('v')).slice(0, 4), [
          '170141183460469231731687303715884105727',
          '-170141183460469231731687303715884105728',
          null,
          '1',
        ]);
        assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
      },
    ));
});
