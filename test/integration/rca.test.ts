import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRca } from '../../samples/rca/build.ts';
import type { Verification } from '../../src/core/index.ts';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { inDuckDb } from '../helpers/duckdb.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { describeOutcome, parseJson, parseRun, projectRoot, runCli, type CliOutcome } from '../helpers/run-cli.ts';
import { hashesOfTree } from '../helpers/tree-files.ts';

const sample = join(projectRoot, 'samples/rca');

/** Table of the target, and its rows in the store. */
const tables: readonly (readonly [string, number])[] = [
  ['entities', 4],
  ['tables', 5],
  ['metrics', 4],
  ['rules', 6],
  ['lineage_edges', 5],
  ['business_labels', 4],
  ['time_rules', 3],
  ['identity_mappings', 2],
  ['exceptions', 2],
  ['knowledge_terms', 6],
  ['knowledge_relationships', 5],
  ['knowledge_table_mappings', 2],
  ['scf', 840],
  ['outstanding_daily', 800],
];
const facts = ['scf', 'outstanding_daily'];

describe('the RCA sample store', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-rca-'));

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what build.ts makes', async () => {
    await buildRca(folder);
    const withoutParquet = (root: string): readonly string[] =>
      ['metadata', 'data'].flatMap((part) => hashesOfTree(join(root, part))).filter((line) => !line.includes('.parquet'));
    assert.deepEqual(withoutParquet(sample), withoutParquet(folder));
    assert.deepEqual(await outstanding(sample), await outstanding(folder));
  });
});

describeTarget('PostgreSQL', async (context) => postgresTarget(await requirePostgres(context)));
describeTarget('the embedded target', () => Promise.resolve(embeddedTarget()));

function describeTarget(name: string, open: (context: Mocha.Context) => Promise<CliTarget>): void {
  describe(`RCA into ${name}`, function () {
    this.timeout(180_000);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-rca-'));
    const store = join(folder, 'rca');
    const plan = join(store, 'rca.sluice.json');
    let target: CliTarget;
    let untouched: string;
    let runId: string;

    before(async function () {
      cpSync(sample, store, { recursive: true });
      target = await open(this);
      await target.query('CREATE TABLE public.mine (id integer PRIMARY KEY, note text)');
      untouched = await target.dump();
    });
    after(async () => {
      await target?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    function call(...args: readonly string[]): Promise<CliOutcome> {
      return runCli([...args, '--target', target.flag], { environment: target.environment });
    }

    it('carries the rows of three kinds of stores and says match', async () => {
      const before = hashesOfTree(store);
      const result = parseRun(await call('run', plan, '--json'));
      runId = result.runId;
      assert.deepEqual([result.status, result.rejects, result.verification.status], ['done', 0, 'match']);
      assert.deepEqual(
        result.tables.map(({ to, rowsRead, rowsWritten }) => [to, rowsRead, rowsWritten]).sort(),
        tables.map(([table, rows]) => [`rca.${table}`, rows, rows]).sort(),
      );
      assert.deepEqual(hashesOfTree(store), before);
    });

    it('lists the rule that names an unknown metric by file and pointer, and leaves its key NOT VALID', async () => {
      const { orphans } = parseJson(await call('rejects', runId, '--json')) as {
        orphans: { table: string; total: number; rows: { place: string | null; values: string[] | null }[] }[];
      };
      assert.deepEqual(
        orphans.map(({ table, total }) => [table, total]),
        [['rca.rules', 1]],
      );
      assert.match(JSON.stringify(orphans), /rules\.json#\/rules\/5/);
      assert.match(JSON.stringify(orphans), /profit_margin/);
      const report = await call('report', runId, '--format', 'md');
      assert.match(report.stdout, /rules\.json\\?#\/rules\/5 .*profit_margin/, describeOutcome(report));
      assert.deepEqual(
        await target.query(
          `SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace = 'rca'::regnamespace AND NOT convalidated ORDER BY 1`,
        ),
        ['rules_metric_id_fkey'],
      );
    });

    it('is what JSON.parse reads of the metadata', async () => {
      const read = (file: string): Record<string, unknown> =>
        JSON.parse(readFileSync(join(store, 'metadata', `${file}.json`), 'utf8').replace(/^\uFEFF/, '')) as Record<string, unknown>;
      const { rules } = read('rules') as { rules: { id: string; metric: string; computation: object }[] };
      for (const { id, metric, computation } of rules) {
        const same = `SELECT metric_id = '${metric}' AND computation = '${JSON.stringify(computation)}'::jsonb FROM rca.rules WHERE id = '${id}'`;
        assert.match((await target.query(same))[0] ?? '', /^t/, id);
      }
      const { terms } = read('knowledge_base') as { terms: Record<string, { definition: string }> };
      assert.deepEqual(
        (await target.query(`SELECT term || '|' || definition FROM rca.knowledge_terms`)).toSorted(),
        Object.entries(terms)
          .map(([term, { definition }]) => `${term}|${definition}`)
          .toSorted(),
      );
      const { edges } = read('lineage') as { edges: { from: string; to: string }[] };
      assert.deepEqual(
        await target.query(`SELECT position || from_table || to_table FROM rca.lineage_edges ORDER BY position`),
        edges.map(({ from, to }, i) => `${i}${from}${to}`),
      );
    });

    it('is what DuckDB reads of the facts: both versions of the CSV as one table, by system in partitions', async () => {
      const csv = (version: string): string => `read_csv('${store}/data/scf_${version}.csv', header = true, all_varchar = true)`;
      const number = (column: string): string => `CASE WHEN ${column} IN ('NA', '-') THEN NULL ELSE ${column}::DECIMAL(18,2) END`;
      const expected = await ask(
        `SELECT system || ' ' || count(*) || ' ' || sum(${number('outstanding')}) || ' ' || coalesce(sum(${number('leakage')})::VARCHAR, '-')
           FROM (SELECT account_id, system, outstanding, NULL AS leakage FROM ${csv('v1')} UNION ALL SELECT account_id, system, outstanding, leakage FROM ${csv('v2')}) GROUP BY system ORDER BY system`,
      );
      const found = await target.query(
        `SELECT system || ' ' || count(*) || ' ' || sum(outstanding) || ' ' || coalesce(sum(leakage)::text, '-') FROM rca.scf GROUP BY system, tableoid ORDER BY system`,
      );
      assert.deepEqual(found, expected);
      const [sums] = await outstanding(store);
      assert.deepEqual(
        await target.query(
          `SELECT count(*) || ' ' || sum(outstanding) || ' ' || min(business_date) || ' ' || max(business_date) || ' ' || count(outstanding) FROM rca.outstanding_daily`,
        ),
        [sums],
      );
    });

    it('made the empty tables of the engine, which can be used', async () => {
      assert.deepEqual(
        await target.query(
          `SELECT count(*) FROM pg_class WHERE relnamespace = 'rca'::regnamespace AND relkind = 'r' AND NOT relispartition`,
        ),
        ['24'],
      );
      await target.query(`INSERT INTO rca.rca_queries (question) VALUES ('why?')`);
      assert.deepEqual(await target.query(`DELETE FROM rca.rca_queries RETURNING status`), ['open']);
      assert.deepEqual(
        await target.query(`SELECT term FROM rca.knowledge_terms WHERE search @@ to_tsquery('english', 'loss | paying') ORDER BY 1`),
        ['exposure', 'provision'],
      );
    });

    it('verify says match, and a roll back leaves the database as it was', async () => {
      const verified = await call('verify', runId, '--json');
      assert.equal((parseJson(verified) as Verification).status, 'match', describeOutcome(verified));
      const outcome = await call('rollback', runId, '--purge', '--json');
      assert.equal(outcome.code, 0, describeOutcome(outcome));
      assert.equal(await target.dump(), untouched);
    });

    it('runs in phases: the metadata first, the facts later, with the stores of each phase alone', async () => {
      const metadata = tables.map(([table]) => table).filter((table) => !facts.includes(table));
      const first = parseRun(await call('run', plan, '--tables', metadata.map((table) => `rca.${table}`).join(','), '--json'));
      assert.deepEqual([first.verification.status, Object.keys(first.sources)], ['match', ['metadata']]);
      const second = parseRun(await call('run', plan, '--tables', facts.map((table) => `rca.${table}`).join(','), '--json'));
      assert.deepEqual([second.verification.status, Object.keys(second.sources).sort()], ['match', ['outstanding', 'scf']]);
      assert.deepEqual(await target.query('SELECT (SELECT count(*) FROM rca.rules) + (SELECT count(*) FROM rca.scf)'), ['846']);
    });
  });
}

function outstanding(folder: string): Promise<readonly string[]> {
  const sums = `count(*) || ' ' || sum(outstanding) || ' ' || min(business_date) || ' ' || max(business_date) || ' ' || count(outstanding)`;
  return ask(`SELECT ${sums} FROM read_parquet('${folder}/data/outstanding_daily.parquet')`);
}

/** First column of every row. */
function ask(sql: string): Promise<readonly string[]> {
  return inDuckDb(null, async (connection) => (await connection.runAndReadAll(sql)).getRows().map(([first]) => String(first)));
}
