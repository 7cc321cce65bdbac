import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inDuckDb } from '../helpers/duckdb.ts';
import { writeParquetRows, type ParquetFooter } from '../helpers/parquet-rows.ts';
import { requirePostgres, startCluster, type OwnCluster } from '../helpers/postgres.ts';
import { describeOutcome, parseRun, startCli, type CliProcess } from '../helpers/run-cli.ts';

const rows = 200_000;
const rowGroup = 20_480;
/** In SQL that both databases read, and write alike. */
const sums = [
  'count(*)',
  'count(DISTINCT id)',
  ...['id', 'device', 'small', 'amount', 'length(note)'].map((of) => `sum(${of})`),
  'min("at")',
  `max(seen AT TIME ZONE 'UTC')`,
  'max("day")',
];

describe('P12 kill -9 of a run between row groups', function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kill-parquet-'));
  const path = join(folder, 'items.parquet');
  let cluster: OwnCluster;
  let footer: ParquetFooter;

  before(async function () {
    await requirePostgres(this);
    footer = await writeParquetRows(path, 'scalars', rows, rowGroup);
    cluster = await startCluster({ fsync: true });
  });

  after(async () => {
    await cluster?.remove();
    rmSync(folder, { recursive: true });
  });

  it('reads on behind the last committed row; in the end as many rows are there as the footer says, each once and as in the file', async () => {
    assert.ok(footer.rowGroups >= 10, `${footer.rowGroups} row groups`);
    const url = await cluster.createDatabase('killed');
    const watch = new pg.Client({ connectionString: url });
    await watch.connect();
    try {
      for (const least of [1, rows / 3, (rows * 2) / 3]) {
        const before = await checkpoints(watch);
        await killAt(startRun(url, before.length > 0), watch, least);
        await untilAlone(watch);
        const left = await checkpoints(watch);
        const committed = sum(left);
        assert.ok(committed >= least && committed < rows, `killed with ${committed} rows committed`);
        for (const { chunk, rows_read: read } of before)
          assert.ok(Number(left[chunk]?.rows_read) >= Number(read), 'nothing committed is read again');
        // What is committed is in the table, and nothing else is.
        assert.equal(await cluster.psql('SELECT count(*) FROM items', 'killed'), String(committed));
      }
      assert.ok(
        (await checkpoints(watch)).some(({ position, rows_read: read }) => position !== null && Number(read) > rowGroup),
        'the range was left behind its first row group',
      );
    } finally {
      await watch.end();
    }
    const result = parseRun(await startRun(url, true).finished);
    assert.deepEqual([result.status, result.verification.status, result.tables[0]?.rowsWritten], ['done', 'match', footer.rows]);
    assert.equal(await cluster.psql('SELECT count(*) FROM sluice.run', 'killed'), '1');
    const own = sums.join(', ');
    assert.equal((await cluster.psql(`SELECT ${own} FROM items`, 'killed')).replaceAll('|', ' '), await askDuckDb(own));
  });

  function startRun(url: string, resume: boolean): CliProcess {
    const args = ['run', path, '--target', 'env:FAULT_URL', '--json', '--jobs', '1', ...(resume ? ['--resume'] : [])];
    return startCli(args, { environment: { FAULT_URL: url } });
  }

  /** The file, by a reader that shares no code with the run but DuckDB itself. */
  function askDuckDb(select: string): Promise<string> {
    return inDuckDb(null, async (connection) => {
      await connection.run(`SET TimeZone = 'UTC'`);
      const [row = []] = await (await connection.run(`SELECT ${select} FROM '${path}'`)).getRows();
      return row.map(String).join(' ');
    });
  }
});

/** Kills the whole group as soon as `least` rows are committed. */
async function killAt(run: CliProcess, watch: pg.Client, least: number): Promise<void> {
  let ended = false;
  const finished = run.finished.finally(() => (ended = true));
  while (!ended && sum(await checkpoints(watch)) < least) await sleep(5);
  if (!ended) run.killGroup();
  const outcome = await finished;
  assert.equal(outcome.signal, 'SIGKILL', `the run ended before ${least} rows: ${describeOutcome(outcome)}`);
}

/** The server may still be at work for a run that is dead. */
async function untilAlone(watch: pg.Client): Promise<void> {
  const others = 'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
  while ((await watch.query(others)).rowCount !== 0) await sleep(20);
}

interface CheckpointRow {
  readonly chunk: number;
  readonly position: string | null;
  readonly rows_read: string;
}

/** None as long as the run has not made its state tables. */
async function checkpoints(watch: pg.Client): Promise<readonly CheckpointRow[]> {
  const there = await watch.query<{ there: boolean }>(`SELECT to_regclass('sluice.checkpoint') IS NOT NULL AS there`);
  if (there.rows[0]?.there !== true) return [];
  return (await watch.query<CheckpointRow>('SELECT chunk, position, rows_read FROM sluice.checkpoint ORDER BY chunk')).rows;
}

function sum(rows: readonly CheckpointRow[]): number {
  return rows.reduce((total, row) => total + Number(row.rows_read), 0);
}
