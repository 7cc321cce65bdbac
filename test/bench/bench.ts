/**
 * Sluice, `psql \copy` and pgloader in turns on one machine, one server and one seeded store; prints a Markdown table.
 * `node test/bench/bench.ts [--rows 0.02] [--rounds 3] [--cli dist/sluice.js] [--without sluice,pgloader]`
 * Only the ratios within one run mean something; the seconds are this machine's.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from '../helpers/postgres.ts';
import { benchStore } from './bench-store.ts';
import { runCopy, runPgloader, runSluice } from './contenders.ts';
import { markdownReport, type Round } from './markdown-report.ts';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    cli: { type: 'string' },
    without: { type: 'string', default: '' },
  },
});
const without = new Set(flags.without.split(','));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const scale = Number(flags.rows);
if (!(scale > 0)) throw new Error('--rows takes a factor such as 0.02');
const cli = without.has('sluice') ? null : (flags.cli ?? join(import.meta.dirname, '../../dist/sluice.js'));
if (cli !== null && !existsSync(cli)) throw new Error(`${cli} is not there; \`npm run build\` makes it`);
const withPgloader = !without.has('pgloader') && spawnSync('pgloader', ['--version']).status === 0;
const store = benchStore(scale, say);
const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
chmodSync(scratch, 0o755);
const cluster = await startCluster({ fsync: true });
// The server is not waited for by itself: something has to keep this process until it is gone.
const alive = setInterval(() => undefined, 1 << 30);
try {
  const rounds: Round[] = [];
  for (let round = 1; round <= Number(flags.rounds); round++) {
    say(`round ${round} of ${flags.rounds}`);
    rounds.push(await playRound());
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${await cluster.psql('SHOW server_version')}`;
  process.stdout.write(markdownReport(store.tables, rounds, machine));
} finally {
  await cluster.remove();
  rmSync(scratch, { recursive: true, force: true });
  clearInterval(alive);
}

async function playRound(): Promise<Round> {
  const sluiceScalars = cli === null ? null : await turn('sluice, scalars', () => runSluice(cli, cluster, store, 'scalars'));
  const copyScalars = await turn('psql \\copy, scalars', () => runCopy(cluster, store, 'scalars'));
  const pgloader = withPgloader ? await turn('pgloader, scalars', () => runPgloader(cluster, store, scratch)) : null;
  const sluiceVectors = cli === null ? null : await turn('sluice, vectors', () => runSluice(cli, cluster, store, 'vectors'));
  const copyVectors = await turn('psql \\copy, vectors', () => runCopy(cluster, store, 'vectors'));
  return { sluiceScalars, sluiceVectors, copyScalars, copyVectors, pgloader };
}

/** Each turn starts with nothing left to write for the server. */
async function turn<T>(name: string, work: () => Promise<T>): Promise<T> {
  await cluster.psql('CHECKPOINT');
  const start = performance.now();
  const outcome = await work();
  say(`  ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s with set-up`);
  return outcome;
}
