import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { buildFaultStore, faultTables } from '../helpers/fault-store.ts';
import { requirePython } from '../helpers/oracle.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { describeOutcome, parseJson, parseRun, runCli, startCli } from '../helpers/run-cli.ts';

const rows = 40_000;

/** Rows that the store has as well, with other values, and in `replace` some that it has not. */
const existing = [
  `CREATE TABLE public.devices (id bigint PRIMARY KEY, name text NOT NULL, owner text DEFAULT 'nobody')`,
  `CREATE TABLE public.readings (extra text DEFAULT 'new', id bigint PRIMARY KEY, device_id bigint NOT NULL REFERENCES public.devices ON DELETE CASCADE,
     ratio float8, count bigint, at timestamptz, note text)`,
  `INSERT INTO public.devices SELECT i, 'old ' || i, 'me' FROM generate_series(1, 900) AS i`,
  `INSERT INTO public.readings SELECT 'mine', i * 2, 1 + i % 900, i / 3.0, i, '2001-01-01', 'old' FROM generate_series(1, 20000) AS i`,
  'CREATE VIEW public.mine AS SELECT id, note FROM public.readings',
];
const state = ['devices', 'readings', 'mine'].map((table) => `SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM public.${table} AS t`);

describe('kill -9 of runs into tables that exist', function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kill-'));
  const store = join(folder, 'readings.db');

  before(function () {
    requirePython(this);
    buildFaultStore(store, rows);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const mode of ['upsert', 'replace', 'sync']) {
    it(`S45 ${mode} (PostgreSQL): resumed to exact rows, the view intact, and rolled back to what was there`, async function () {
      const cluster = await requirePostgres(this);
      this.timeout(240_000);
      await killAndResume(await postgresTarget(cluster), mode);
    });

    it(`S45 ${mode} (embedded): resumed to exact rows, the view intact, and rolled back to what was there`, () =>
      killAndResume(embeddedTarget(), mode));
  }

  async function killAndResume(target: CliTarget, mode: string): Promise<void> {
    const { environment } = target;
    try {
      for (const sql of existing) await target.query(sql);
      const before = await fingerprint(target);
      const words = [
        'run',
        store,
        '--mode',
        mode,
        '--tables',
        'devices,readings',
        '--target',
        target.flag,
        '--json',
        '--progress',
        'ndjson',
      ];
      const run = startCli([...words, '--jobs', '1'], {
        environment,
        onEvent: (event) => {
          if (event.type === 'table' && event.state === 'rows' && event.table === 'public.readings') run.killGroup();
        },
      });
      const killed = await run.finished;
      assert.equal(killed.signal, 'SIGKILL', describeOutcome(killed));
      const committed = Number(
        (await target.query(`SELECT sum(rows_written) FROM sluice.checkpoint WHERE table_label = 'public.readings'`))[0],
      );
      assert.ok(committed > 0 && committed < rows * 0.6, `not in the middle: ${committed}`);

      const result = parseRun(await runCli([...words, '--resume'], { environment }));
      assert.deepEqual([result.status, result.verification.status], ['done', 'match']);
      assert.equal(result.tables.find(({ to }) => to === 'public.readings')?.rowsWritten, rows * 0.6);
      for (const table of faultTables.filter(({ source }) => source !== 'events')) {
        const { missing, extra, different, first } = await target.compare(store, table);
        assert.deepEqual({ missing, extra, different, first }, { missing: 0, extra: 0, different: 0, first: [] }, table.source);
      }
      assert.deepEqual(await target.query('SELECT count(*) FROM public.mine'), [String(rows * 0.6)]);
      if (mode === 'sync') {
        const again = parseRun(await runCli(words, { environment }));
        assert.deepEqual([again.status, again.verification.status], ['done', 'match']);
        for (const { to, rowsRead, rowsWritten, existing: there } of again.tables)
          assert.deepEqual([to, rowsWritten, there?.unchanged], [to, 0, rowsRead]);
      }
      const undone = await runCli(['rollback', String(result.runId), '--target', target.flag, '--json'], { environment });
      assert.equal(undone.code, 0, describeOutcome(undone));
      const { restoredRows, deletedRows } = parseJson(undone) as { restoredRows: number; deletedRows: number };
      assert.equal(restoredRows, 20_900);
      assert.equal(deletedRows, mode === 'replace' ? rows * 0.6 + 1_000 : rows * 0.6 - 20_000 + 100);
      assert.deepEqual(await fingerprint(target), before);
    } finally {
      await target.remove();
    }
  }
});

async function fingerprint(target: CliTarget): Promise<readonly string[]> {
  return (await target.query(state.map((sql) => `(${sql})`).join(' UNION ALL '))).toSorted();
}
