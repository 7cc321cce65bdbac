import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineEvent } from '../../src/core/index.ts';
import { MigrationError } from '../../src/core/errors.ts';
import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';
import { rowCondition } from '../../src/panels/row-condition.ts';
import { itemsSeed } from '../helpers/engine.ts';
import {
  enginePids,
  enginesSetting,
  fakeEntry,
  isAlive,
  runOfStore,
  slowTable,
  untilReading,
  type EnginesSetting,
} from '../helpers/engines.ts';
import { layEmbeddedDatabase } from '../helpers/new-embedded-database.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { parseJson, projectRoot, runCli } from '../helpers/run-cli.ts';

const never = new AbortController().signal;
const whole = { filter: null, sort: [], columns: null };
/** A condition of SQLite that takes minutes and cannot be interrupted. */
const minutes = '(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000000) SELECT count(*) FROM n) > id';

describe('engines of the editor', function () {
  this.timeout(120_000);
  let setting: EnginesSetting;

  afterEach(() => setting.remove());

  describe('browsing', () => {
    it('starts at the first use and answers', async () => {
      setting = enginesSetting();
      assert.deepEqual(setting.engines.state, { kind: 'stopped' });
      const store = setting.store('items.db', itemsSeed(10));
      const { stores } = await setting.engines.browse('inspect', { locations: [store] });
      assert.equal(stores[0]?.tables[0]?.rows, 10);
      const [pid] = enginePids();
      assert.deepEqual(setting.states, [{ kind: 'running', pid }]);
    });

    it('hands errors on with code, context and remedy', async () => {
      setting = enginesSetting();
      const error = await failure(setting.engines.browse('inspect', { locations: [join(setting.folder, 'none.db')] }));
      assert.equal(error.code, 'no-such-file');
      assert.equal(error.context['path'], join(setting.folder, 'none.db'));
      assert.notEqual(error.remedy, '');
    });

    it('backs a store up and keeps no private copy of it, nor of one that it planned', async () => {
      setting = enginesSetting();
      const store = setting.store('items.db', `PRAGMA journal_mode = wal; ${itemsSeed(10)}`);
      await setting.engines.browse('inspect', { locations: [store] });
      const [pid] = enginePids();
      const directory = join(setting.folder, 'copies');
      const backup = await setting.engines.browse('backUp', { location: store, directory });
      assert.equal(dirname(backup.path), directory);
      assert.deepEqual(readdirSync(directory), [basename(backup.path)]);
      assert.match(backup.sha256, /^[0-9a-f]{64}$/);
      const scratch = readdirSync(tmpdir()).filter((name) => name.startsWith(`sluice-scratch-${String(pid)}-`));
      assert.equal(scratch.length, 1);
      assert.deepEqual(readdirSync(join(tmpdir(), scratch[0] ?? '')), []);
      assert.equal(
        (await failure(setting.engines.browse('backUp', { location: store, directory: setting.folder }))).code,
        'backup-beside-source',
      );
    });

    it('does not make a database by looking for runs', async () => {
      setting = enginesSetting();
      assert.equal((await failure(setting.engines.browse('runs', { target: setting.target }))).code, 'no-embedded-target');
      assert.equal(existsSync(setting.target.directory), false);
    });

    it('does not make a database by testing the connection', async () => {
      setting = enginesSetting();
      const { engines, target, folder, log } = setting;
      const found = (await engines.browse('diagnose', { target })).diagnosis!;
      assert.equal(existsSync(join(folder, '.sluice')), false);
      assert.deepEqual([found.unmade, found.runs, found.name, found.label], [true, 0, 'embedded', 'embedded (.sluice/postgres)']);
      assert.match(found.serverVersionText, /^PostgreSQL \d+/);
      assert.match(found.capabilities.vectorVersion ?? '', /^0\.\d/);
      assert.doesNotMatch(log.join('\n'), /^error/m);
      await engines.runAlone('run', runOfStore(folder, setting.store('items.db', itemsSeed(1)), target), {
        signal: never,
        onEvent: () => {},
      });
      assert.equal((await engines.browse('diagnose', { target })).diagnosis?.unmade, false);
    });

    it('goes on answering beside cancelled queries of stores that cannot be interrupted', async () => {
      setting = enginesSetting();
      const store = setting.store('items.db', itemsSeed(5));
      const ask = (filter: string | null, signal?: AbortSignal) =>
        setting.engines.browse(
          'rowsPage',
          { subject: { side: 'source', location: store, table: 'item' }, view: { ...whole, filter }, offset: 0, limit: 5 },
          signal,
        );
      await ask(null);
      const [pid] = enginePids();
      const three = async (): Promise<void> => {
        // So that each thread has started before it is asked.
        await Promise.all([ask(null), ask(null), ask(null)]);
        const controller = new AbortController();
        const asked = [1, 2, 3].map((n) => failure(ask(`id > ${n} AND ${minutes}`, controller.signal)));
        await sleep(400);
        controller.abort();
        assert.deepEqual(
          (await Promise.all(asked)).map(({ code }) => code),
          ['cancelled', 'cancelled', 'cancelled'],
        );
      };
      // What a thread had begun to write goes as well.
      const controller = new AbortController();
      const subject = { side: 'source', location: store, table: 'item' } as const;
      const path = join(setting.folder, 'out.csv');
      const exported = { subject, view: { ...whole, filter: `id = 1 OR ${minutes}` }, format: 'csv', path } as const;
      const exporting = failure(setting.engines.browse('exportRows', exported, controller.signal));
      await until(() => readdirSync(setting.folder).some((name) => name.endsWith('.part')));
      controller.abort();
      assert.equal((await exporting).code, 'cancelled');
      await until(() => !readdirSync(setting.folder).some((name) => name.includes('out.csv')));
      await three();
      const abortedAt = performance.now();
      assert.equal((await ask('id > 1')).rows.length, 4);
      console.log(`      a page beside three stuck queries after ${Math.round(performance.now() - abortedAt)} ms`);
      await three();
      assert.equal((await ask('id > 2')).rows.length, 3);
      // All seven still run: none has ended by itself.
      assert.ok(
        setting.log.some((line) => /given up; there are 7$/.test(line)),
        setting.log.join('\n'),
      );
      assert.deepEqual([enginePids(), setting.states.length], [[pid], 1]);
      // More than eight are too many; the ninth ends the process.
      await three();
      await until(() => setting.engines.state.kind === 'crashed');
      const { state } = setting.engines;
      assert.match(state.kind === 'crashed' ? state.reason : '', /9 cancelled queries are still running in stores/);
      assert.equal(isAlive(pid!), false);
      assert.equal((await ask('id > 3')).rows.length, 2);
    });

    it('finds neighbours in a table without a key on a server', async function () {
      const cluster = await requirePostgres(this);
      const url = await cluster.createDatabase();
      await cluster.psql(
        `CREATE EXTENSION vector; CREATE TABLE keyless (title text, embedding vector(2));
         INSERT INTO keyless VALUES ('a', NULL), ('b', '[1,0]'), ('c', '[0,1]');`,
        new URL(url).pathname.slice(1),
      );
      setting = enginesSetting();
      const target = { kind: 'postgres', connection: parsePostgresUrl(url, {}), name: 'env:DATABASE_URL' } as const;
      const named = { target, schema: 'public', table: 'keyless', column: 'embedding' } as const;
      const { firstKey, columns } = await setting.engines.browse('vectorColumn', named);
      assert.deepEqual(firstKey, ['(0,2)']);
      const query = { kind: 'row', key: firstKey } as const;
      const found = await setting.engines.browse('neighbours', { ...named, query, k: 3, metric: null, filter: null, effort: null });
      const { key } = found.exact.neighbours[0]!;
      const view = { ...whole, filter: rowCondition(columns, key) };
      const { rows } = await setting.engines.browse('rowsPage', { subject: { side: 'target', ...named }, view, offset: 0, limit: 5 });
      assert.deepEqual(
        rows.map(([title]) => title),
        ['c'],
      );
    });

    it('is killed when a cancellation is not heard, and what others asked is asked again', async function () {
      setting = enginesSetting();
      const long = setting.store('long.db', slowTable(400));
      const short = setting.store('short.db', slowTable(8));
      const controller = new AbortController();
      await setting.engines.browse('inspect', { locations: [setting.store('one.db', itemsSeed(1))] });
      const [first] = enginePids();
      const cancelled = failure(setting.engines.browse('inspect', { locations: [long] }, controller.signal));
      await untilReading(first!, long);
      const other = setting.engines.browse('inspect', { locations: [short] });
      const abortedAt = performance.now();
      controller.abort();
      assert.equal((await cancelled).code, 'cancelled');
      console.log(`      cancelled after ${Math.round(performance.now() - abortedAt)} ms`);
      assert.equal((await other).stores[0]?.tables[0]?.rows, 8);
      assert.equal(isAlive(first!), false, 'the engine was not killed');
      assert.notEqual(setting.engines.state.kind === 'running' && setting.engines.state.pid, first);
      assert.equal(setting.states.filter((state) => state.kind === 'crashed').length, 0);
    });

    it('answers a polite cancellation without being killed', async () => {
      setting = enginesSetting();
      const controller = new AbortController();
      const store = setting.store('items.db', itemsSeed(1));
      await setting.engines.browse('inspect', { locations: [store] });
      const [pid] = enginePids();
      const asked = failure(setting.engines.browse('diagnose', { target: setting.target }, controller.signal));
      controller.abort();
      assert.equal((await asked).code, 'cancelled');
      assert.deepEqual(setting.engines.state, { kind: 'running', pid });
    });

    it('says that it stopped when it is killed from outside, and starts anew', async () => {
      setting = enginesSetting();
      const slow = setting.store('slow.db', slowTable(400));
      const store = setting.store('items.db', itemsSeed(3));
      await setting.engines.browse('inspect', { locations: [store] });
      const asked = failure(setting.engines.browse('inspect', { locations: [slow] }));
      process.kill(enginePids()[0]!, 'SIGKILL');
      const error = await asked;
      assert.equal(error.code, 'engine-stopped');
      assert.equal(error.kind, 'transient');
      assert.equal(setting.engines.state.kind, 'crashed');
      assert.equal((await setting.engines.browse('inspect', { locations: [store] })).stores.length, 1);
    });

    it('waits longer after each crash in a row until it is restarted', async () => {
      let now = 1_000_000;
      setting = enginesSetting();
      const entry = fakeEntry(setting.folder, `throw new Error('boom')`);
      const crashing = enginesSetting({ engineEntry: entry, now: () => now });
      const ask = () => failure(crashing.engines.browse('runs', { target: setting.target }));
      try {
        for (const delay of [0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
          const error = await ask();
          assert.equal(error.code, 'engine-not-started');
          const { state } = crashing.engines;
          assert.ok(state.kind === 'crashed');
          assert.match(state.reason, /exit code 1; Error: boom/);
          assert.equal(state.retryAt - now, delay);
          if (delay > 0) {
            now += delay - 1;
            const refused = await ask();
            assert.equal(refused.context['retryInSeconds'], 1);
            assert.match(refused.message, /boom/);
            assert.equal(crashing.engines.state, state, 'it was started too early');
          }
          now += 1;
        }
        await crashing.engines.restart();
        assert.deepEqual(crashing.engines.state, { kind: 'stopped' });
        await ask();
        assert.equal(crashing.states.at(-1)?.kind === 'crashed' && crashing.states.at(-1)?.['crashes' as never], 1);
      } finally {
        await crashing.remove();
      }
    });

    it('says which native part is missing, and tries again only when it is told to', async () => {
      setting = enginesSetting();
      // The bundle alone, without the packages beside it.
      assert.ok(existsSync(join(projectRoot, 'dist/engine-process.js')), 'dist/ is not there: `npm run build` makes it');
      cpSync(join(projectRoot, 'dist'), join(setting.folder, 'dist'), { recursive: true });
      cpSync(join(projectRoot, 'package.json'), join(setting.folder, 'package.json'));
      const lonely = enginesSetting({ engineEntry: join(setting.folder, 'dist/engine-process.js') });
      try {
        const error = await failure(lonely.engines.browse('inspect', { locations: [] }));
        assert.equal(error.code, 'native-missing');
        assert.match(error.message, /better-sqlite3/);
        const { state } = lonely.engines;
        assert.ok(state.kind === 'failed' && state.code === 'native-missing');
        assert.equal((await failure(lonely.engines.browse('inspect', { locations: [] }))).code, 'native-missing');
        assert.equal(lonely.states.length, 1);
        await lonely.engines.restart();
        assert.deepEqual(lonely.engines.state, { kind: 'stopped' });
      } finally {
        await lonely.remove();
      }
    });

    it('logs no password', async () => {
      setting = enginesSetting();
      const talker = enginesSetting({
        engineEntry: fakeEntry(
          setting.folder,
          `process.on('message', (message) => {
             if (message.method !== 'diagnose') return process.send({ jsonrpc: '2.0', id: message.id, result: null });
             const { password } = message.params.target.connection;
             console.error('cannot connect to postgresql://app:' + password + '@db/shop, password=' + process.env.PGPASSWORD);
             process.send({ jsonrpc: '2.0', method: 'log', params: { level: 'warn', message: 'it was ' + password } });
             setTimeout(() => { throw new Error('refused: ' + password); }, 50);
           });`,
        ),
        environment: { ...process.env, PGPASSWORD: 'environment secret' },
      });
      try {
        const connection = {
          host: 'db',
          port: 5432,
          database: 'shop',
          user: 'app',
          password: 'p@ss w0rd',
          sslMode: 'prefer',
          sslRootCert: null,
        } as const;
        const target = { kind: 'postgres', connection, name: 'env:DATABASE_URL' } as const;
        const error = await failure(talker.engines.browse('diagnose', { target }));
        const text = [...talker.log, error.message, JSON.stringify(talker.states)].join('\n');
        assert.match(text, /refused: \*\*\*/);
        assert.doesNotMatch(text, /p@ss|w0rd|environment secret/);
      } finally {
        await talker.remove();
      }
    });
  });

  describe('runs', () => {
    it('load the embedded database through the broker while others look at it', async () => {
      setting = enginesSetting();
      const { engines, folder, target } = setting;
      const store = setting.store('items.db', itemsSeed(200_000));
      // The browsing engine is there already when it is asked in the middle of the run.
      await engines.browse('recognise', { paths: [store] });
      const events: EngineEvent[] = [];
      let seen: Promise<readonly { status: string }[]> | undefined;
      const result = await engines.runAlone('run', runOfStore(folder, store, target), {
        signal: never,
        onEvent(event) {
          events.push(event);
          if (event.type === 'phase' && event.phase === 'data') seen ??= engines.browse('runs', { target });
        },
      });
      assert.equal(result.verification.status, 'match');
      assert.equal(result.tables[0]?.rowsWritten, 200_000);
      assert.deepEqual(
        (await seen)?.map((run) => run.status),
        ['running'],
      );
      assert.equal(events.at(-1)?.type, 'done');
      const markdown = await engines.browse('renderReport', { target, runId: result.runId!, format: 'md' });
      assert.match(markdown, /200,000|200 000|200000/);
      const both = await Promise.all([
        engines.runAlone('verify', { input: { kind: 'run', runId: result.runId! }, target }, { signal: never, onEvent: () => {} }),
        engines.browse('diagnose', { target }),
      ]);
      assert.equal(both[0].status, 'match');
      assert.equal(both[1].diagnosis?.runs, 1);
    });

    it('are looked at with every request of the panels', async () => {
      setting = enginesSetting();
      await layEmbeddedDatabase(setting.target.directory);
      const { engines, folder, target } = setting;
      const store = setting.store('items.db', itemsSeed(50));
      const { text } = await engines.browse('plan', { locations: [store], directory: folder, targetProfile: 'embedded', options: {} });
      const input = { text, path: join(folder, 'items.sluice.json') };
      assert.match(await engines.browse('previewSql', { input }), /CREATE TABLE/);
      const run = { ...runOfStore(folder, store, target), input: { kind: 'plan', ...input } as const };
      const { runId } = await engines.runAlone('run', run, { signal: never, onEvent: () => {} });
      assert.deepEqual(
        (await engines.browse('recognise', { paths: [store, join(projectRoot, 'esbuild.js')] })).map(({ path, kind }) => [path, kind]),
        [[store, 'sqlite']],
      );
      assert.equal((await engines.browse('openStore', { location: store })).tables[0]?.name, 'item');
      assert.match(JSON.stringify(await engines.browse('targetTree', { target })), /"item"/);
      assert.match(JSON.stringify(await engines.browse('targetTable', { target, schema: 'public', table: 'item' })), /"weight"/);
      assert.deepEqual((await engines.browse('diff', { input, target })).statements, []);
      const view = { filter: 'id > 40', sort: [], columns: null };
      for (const subject of [
        { side: 'target', target, schema: 'public', table: 'item' },
        { side: 'source', location: store, table: 'item' },
      ] as const) {
        assert.deepEqual(
          (await engines.browse('rowsTable', { subject })).columns.map((column) => column.name),
          ['id', 'name', 'weight'],
        );
        assert.equal((await engines.browse('rowsPage', { subject, view, offset: 0, limit: 5 })).rows.length, 5);
        assert.equal(await engines.browse('rowsCount', { subject, filter: view.filter }), 10);
        assert.equal((await engines.browse('row', { subject, view, offset: 0 }))[1], 'item 41');
        assert.equal(await engines.browse('cell', { subject, view, offset: 1, column: 'name' }), 'item 42');
        const path = join(folder, `${subject.side}.csv`);
        assert.deepEqual(await engines.browse('exportRows', { subject, view, format: 'csv', path }), { rows: 10 });
      }
      const compared = { input: { kind: 'run', runId: runId! }, target, table: 'item' } as const;
      assert.deepEqual((await engines.browse('compareRows', compared)).rows, []);
      assert.equal((await engines.browse('equalRows', { ...compared, after: '10', before: '15', limit: 20 })).length, 4);
      const neighbours = {
        target,
        schema: 'public',
        table: 'item',
        column: 'name',
        k: 3,
        metric: null,
        filter: null,
        effort: null,
      } as const;
      const error = await failure(engines.browse('neighbours', { ...neighbours, query: { kind: 'row', key: ['1'] } }));
      assert.notEqual(error.code, 'internal');
    });

    it('killed in the middle leave no transaction and can be resumed', async () => {
      setting = enginesSetting();
      await layEmbeddedDatabase(setting.target.directory);
      const { engines, folder, target } = setting;
      const store = setting.store('items.db', itemsSeed(300_000));
      let killed = false;
      const error = await failure(
        engines.runAlone('run', runOfStore(folder, store, target), {
          signal: never,
          onEvent(event) {
            if (killed || event.type !== 'progress' || event.phase !== 'data' || event.rows === 0) return;
            killed = true;
            process.kill(enginePids()[0]!, 'SIGKILL');
          },
        }),
      );
      assert.equal(error.code, 'engine-stopped');
      const runId = error.context['runId'];
      assert.match(String(runId), /^r-/);
      // It would wait for ever if somebody still held a transaction.
      const runs = await engines.browse('runs', { target });
      assert.deepEqual(
        runs.map((run) => [run.runId, run.status]),
        [[runId, 'running']],
      );
      const resumed = await engines.runAlone('run', runOfStore(folder, store, target, { resume: true }), {
        signal: never,
        onEvent: () => {},
      });
      assert.equal(resumed.runId, runId);
      assert.equal(resumed.verification.status, 'match');
      assert.equal(resumed.tables[0]?.rowsWritten, 300_000);
    });

    it('cancelled end soon, name the run, and can be resumed', async () => {
      setting = enginesSetting();
      await layEmbeddedDatabase(setting.target.directory);
      const { engines, folder, target } = setting;
      const store = setting.store('items.db', itemsSeed(300_000));
      const controller = new AbortController();
      let abortedAt = 0;
      const error = await failure(
        engines.runAlone('run', runOfStore(folder, store, target), {
          signal: controller.signal,
          onEvent(event) {
            if (abortedAt > 0 || event.type !== 'progress' || event.phase !== 'data' || event.rows === 0) return;
            abortedAt = performance.now();
            controller.abort();
          },
        }),
      );
      console.log(`      cancelled after ${Math.round(performance.now() - abortedAt)} ms`);
      assert.equal(error.code, 'cancelled');
      assert.match(String(error.context['runId']), /^r-/);
      const resumed = await engines.runAlone('run', runOfStore(folder, store, target, { resume: true }), {
        signal: never,
        onEvent: () => {},
      });
      assert.equal(resumed.verification.status, 'match');
    });

    it('end with the bundle as well as with the sources', async () => {
      const dist = join(projectRoot, 'dist');
      setting = enginesSetting({ engineEntry: join(dist, 'engine-process.js'), embeddedEntry: join(dist, 'embedded-process.js') });
      const store = setting.store('items.db', itemsSeed(100));
      const run = runOfStore(setting.folder, store, setting.target);
      const result = await setting.engines.runAlone('run', run, { signal: never, onEvent: () => {} });
      assert.equal(result.verification.status, 'match');
    });
  });

  it('let go of an embedded database that nobody uses, so that the command line can have it', async () => {
    setting = enginesSetting({ embeddedIdleMs: 500 });
    await layEmbeddedDatabase(setting.target.directory);
    const { engines, folder, target } = setting;
    const store = setting.store('items.db', itemsSeed(10));
    await engines.runAlone('run', runOfStore(folder, store, target), { signal: never, onEvent: () => {} });
    await until(() => !existsSync(`${target.directory}.owner.json`));
    const { runs } = parseJson(await runCli(['runs', '--target', `embedded:${target.directory}`, '--json'])) as { runs: unknown[] };
    assert.equal(runs.length, 1);
    // And the next use opens it again.
    assert.equal((await engines.browse('runs', { target })).length, 1);
  });

  it('end when the editor dies, and so does the embedded process', async () => {
    setting = enginesSetting();
    await layEmbeddedDatabase(setting.target.directory);
    const { directory } = setting.target;
    const parent = fork(new URL('../fixtures/engine-parent.ts', import.meta.url), [directory], { execArgv: [] });
    const [pid] = (await once(parent, 'message')) as [number];
    assert.ok(isAlive(pid));
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid));
    await until(() => !existsSync(`${directory}.owner.json`));
    assert.equal((await setting.engines.browse('runs', { target: setting.target })).length, 0);
  });

  it('leave nothing behind when they are disposed of', async () => {
    setting = enginesSetting();
    const slow = setting.store('slow.db', slowTable(400));
    const asked = failure(setting.engines.browse('inspect', { locations: [slow] }));
    await layEmbeddedDatabase(setting.target.directory);
    await setting.engines.browse('diagnose', { target: setting.target });
    assert.equal(enginePids().length, 1);
    await setting.engines.dispose();
    assert.equal((await asked).code, 'engine-stopped');
    assert.deepEqual(enginePids(), []);
    assert.equal(existsSync(`${setting.target.directory}.owner.json`), false);
    assert.equal((await failure(setting.engines.browse('diagnose', { target: setting.target }))).code, 'engine-stopped');
  });
});

async function failure(work: Promise<unknown>): Promise<MigrationError> {
  const error = await work.then(
    (value) => assert.fail(`it succeeded: ${JSON.stringify(value).slice(0, 200)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof MigrationError, String(error));
  return error;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(50);
}
