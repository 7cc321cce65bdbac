import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePython, type OracleTable } from '../helpers/oracle.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { describeOutcome, parseRun, runCli, startCli, type CliProcess } from '../helpers/run-cli.ts';

const depts = 40;
const members = 12_000;

/** Heads and mentors come thousands of rows later, several chunks away; a third of the members need nobody. */
const seed = `
  CREATE TABLE dept (id INTEGER PRIMARY KEY, head INTEGER);
  CREATE TABLE member (id INTEGER PRIMARY KEY, dept INTEGER, mentor INTEGER, note TEXT);
  CREATE TABLE toy (id INTEGER PRIMARY KEY, owner INTEGER);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${members})
  INSERT INTO member SELECT i, CASE i % 3 WHEN 1 THEN 1 + i % ${depts} END, CASE WHEN i % 3 = 2 AND i <= ${members - 5_000} THEN i + 5000 END,
    i || printf('%.*c', 600 + i % 200, 'x') FROM n;
  INSERT INTO dept SELECT id, ${members + 1} - id FROM member WHERE id <= ${depts};
  INSERT INTO toy SELECT id, ${members + 1} - id FROM member WHERE id <= 500;`;

/** `old`: rows that are there, which the store has as well unless they come behind its last. */
const existing = (old: number): readonly string[] => [
  'CREATE TABLE public.dept (id bigint PRIMARY KEY, head bigint NOT NULL)',
  `CREATE TABLE public.member (extra text DEFAULT 'new', id bigint PRIMARY KEY, dept bigint REFERENCES public.dept, mentor bigint REFERENCES public.member, note text)`,
  'ALTER TABLE public.dept ADD FOREIGN KEY (head) REFERENCES public.member',
  'CREATE TABLE public.toy (id bigint PRIMARY KEY, owner bigint NOT NULL REFERENCES public.member)',
  ...['dept (head)', 'member (dept)', 'member (mentor)', 'toy (owner)'].map((key) => `CREATE INDEX ON public.${key}`),
  `INSERT INTO public.member SELECT 'mine', ${old} + i, NULL, CASE WHEN i > 1 THEN ${old} + i - 1 END, 'old' FROM generate_series(1, 30) AS i`,
  `INSERT INTO public.dept SELECT ${old} + i, ${old} + i FROM generate_series(1, 3) AS i`,
];

const tables: readonly OracleTable[] = [
  { source: 'dept', target: 'public.dept', columns: { id: 'integer', head: 'integer' } },
  { source: 'member', target: 'public.member', columns: { id: 'integer', dept: 'integer', mentor: 'integer', note: 'text' } },
  { source: 'toy', target: 'public.toy', columns: { id: 'integer', owner: 'integer' } },
];

/** Every row is either counted, with what became of it, or waits. */
const accounts = `SELECT concat_ws(' ', sum(rows_read - rows_written - rows_rejected), sum(rows_written) > 0, (SELECT count(*) FROM sluice.held) > ${depts},
  sum(rows_read) + (SELECT count(*) FROM sluice.held)) FROM sluice.checkpoint`;

/** Holds the transaction that settles what waits open, so that a kill is certain to hit it. */
const slowDown = [
  'CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(8); RETURN NULL; END $$',
  'CREATE TRIGGER slow BEFORE DELETE ON sluice.held FOR EACH STATEMENT EXECUTE FUNCTION public.slow()',
];

describe('kill -9 while rows wait for their parents', function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-held-'));
  const store = join(folder, 'circle.db');

  before(function () {
    requirePython(this);
    const database = new Database(store);
    database.exec(seed);
    database.close();
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const mode of ['append', 'upsert', 'replace'] as const)
    it(`${mode} (PostgreSQL): between chunks and in the middle of settling; resumed to exact rows, rolled back to what was there`, async function () {
      const target = await postgresTarget(await requirePostgres(this));
      this.timeout(240_000);
      await killAndResume(target, mode, true);
    });

  it('upsert (embedded): between chunks; resumed to exact rows, rolled back to what was there', () =>
    killAndResume(embeddedTarget(), 'upsert', false));

  async function killAndResume(target: CliTarget, mode: string, settling: boolean): Promise<void> {
    const { environment } = target;
    const words = ['run', store, '--mode', mode, '--target', target.flag, '--json', '--progress', 'ndjson', '--jobs', '1'];
    try {
      for (const sql of existing(mode === 'append' ? members : 0)) await target.query(sql);
      const before = await contents(target);

      const first = startCli(words, {
        environment,
        onEvent: (event) => {
          if (event.type === 'table' && event.state === 'rows' && event.table === 'public.member') first.killGroup();
        },
      });
      await wasKilled(first);
      const [stood = ''] = await target.query(accounts);
      assert.match(stood, /^0 t t \d+$/);
      assert.ok(Number(stood.split(' ')[3]) < members, `not in the middle: ${stood}`);

      if (settling) {
        for (const sql of slowDown) await target.query(sql);
        const second = startCli([...words, '--resume'], { environment });
        await untilAsleep(target, second);
        second.killGroup();
        await wasKilled(second);
        assert.deepEqual(await target.query(accounts), [`0 t t ${depts + members}`]);
      }

      const result = parseRun(await runCli([...words, '--resume'], { environment }));
      if (settling) await target.query('DROP FUNCTION public.slow() CASCADE');
      assert.deepEqual([result.status, result.verification.status], ['done', 'match']);
      assert.deepEqual(await target.query('SELECT count(*) FROM sluice.held'), ['0']);
      for (const table of tables) {
        const { missing, extra, different } = await target.compare(store, table);
        const mine = mode !== 'append' ? 0 : ({ dept: 3, member: 30 }[table.source] ?? 0);
        assert.deepEqual({ missing, extra, different }, { missing: 0, extra: mine, different: 0 }, table.source);
      }
      const undone = await runCli(['rollback', String(result.runId), '--target', target.flag, '--json'], { environment });
      assert.equal(undone.code, 0, describeOutcome(undone));
      assert.deepEqual(await contents(target), before);
    } finally {
      await target.remove();
    }
  }
});

async function wasKilled(run: CliProcess): Promise<void> {
  const killed = await run.finished;
  assert.equal(killed.signal, 'SIGKILL', describeOutcome(killed));
}

/** Waits until the trigger holds the run up; its session has written all rows by then and has not committed them. */
async function untilAsleep(target: CliTarget, run: CliProcess): Promise<void> {
  let ended = false;
  void run.finished.finally(() => (ended = true));
  const asleep = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
  while ((await target.query(asleep))[0] !== '1') {
    assert.ok(!ended, 'the run ended without being held up');
    await sleep(50);
  }
}

async function contents(target: CliTarget): Promise<readonly string[]> {
  return target.query(
    tables
      .map(
        ({ source, target: table }) =>
          `SELECT concat_ws(' ', '${source}', count(*), md5(string_agg(t::text, '' ORDER BY id))) FROM ${table} AS t`,
      )
      .join(' UNION ALL '),
  );
}
