/**
 * What indexes of long vectors cost and find, on one throw-away server; prints Markdown tables for docs/vectors.md.
 * `node test/bench/vector-indexes.ts [--rows 10000] [--queries 50]`
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import type { Target } from '../../src/core/target/target.ts';
import { startCluster } from '../helpers/postgres.ts';
import { median } from './measure.ts';
import { vectorSets, type VectorSet } from './vector-sets.ts';

const { values: flags } = parseArgs({
  options: { rows: { type: 'string', default: '10000' }, queries: { type: 'string', default: '50' } },
});
const rows = Number(flags.rows);
const queries = Number(flags.queries);
const k = 10;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Form {
  readonly name: string;
  readonly dimensions: number;
  readonly index: string;
  /** Order of the candidates. */
  readonly order: string;
  readonly oversampling: readonly number[];
}

const cosine = 'v <=> $1::vector';
const forms: readonly Form[] = [
  {
    name: 'vector(1536), plain',
    dimensions: 1536,
    index: 'hnsw (v vector_cosine_ops)',
    order: cosine,
    oversampling: [1],
  },
  {
    name: 'vector(3072), halfvec',
    dimensions: 3072,
    index: 'hnsw ((v::halfvec(3072)) halfvec_cosine_ops)',
    order: 'v::halfvec(3072) <=> $1::halfvec(3072)',
    oversampling: [1, 2, 4],
  },
  {
    name: 'vector(4096), binary',
    dimensions: 4096,
    index: 'hnsw ((binary_quantize(v)::bit(4096)) bit_hamming_ops)',
    order: 'binary_quantize(v)::bit(4096) <~> binary_quantize($1::vector)',
    oversampling: [1, 2, 4, 10, 20, 40],
  },
  {
    name: 'vector(4096), first 1,024',
    dimensions: 4096,
    index: 'hnsw ((subvector(v, 1, 1024)::vector(1024)) vector_cosine_ops)',
    order: 'subvector(v, 1, 1024)::vector(1024) <=> subvector($1::vector, 1, 1024)',
    oversampling: [1, 4, 10, 20],
  },
];

const cluster = await startCluster({ fsync: false, settings: { shared_buffers: '512MB', maintenance_work_mem: '1GB' } });
const alive = setInterval(() => undefined, 1 << 30);
try {
  const target = await openPostgresTarget(parsePostgresUrl(await cluster.createDatabase(), {}), 'bench');
  await target.query('CREATE EXTENSION vector');
  const lines: string[] = [];
  for (const form of forms) for (const set of vectorSets) lines.push(await measure(target, form, set));
  const version = (await target.query("SELECT extversion FROM pg_extension WHERE extname = 'vector'")).rows[0]?.['extversion'];
  process.stdout.write(
    [
      `${rows.toLocaleString('en')} rows, ${queries} queries that are no rows, k = ${k}; ${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GB, PostgreSQL ${await cluster.psql('SHOW server_version')}, pgvector ${String(version)}.`,
      '',
      '| column, index | data | build, s | index, MB | table, MB | exact, ms | recall@10 and ms by oversampling |',
      '|---|---|--:|--:|--:|--:|---|',
      ...lines,
      '',
    ].join('\n'),
  );
  await target.close();
} finally {
  await cluster.remove();
  clearInterval(alive);
}

async function measure(target: Target, form: Form, set: VectorSet): Promise<string> {
  say(`${form.name}, ${set.name}`);
  const next = set.make(form.dimensions);
  await target.query(
    `DROP TABLE IF EXISTS t; CREATE TABLE t (id int, v vector(${form.dimensions})); ALTER TABLE t ALTER v SET STORAGE EXTERNAL`,
  );
  await fill(target, next, form.dimensions);
  const asked = Array.from({ length: queries }, () => `[${next().join(',')}]`);
  await target.query('VACUUM ANALYZE t');
  const truth = await ask(target, asked, `SELECT id FROM t ORDER BY ${cosine} LIMIT ${k}`);
  const start = performance.now();
  await target.query(`CREATE INDEX i ON t USING ${form.index}`);
  const seconds = (performance.now() - start) / 1000;
  const sizes = (await target.query("SELECT pg_relation_size('i') / 1048576.0 AS index, pg_table_size('t') / 1048576.0 AS table")).rows[0];
  await target.query('SET enable_seqscan = off');
  const found: string[] = [];
  for (const factor of form.oversampling) {
    const candidates = k * factor;
    await target.query(`SET hnsw.ef_search = ${Math.max(40, candidates)}`);
    const sql = `SELECT id FROM (SELECT id, v FROM t ORDER BY ${form.order} LIMIT ${candidates}) AS c ORDER BY ${cosine} LIMIT ${k}`;
    const plan = JSON.stringify((await target.query(`EXPLAIN ${sql}`, [asked[0] ?? ''])).rows);
    if (!plan.includes('Index Scan using i')) throw new Error(plan);
    const list = await ask(target, asked, sql);
    const recall = list.ids.reduce((sum, ids, i) => sum + ids.filter((id) => truth.ids[i]?.includes(id)).length / k, 0) / queries;
    found.push(`${factor}×: ${recall.toFixed(3)}, ${list.milliseconds.toFixed(1)}`);
  }
  await target.query('RESET enable_seqscan; RESET hnsw.ef_search');
  const size = (name: string): string => Number(sizes?.[name]).toFixed(1);
  return `| ${form.name} | ${set.name} | ${seconds.toFixed(1)} | ${size('index')} | ${size('table')} | ${truth.milliseconds.toFixed(0)} | ${found.join('; ')} |`;
}

async function ask(target: Target, asked: readonly string[], sql: string): Promise<{ ids: unknown[][]; milliseconds: number }> {
  const ids: unknown[][] = [];
  const times: number[] = [];
  for (const vector of asked) {
    const start = performance.now();
    ids.push((await target.query(sql, [vector])).rows.map((row) => row['id']));
    times.push(performance.now() - start);
  }
  return { ids, milliseconds: median(times) };
}

/** Rows as binary COPY has them. */
async function fill(target: Target, next: () => Float32Array, dimensions: number): Promise<void> {
  const copy = await target.copyIn('COPY t FROM STDIN (FORMAT binary)');
  const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
  await copy.write(header);
  for (let id = 1; id <= rows; id += 1) {
    const tuple = Buffer.alloc(2 + 8 + 4 + 4 + dimensions * 4);
    let at = tuple.writeInt16BE(2, 0);
    at = tuple.writeInt32BE(4, at);
    at = tuple.writeInt32BE(id, at);
    at = tuple.writeInt32BE(4 + dimensions * 4, at);
    at = tuple.writeInt16BE(dimensions, at);
    at = tuple.writeInt16BE(0, at);
    for (const value of next()) at = tuple.writeFloatBE(value, at);
    await copy.write(tuple);
  }
  await copy.write(Buffer.from([0xff, 0xff]));
  await copy.end();
}
