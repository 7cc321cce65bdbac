import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { buildDira, goOn } from '../../samples/dira/build.ts';
import { graphOf } from '../../samples/dira/graph.ts';
import type { RunResult, Verification } from '../../src/core/index.ts';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePostgres, startCluster } from '../helpers/postgres.ts';
import { describeOutcome, parseJson, parseRun, projectRoot, runCli, type CliOutcome } from '../helpers/run-cli.ts';
import { hashesOfTree } from '../helpers/tree-files.ts';

const sample = join(projectRoot, 'samples/dira');

describe('the Dira sample store', () => {
  it('holds what build.ts makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-dira-'));
    try {
      buildDira(join(folder, 'main.session'));
      cpSync(join(sample, 'main.session'), join(folder, 'committed.session'));
      assert.deepEqual(valuesOf(join(folder, 'committed.session')), valuesOf(join(folder, 'main.session')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  /** SQLite's own version is in the file as well. */
  function valuesOf(path: string): unknown {
    const database = new Database(path, { readonly: true });
    try {
      return database.prepare('SELECT hex(key), hex(value) FROM Dict ORDER BY rowid').raw().all();
    } finally {
      database.close();
    }
  }
});

/** A target whose server can be stopped and started again; the embedded one is, by each call of the command line. */
type DiraTarget = CliTarget & { readonly restart: () => Promise<void> };

describeTarget('PostgreSQL', async (context) => {
  await requirePostgres(context);
  const cluster = await startCluster();
  return { ...(await postgresTarget(cluster)), restart: () => cluster.start(), remove: () => cluster.remove() };
});
describeTarget('the embedded target', () => Promise.resolve({ ...embeddedTarget(), restart: () => Promise.resolve() }));

function describeTarget(name: string, open: (context: Mocha.Context) => Promise<DiraTarget>): void {
  describe(`Dira into ${name}`, function () {
    this.timeout(180_000);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-dira-'));
    const store = join(folder, 'dira');
    const plan = join(store, 'dira.sluice.json');
    const runs: string[] = [];
    let target: DiraTarget;
    let untouched: string;

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

    const call = (...args: readonly string[]): Promise<CliOutcome> =>
      runCli([...args, '--target', target.flag], { environment: target.environment });

    async function migrate(): Promise<RunResult & { readonly runId: string }> {
      // The route to an office that is gone is a reject of every run.
      const result = parseRun(await call('run', plan, '--json'), 3);
      assert.deepEqual([result.status, result.verification.status], ['partial', 'match']);
      runs.push(result.runId);
      return result;
    }

    it('carries nodes and edges into six tables, and puts the route to an office that is gone aside', async () => {
      const before = hashesOfTree(store);
      const result = await migrate();
      assert.deepEqual(
        result.tables.map(({ to, rowsRead, rowsWritten, rowsRejected }) => [to, rowsRead, rowsWritten, rowsRejected]),
        [
          ['public.organisations', 6, 6, 0],
          ['public.facilities', 9, 9, 0],
          ['public.reporters', 8, 8, 0],
          ['public.reports', 60, 60, 0],
          ['public.report_routes', 49, 48, 1],
          ['public.related_reports', 18, 18, 0],
        ],
      );
      const route = graphOf().find(({ ends }) => ends?.target === '0de1e7ed-0000-4000-8000-000000000001');
      const { rejects } = parseJson(await call('rejects', result.runId, '--json')) as { rejects: { table: string; provenance: string }[] };
      assert.deepEqual(
        rejects.map(({ table, provenance }) => `${table} ${provenance}`),
        [`public.report_routes record ${route?.id}`],
      );
      assert.deepEqual(hashesOfTree(store), before);
    });

    it('is the graph: reports with their reporters, routes in their order, facilities of their organisations', async () => {
      const graph = graphOf();
      const byId = new Map(graph.map((record) => [record.id, record]));
      const edges = (className: string): readonly { readonly source: string; readonly target: string }[] =>
        graph.flatMap(({ className: own, ends }) => (own === className && ends !== undefined && byId.has(ends.target) ? [ends] : []));
      const text = (id: string, field: string): string => String(byId.get(id)?.fields[field]);
      assert.deepEqual(
        (await target.query(`SELECT r.title || '|' || p.name FROM reports r JOIN reporters p ON p.id = r.reporter_id`)).toSorted(),
        edges('GenericEdge')
          .filter(({ target: report }) => byId.get(report)?.className === 'Report')
          .map(({ source, target: report }) => `${text(report, 'title')}|${text(source, 'name')}`)
          .toSorted(),
      );
      assert.deepEqual(
        (
          await target.query(
            `SELECT r.title || '|' || o.name FROM report_routes t JOIN reports r ON r.id = t.report_id JOIN organisations o ON o.id = t.organisation_id`,
          )
        ).toSorted(),
        edges('routed_to')
          .map(({ source, target: office }) => `${text(source, 'title')}|${text(office, 'name')}`)
          .toSorted(),
      );
      assert.deepEqual(
        (
          await target.query(`SELECT f.name || '|' || o.name FROM facilities f JOIN organisations o ON o.id = f.organisation_id`)
        ).toSorted(),
        edges('has_facility')
          .map(({ source, target: facility }) => `${text(facility, 'name')}|${text(source, 'name')}`)
          .toSorted(),
      );
    });

    it('is still there when the server has been restarted', async () => {
      const everything = `SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM reports r`;
      const before = await target.query(everything);
      await target.restart();
      assert.deepEqual(await target.query(everything), before);
      const verified = await call('verify', runs[0] ?? '', '--json');
      assert.equal((parseJson(verified) as Verification).status, 'match', describeOutcome(verified));
    });

    it('has embeddings with an index, NULL where none was computed, defaults and seed rows', async () => {
      assert.deepEqual(
        await target.query(
          `SELECT count(embedding) || ' ' || min(vector_dims(embedding)) || ' ' || count(*) FROM reports WHERE root_id IS NOT NULL`,
        ),
        ['45 384 60'],
      );
      assert.deepEqual(
        await target.query(
          `SELECT count(*) FROM pg_indexes WHERE tablename = 'reports' AND indexdef LIKE '%USING hnsw (embedding vector_cosine_ops)%'`,
        ),
        ['1'],
      );
      assert.deepEqual(
        await target.query(
          `SELECT count(DISTINCT jsonb_typeof(entities)) || ' ' || count(DISTINCT access) FROM reports WHERE root_id IS NOT NULL`,
        ),
        ['2 1'],
      );
      assert.deepEqual(await target.query(`SELECT name || ' ' || facilities FROM organisations WHERE root_id IS NULL ORDER BY name`), [
        'City Works []',
        'Water Board ["North plant"]',
      ]);
      assert.deepEqual(await target.query(`SELECT status || ' ' || (created_at IS NOT NULL) FROM reports WHERE root_id IS NULL`), [
        'submitted true',
      ]);
    });

    it('a second run takes over only what is new and what has changed', async () => {
      goOn(join(store, 'main.session'));
      const result = await migrate();
      assert.deepEqual(
        result.tables.map(({ to, existing }) => [to, existing?.inserted, existing?.updated, existing?.deleted]),
        [
          ['public.organisations', 0, 0, 0],
          ['public.facilities', 0, 0, 0],
          ['public.reporters', 0, 0, 0],
          ['public.reports', 3, 2, 0],
          ['public.report_routes', 1, 0, 0],
          ['public.related_reports', 0, 0, 0],
        ],
      );
      assert.deepEqual(await target.query(`SELECT count(*) FROM reports WHERE status = 'resolved'`), ['2']);
    });

    it('is verified again, and each run can be taken back', async () => {
      const [one = '', two = ''] = runs;
      const verified = await call('verify', two, '--json');
      assert.equal((parseJson(verified) as Verification).status, 'match', describeOutcome(verified));
      for (const args of [
        ['rollback', two, '--json'],
        ['rollback', one, '--purge', '--json'],
      ]) {
        const outcome = await call(...args);
        assert.equal(outcome.code, 0, describeOutcome(outcome));
      }
      assert.equal(await target.dump(), untouched);
    });
  });
}
