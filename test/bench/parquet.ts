/**
 * Parquet files of different sizes, loaded by the real command line into a throw-away PostgreSQL; prints a Markdown table.
 * `node test/bench/parquet.ts [--rows 1000000,10000000] [--form scalars|lists] [--cli dist/sluice.js]`
 * Ends with 1 when the engine's memory for any size is more than 15 % above that for the first.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeParquetRows, type ParquetForm } from '../helpers/parquet-rows.ts';
import { startCluster } from '../helpers/postgres.ts';
import type { SluiceSeconds } from './contenders.ts';
import { measure } from './measure.ts';

interface Load {
  readonly rows: number;
  readonly fileMb: number;
  readonly peakRssMb: number;
  readonly seconds: SluiceSeconds;
}

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000,10000000' },
    form: { type: 'string', default: 'scalars' },
    cli: { type: 'string', default: join(import.meta.dirname, '../../dist/sluice.js') },
  },
});
const mostGrowth = 1.15;
const form = flags.form as ParquetForm;
const sizes = flags.rows.split(',').map(Number);
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-parquet-'));
// Memory and the engine's own speed are measured, not the disk.
const cluster = await startCluster();
// The server is not waited for by itself: something has to keep this process until it is gone.
const alive = setInterval(() => undefined, 1 << 30);
try {
  const loads: Load[] = [];
  for (const rows of sizes) {
    process.stderr.write(`${rows.toLocaleString('en')} rows\n`);
    loads.push(await load(rows));
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${await cluster.psql('SHOW server_version')}`;
  process.stdout.write(`Form: ${form}. ${machine}, fsync off.\n\n${table(loads)}\n`);
  const first = loads[0]?.peakRssMb ?? 0;
  if (loads.some(({ peakRssMb }) => peakRssMb > first * mostGrowth)) {
    process.stderr.write('memory grows with the number of rows\n');
    process.exitCode = 1;
  }
} finally {
  await cluster.remove();
  rmSync(folder, { recursive: true, force: true });
  clearInterval(alive);
}

/** One `sluice run` from the file alone; what is left of it is removed. */
async function load(rows: number): Promise<Load> {
  const path = join(folder, 'items.parquet');
  const footer = await writeParquetRows(path, form, rows);
  const database = `rows_${rows}`;
  const url = await cluster.createDatabase(database);
  const args = ['run', path, '--target', 'env:BENCH_URL', '--json', '--progress', 'none'];
  const ran = await measure([process.execPath, flags.cli, ...args], { BENCH_URL: url });
  if (ran.exitCode !== 0) throw new Error(`sluice ended with ${ran.exitCode}:\n${ran.stderr}${ran.stdout.slice(0, 2000)}`);
  const result = JSON.parse(ran.stdout) as { seconds: SluiceSeconds; peakRssMb: number; verification: { status: string } };
  const stored = Number(await cluster.psql('SELECT count(*) FROM items', database));
  if (result.verification.status !== 'match' || stored !== footer.rows || stored !== rows)
    throw new Error(`${stored} rows are stored, the footer says ${footer.rows}; verification: ${result.verification.status}`);
  await cluster.dropDatabase(database);
  return { rows, fileMb: statSync(path).size / 2 ** 20, peakRssMb: ran.peakRssMb ?? result.peakRssMb, seconds: result.seconds };
}

function table(loads: readonly Load[]): string {
  const lines = loads.map(({ rows, fileMb, peakRssMb, seconds: { plan, data, verify, total } }) => {
    const times = [plan, data, verify, total].map((seconds) => seconds.toFixed(1)).join(' | ');
    const perSecond = Math.round(rows / data).toLocaleString('en');
    const growth = (peakRssMb / (loads[0]?.peakRssMb ?? peakRssMb)).toFixed(2);
    return `| ${rows.toLocaleString('en')} | ${fileMb.toFixed(0)} | ${times} | ${perSecond} | ${peakRssMb.toFixed(0)} | ${growth} |`;
  });
  return [
    '| rows | file, MB | plan, s | data, s | verify, s | total, s | rows/s in data | peak RSS, MB | of the first |',
    '|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...lines,
  ].join('\n');
}
