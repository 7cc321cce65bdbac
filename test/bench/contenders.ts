import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../helpers/postgres.ts';
import type { BenchStore, BenchTable } from './bench-store.ts';
import { measure, type Measured } from './measure.ts';

export type Group = BenchTable['group'];

export interface SluiceSeconds {
  readonly plan: number;
  readonly preData: number;
  readonly data: number;
  readonly postData: number;
  readonly verify: number;
  readonly total: number;
}

export interface SluiceOutcome {
  readonly seconds: SluiceSeconds;
  /** Wall time of the whole command, the start of Node included. */
  readonly wall: number;
  /** As the engine reports it. */
  readonly engineRssMb: number;
  readonly peakRssMb: number | null;
}

export interface LoadOutcome {
  readonly seconds: number;
  readonly peakRssMb: number | null;
}

/** One `sluice run` from the store alone: it plans (with a full profile), loads, builds keys and indexes, and proves. */
export async function runSluice(cli: string, cluster: Cluster, store: BenchStore, group: Group): Promise<SluiceOutcome> {
  const tables = tablesOf(store, group);
  const url = await cluster.createDatabase(`sluice_${group}`);
  const names = tables.map((table) => table.name).join(',');
  const ran = await measure(
    [process.execPath, cli, 'run', store.store, '--target', 'env:BENCH_URL', '--tables', names, '--json', '--progress', 'none'],
    { BENCH_URL: url },
  );
  if (ran.exitCode !== 0) throw new Error(`sluice ended with ${ran.exitCode}:\n${ran.stderr}${ran.stdout.slice(0, 2000)}`);
  const result = JSON.parse(ran.stdout) as { seconds: SluiceSeconds; peakRssMb: number; verification: { status: string } };
  if (result.verification.status !== 'match') throw new Error(`sluice's verification says ${result.verification.status}`);
  await checkRows(cluster, `sluice_${group}`, tables);
  await cluster.dropDatabase(`sluice_${group}`);
  return { seconds: result.seconds, wall: ran.seconds, engineRssMb: result.peakRssMb, peakRssMb: ran.peakRssMb };
}

/** `psql \copy` of the pre-exported text into the same tables without keys or indexes, one table after the other. */
export async function runCopy(cluster: Cluster, store: BenchStore, group: Group): Promise<LoadOutcome> {
  const tables = tablesOf(store, group);
  const database = `copy_${group}`;
  const url = await cluster.createDatabase(database);
  const create = tables.map((table) => `CREATE TABLE ${table.name} (${table.postgres})`).join(';');
  await cluster.psql(`CREATE EXTENSION vector; ${create}`, database);
  let seconds = 0;
  let peakRssMb: number | null = null;
  for (const table of tables) {
    const ran = succeed(
      'psql',
      await measure([
        join(cluster.bin, 'psql'),
        '-X',
        '-q',
        '-v',
        'ON_ERROR_STOP=1',
        '-d',
        url,
        '-c',
        `\\copy ${table.name} FROM '${store.exportOf(table)}'`,
      ]),
    );
    seconds += ran.seconds;
    if (ran.peakRssMb !== null) peakRssMb = Math.max(peakRssMb ?? 0, ran.peakRssMb);
  }
  await checkRows(cluster, database, tables);
  await cluster.dropDatabase(database);
  return { seconds, peakRssMb };
}

/** pgloader straight from the SQLite file, as its manual shows it. It has no way to turn blobs into vectors: scalars only. */
export async function runPgloader(cluster: Cluster, store: BenchStore, scratch: string): Promise<LoadOutcome> {
  const tables = tablesOf(store, 'scalars');
  const url = await cluster.createDatabase('pgloader');
  const script = join(scratch, 'bench.load');
  const names = tables.map((table) => `'${table.name}'`).join(', ');
  writeFileSync(
    script,
    `LOAD DATABASE FROM sqlite://${store.store} INTO ${url}
     WITH include drop, create tables, create indexes, foreign keys, reset sequences
     INCLUDING ONLY TABLE NAMES LIKE ${names};\n`,
  );
  const ran = succeed('pgloader', await measure(['pgloader', '--root-dir', join(scratch, 'pgloader'), script]));
  await checkRows(cluster, 'pgloader', tables);
  await cluster.dropDatabase('pgloader');
  return { seconds: ran.seconds, peakRssMb: ran.peakRssMb };
}

function tablesOf(store: BenchStore, group: Group): readonly BenchTable[] {
  return store.tables.filter((table) => table.group === group);
}

function succeed(name: string, ran: Measured): Measured {
  if (ran.exitCode !== 0) throw new Error(`${name} ended with ${ran.exitCode}:\n${ran.stderr}${ran.stdout}`);
  return ran;
}

/** A contender that lost rows did not do the work it is measured by. */
async function checkRows(cluster: Cluster, database: string, tables: readonly BenchTable[]): Promise<void> {
  for (const table of tables) {
    const rows = await cluster.psql(`SELECT count(*) FROM ${table.name}`, database);
    if (Number(rows) !== table.rows) throw new Error(`${database}.${table.name} has ${rows} rows instead of ${table.rows}`);
  }
}
