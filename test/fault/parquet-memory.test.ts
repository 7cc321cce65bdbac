import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelPeakMb } from '../helpers/kernel-peak.ts';
import { writeParquetRows } from '../helpers/parquet-rows.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { parseRun, startCli } from '../helpers/run-cli.ts';

/** The long form, 1 million against 10, is `npm run bench:parquet`. */
const few = 250_000;
const many = 1_000_000;
/** The heaps of a short run are not at their size yet, so that it is more than in the long form. */
const mostGrowth = 1.25;
const limitMb = 400;

describe(`memory of runs of ${few} and ${many} rows of Parquet`, function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-parquet-memory-'));
  let cluster: Cluster;

  before(async function () {
    if (!existsSync('/proc/self/status')) this.skip();
    cluster = await requirePostgres(this);
  });

  after(() => rmSync(folder, { recursive: true }));

  it('is about the same, all threads, as the kernel counts it', async () => {
    const first = await peakOf(few);
    const second = await peakOf(many);
    assert.ok(first > 0 && second <= first * mostGrowth && second <= limitMb, `${first} MB for ${few} rows, ${second} MB for ${many}`);
  });

  async function peakOf(rows: number): Promise<number> {
    const path = join(folder, 'items.parquet');
    await writeParquetRows(path, 'scalars', rows);
    const database = `rows_${rows}_${process.pid}`;
    const environment = { MEMORY_URL: await cluster.createDatabase(database) };
    const run = startCli(['run', path, '--target', 'env:MEMORY_URL', '--json'], { bundle: true, environment });
    const peak = await kernelPeakMb(run);
    const result = parseRun(await run.finished);
    assert.deepEqual([result.status, result.verification.status, result.tables[0]?.rowsWritten], ['done', 'match', rows]);
    await cluster.dropDatabase(database);
    return peak;
  }
});
