import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMigration } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { cancelInTheMiddle } from '../../helpers/cancel-in-the-middle.ts';
import { inDuckDb } from '../../helpers/duckdb.ts';
import { describeOnBothTargets } from '../../helpers/engine.ts';
import { runRequest } from '../../helpers/run-request.ts';

const rows = 400_000;

const plan: PlanInput = {
  version: 1,
  name: 'rows',
  sources: { main: { kind: 'parquet', path: 'rows.parquet' } },
  target: { profile: 'embedded' },
  tables: [
    {
      source: 'main',
      from: 'rows',
      to: 'item',
      columns: [
        { from: 'id', to: 'id', type: 'bigint' },
        { from: 'name', to: 'name', type: 'text' },
      ],
    },
  ],
};

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
      const planPath = join(bench.folder, 'rows.sluice.json');
      writeFileSync(planPath, JSON.stringify(plan));
      const run: typeof bench.run = (own, settings) => runMigration(runRequest(own, planPath, bench.choice, settings), bench.deps);
      const runId = await cancelInTheMiddle({ ...bench, run }, plan);
      const committed = Number((await bench.target.query('SELECT count(*) FROM public.item'))[0]);
      assert.ok(committed < rows, `cancelled too late: ${committed} rows are there`);

      const result = await run(plan, { resume: true });
      assert.deepEqual([result.runId, result.status, result.verification.status], [runId, 'done', 'match']);
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), [String(footer[0])]);
      assert.deepEqual(await bench.target.query('SELECT count(DISTINCT id) FROM public.item'), [String(rows)]);
      assert.equal(result.tables[0]?.rowsWritten, rows);
    }));
});
