import assert from 'node:assert/strict';
import { describeCase } from '../../helpers/case-setting.ts';

/** Sixteen numbers each, so that the plan takes them for vectors. */
function vector(row: number): Buffer {
  const values = Float32Array.from({ length: 16 }, (_, i) => (i === 15 ? 0.5 : Math.sin(row * 7 + i * 3)));
  return Buffer.from(values.buffer);
}

const rows = 120;
const sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, embedding BLOB)';

describeCase('V06', 'vectors that are odd but not wrong', (setting) => {
  it('are told in the report of the run, without keys, and do not make it a mismatch', () =>
    setting.migrate(
      {
        sql,
        fill(database) {
          const insert = database.prepare('INSERT INTO t VALUES (?, ?)');
          // The last one is the first again, and the one before it is zero.
          for (let id = 1; id < rows - 1; id++) insert.run(id, vector(id));
          insert.run(rows - 1, Buffer.alloc(64));
          insert.run(rows, vector(1));
        },
      },
      (run) => {
        assert.equal(run.column('embedding').type, 'vector(16)');
        const { verification } = run.report;
        assert.equal(verification.status, 'match');
        const [reported] = verification.tables[0]!.vectors!;
        assert.deepEqual([reported!.column, reported!.leftOut], ['embedding', null]);
        const { checks, vectors, norms, healthy } = reported!.health!;
        assert.deepEqual([vectors, healthy, norms!.histogram!.length], [rows, true, 20]);
        assert.deepEqual(
          checks.filter(({ state }) => state !== 'ok').map(({ check, state, count }) => [check, state, count]),
          [
            ['zero', 'warning', 1],
            ['duplicates', 'warning', 2],
          ],
        );
        assert.ok(checks.every(({ examples }) => examples.length === 0));
        assert.match(run.reportText, /## Vector health/);
        assert.match(run.reportText, /2 rows share their vector with another one, in 1 group\./);
        assert.deepEqual(run.result.verification.tables[0]!.vectors, verification.tables[0]!.vectors);
        return Promise.resolve();
      },
    ));
});
