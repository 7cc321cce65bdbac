import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InspectResult, Verification } from '../../src/core/index.ts';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePython, type OracleTable } from '../helpers/oracle.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { describeOutcome, parseFailure, parseJson, parseRun, projectRoot, runCli, type CliOutcome } from '../helpers/run-cli.ts';
import { strictRejects, strictRounded, widgetTdcTables } from '../helpers/widgettdc.ts';

const sample = join(projectRoot, 'samples/widgettdc');
const store = join(sample, 'widget-tdc.db');
const plan = join(sample, 'widgettdc.sluice.json');
const strictPlan = join(sample, 'widgettdc-strict.sluice.json');
const orphanedTable = 'public.memory_relations';

describe('WidgetTDC before a target is chosen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-widgettdc-'));

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('inspect finds the nine tables and what is in them', async () => {
    const outcome = await runCli(['inspect', store, '--json']);
    assert.equal(outcome.code, 0, describeOutcome(outcome));
    const { stores } = parseJson(outcome) as InspectResult;
    assert.deepEqual(
      stores.map(({ kind, tables }) => ({ kind, tables: tables.map(({ name, rows }) => [name, rows]).sort() })),
      [{ kind: 'sqlite', tables: widgetTdcTables.map(({ source, rows }) => [source, rows]).sort() }],
    );
    const column = (table: string, name: string): string | undefined =>
      stores[0]?.tables.find((candidate) => candidate.name === table)?.columns.find((candidate) => candidate.name === name)?.inferred;
    assert.equal(column('memory_entities', 'embedding'), 'vector(384)');
    assert.equal(column('memory_entities', 'metadata'), 'jsonb');
    assert.equal(column('pal_stress_levels', 'measured_at'), 'timestamptz');
  });

  it('plan writes a plan that carries all nine tables', async () => {
    const file = join(folder, 'made.sluice.json');
    const outcome = await runCli(['plan', store, '-o', file, '--json']);
    assert.equal(outcome.code, 0, describeOutcome(outcome));
    const made = parseJson(outcome) as { tables: { from: string; columns: { to: string }[] }[] };
    const committed = JSON.parse(readFileSync(plan, 'utf8').replace(/^\/\/.*$/gm, '')) as typeof made;
    const outline = (tables: typeof made.tables): unknown => tables.map(({ from, columns }) => [from, columns.map(({ to }) => to)]).sort();
    assert.deepEqual(outline(made.tables), outline(committed.tables));
    assert.ok(readFileSync(file, 'utf8').includes('"memory_entities"'));
  });
});

describeTarget('PostgreSQL', async (context) => postgresTarget(await requirePostgres(context)));
describeTarget('the embedded target', () => Promise.resolve(embeddedTarget()));

function describeTarget(name: string, open: (context: Mocha.Context) => Promise<CliTarget>): void {
  describe(`WidgetTDC into ${name}`, function () {
    this.timeout(180_000);
    let target: CliTarget;
    let untouched: string;
    let runId: string;

    before(async function () {
      requirePython(this);
      target = await open(this);
      // Something that is the user's own, so that "as it was before" says more than "empty".
      await target.query(`CREATE TABLE public.mine (id integer PRIMARY KEY, note text)`);
      untouched = await target.dump();
    });

    after(async () => {
      await target?.remove();
    });

    function call(...args: readonly string[]): Promise<CliOutcome> {
      return runCli([...args, '--target', target.flag], { environment: target.environment });
    }

    async function compareAll(tables: readonly OracleTable[]): Promise<void> {
      for (const table of tables) {
        const { sourceRows, targetRows, missing, extra, different, first } = await target.compare(store, table);
        assert.deepEqual({ missing, extra, different, first }, { missing: 0, extra: 0, different: 0, first: [] }, table.source);
        assert.ok(sourceRows > 0 && sourceRows === targetRows, table.source);
      }
    }

    it('the committed plan carries every cell and says match', async () => {
      const result = parseRun(await call('run', plan, '--json'));
      runId = result.runId;
      assert.equal(result.status, 'done');
      assert.equal(result.rejects, 0);
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(
        result.tables.map(({ from, rowsRead, rowsWritten, rowsRejected }) => [from, rowsRead, rowsWritten, rowsRejected]).sort(),
        widgetTdcTables.map(({ source, rows }) => [source, rows, rows, 0]).sort(),
      );
      assert.deepEqual(
        result.verification.tables
          .map(({ table, sourceRows, targetRows, missing, extra, different }) => [table, sourceRows, targetRows, missing, extra, different])
          .sort(),
        widgetTdcTables.map(({ target: label, rows }) => [label, rows, rows, 0, 0, 0]).sort(),
      );
      assert.deepEqual([...new Set(result.warnings.filter(({ code }) => code === 'orphans').map(({ table }) => table))], [orphanedTable]);
    });

    it('a foreign reader finds every cell of the nine tables equal', () => compareAll(widgetTdcTables));

    it('keys, indexes and sequences are there; the key with orphans is not valid', async () => {
      assert.deepEqual(
        await target.query(
          `SELECT conrelid::regclass || ' ' || convalidated FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1`,
        ),
        ['memory_relations false', 'memory_tags true'],
      );
      assert.deepEqual(
        await target.query(
          `SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace AND conrelid <> 'mine'::regclass`,
        ),
        ['9'],
      );
      assert.deepEqual(
        await target.query(
          `SELECT count(*) FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '%USING hnsw (embedding vector_cosine_ops)%'`,
        ),
        ['1'],
      );
      // The store had given out 660 and 125 before the last rows were deleted.
      assert.deepEqual(await target.query(`SELECT nextval(pg_get_serial_sequence('memory_entities', 'id'))`), ['661']);
      assert.deepEqual(await target.query(`SELECT nextval(pg_get_serial_sequence('decisions', 'id'))`), ['126']);
      assert.deepEqual(await target.query(`SELECT count(*) FROM memory_entities WHERE updated_at IS NULL AND id IN (15, 16, 17)`), ['3']);
    });

    it('runs, verify and report tell about the run', async () => {
      const { runs } = parseJson(await call('runs', '--json')) as { runs: { runId: string; status: string }[] };
      assert.deepEqual(
        runs.map(({ runId: id, status }) => [id, status]),
        [[runId, 'done']],
      );
      const verified = await call('verify', runId, '--json');
      assert.equal(verified.code, 0, describeOutcome(verified));
      assert.equal((parseJson(verified) as Verification).status, 'match');
      const report = await call('report', runId, '--format', 'md');
      assert.equal(report.code, 0, describeOutcome(report));
      for (const { source } of widgetTdcTables) assert.ok(report.stdout.includes(source), `${source} is not in the report`);
    });

    it('a second run in mode create refuses and changes nothing', async () => {
      const full = await target.dump();
      const failure = parseFailure(await call('run', plan, '--json'));
      assert.equal(failure.code, 'table-exists');
      assert.match(failure.message, /memory_entities/);
      assert.equal(await target.dump(), full);
    });

    it('rollback --purge leaves the database as it was', async () => {
      const outcome = await call('rollback', runId, '--purge', '--json');
      assert.equal(outcome.code, 0, describeOutcome(outcome));
      assert.equal(await target.dump(), untouched);
    });

    it('the strict plan under stop creates nothing', async () => {
      const failure = parseFailure(await call('run', strictPlan, '--json'));
      assert.match(failure.message, new RegExp(`\\b${strictRejects.length}\\b`));
      assert.equal(await target.dump(), untouched);
    });

    it('the strict plan under quarantine keeps the rows that do not fit apart and lists them', async () => {
      const result = parseRun(await call('run', strictPlan, '--on-reject', 'quarantine', '--json'), 3);
      assert.equal(result.status, 'partial');
      assert.equal(result.rejects, strictRejects.length);
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(
        await target.query(`SELECT table_label || ' ' || provenance || ' ' || column_name FROM sluice.reject ORDER BY reject_id`),
        strictRejects.map((id) => `${orphanedTable} rowid ${id} strength`),
      );
      const report = await call('report', result.runId, '--format', 'md');
      for (const id of strictRejects) assert.match(report.stdout, new RegExp(`rowid ${id}\\b`));
      assert.deepEqual(
        result.losses.filter(({ column }) => column === 'strength').map(({ table, loss, values }) => [table, loss, values]),
        [[orphanedTable, 'rounded', strictRounded.length]],
      );
      const strict = (table: OracleTable): OracleTable =>
        table.target !== orphanedTable
          ? table
          : { ...table, columns: { ...table.columns, strength: 'cents' }, where: `id NOT IN (${strictRejects.join(', ')})` };
      await compareAll(widgetTdcTables.map(strict));
      assert.equal((await call('rollback', result.runId, '--purge')).code, 0);
      assert.equal(await target.dump(), untouched);
    });

    it('after a roll back the committed plan runs again', async () => {
      const result = parseRun(await call('run', plan, '--json'));
      assert.equal(result.verification.status, 'match');
    });
  });
}
