import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inDuckDb } from '../../helpers/duckdb.ts';
import { describeOnBothTargets } from '../../helpers/engine.ts';
import { planOfRows, resumeInTheMiddle } from '../../helpers/resume-in-the-middle.ts';

const rows = 400_000;

const plan = planOfRows({ kind: 'parquet', path: 'rows.parquet' });

describeOnBothTargets('P12 a run that ends between row groups', (withBench) => {
  it('is resumed behind the last committed chunk; as many rows as the footers say, none twice', () =>
    withBench('', async (bench) => {
      const path = join(bench.folder, 'rows.parquet');
      const footer = await inDuckDb(null, async (connection) => {
        await connection.run(
          `COPY (SELECT range AS id, 'item ' || range AS name FROM range(${rows})) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 20480)`,
        );
        const [row] = await (await connection.run(`SELECT num_rows, num_row_groups FROM parquet_file_metadata('${path}')`)).getRows();
        return row ?? [];
      });
      assert.ok(Number(footer[1]) >= 10, `${String(footer[1])} row groups`);
      await resumeInTheMiddle(bench, plan, rows);
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), [String(footer[0])]);
      assert.deepEqual(await bench.target.query('SELECT count(DISTINCT id) FROM public.item'), [String(rows)]);
    }));
});
