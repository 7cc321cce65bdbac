import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { MigrationError } from '../../src/core/errors.ts';
import { bridgeEmbeddedLink } from '../../src/core/target/embedded/embedded-port.ts';
import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { openEmbeddedTarget } from '../../src/core/target/embedded/open-embedded-target.ts';
import type { Target } from '../../src/core/target/target.ts';
import { copyHeader, copyTrailer, int4, tuple } from '../helpers/copy-bytes.ts';
import { embeddedFolder, forkTestEmbedded } from '../helpers/embedded.ts';

describe('embedded process', function () {
  this.timeout(120_000);
  const folder = embeddedFolder();
  let link: EmbeddedLink;
  let target: Target;

  before(async () => {
    link = await forkTestEmbedded(folder.directory);
    target = await openEmbeddedTarget(link);
    await target.query('CREATE TABLE t (v integer)');
  });
  after(async () => {
    await link.close();
    folder.remove();
  });
  beforeEach(() => target.query('TRUNCATE t'));

  const values = async (): Promise<unknown[]> => (await target.query('SELECT v FROM t ORDER BY v')).rows.map((row) => row['v']);

  it('keeps its folder out of git', () => {
    assert.equal(readFileSync(join(dirname(folder.directory), '.gitignore'), 'utf8'), '*\n');
  });

  it('refuses a second process, naming the owner, and loses nothing', async () => {
    await target.query('INSERT INTO t VALUES (1)');
    await assertCode(forkTestEmbedded(folder.directory, 'sluice second'), 'embedded-in-use', (error) => {
      assert.match(error.message, /in use by sluice test since \d{4}-/);
      assert.equal(error.context['pid'], process.pid);
    });
    await target.query('INSERT INTO t VALUES (2)');
    assert.deepEqual(await values(), [1, 2]);
  });

  it('has what was committed after a kill, and nothing else', async () => {
    await target.query('INSERT INTO t VALUES (1)');
    await target.transaction(async (session) => {
      const copy = await session.copyIn('COPY t FROM STDIN (FORMAT binary)');
      await copy.write(Buffer.concat([copyHeader, ...Array.from({ length: 50_000 }, () => tuple(int4(2))), copyTrailer]));
      await copy.end();
    });
    const open = target.transaction(async (session) => {
      await session.query('INSERT INTO t VALUES (3)');
      await link.kill();
      await session.query('INSERT INTO t VALUES (4)');
    });
    await assertCode(open, 'embedded-stopped', (error) => assert.equal(error.kind, 'transient'));
    const { rows } = await target.query('SELECT v, count(*)::int AS n FROM t GROUP BY v ORDER BY v');
    assert.deepEqual(rows.map((row) => ({ ...row })), [{ v: 1, n: 1 }, { v: 2, n: 50_000 }]);
  });

  it('has what was committed after each of several kills', async () => {
    for (let v = 0; v < 4; v++) {
      await target.query('INSERT INTO t VALUES ($1)', [v]);
      await link.kill();
    }
    assert.deepEqual(await values(), [0, 1, 2, 3]);
  });

  it('does not take the end of a COPY for the whole after a kill', async () => {
    const copy = await target.copyIn('COPY t FROM STDIN');
    const line = Buffer.from('7\n'.repeat(4_000_000));
    for (let i = 0; i < 3; i++) await copy.write(line);
    await link.kill();
    await assertCode(copy.end(), 'embedded-stopped');
    assert.deepEqual(await values(), []);
  });

  it('does not take a part of COPY out for the whole after a kill', async () => {
    await target.query('INSERT INTO t SELECT generate_series(1, 2000000)');
    const read = (async () => {
      for await (const piece of target.copyOut('COPY t TO STDOUT', new AbortController().signal)) {
        assert.ok(piece.length > 0);
        await link.kill();
      }
    })();
    await assertCode(read, 'embedded-stopped');
  });

  it('leaves no files of COPY behind', async () => {
    const aborted = await target.copyIn('COPY t FROM STDIN');
    await aborted.write(Buffer.from('7\n'.repeat(9_000_000)));
    await aborted.abort();
    for await (const piece of target.copyOut('COPY (SELECT generate_series(1, 900000)) TO STDOUT', new AbortController().signal)) {
      assert.ok(piece.length > 0);
      break;
    }
    await assert.rejects((await target.copyIn('COPY missing FROM STDIN')).end());
    assert.deepEqual(readdirSync(`${folder.directory}.spool`), []);
  });

  it('rolls back the transaction of a thread that vanishes, and lets the next in', async () => {
    const channel = new MessageChannel();
    bridgeEmbeddedLink(link, channel.port1);
    const worker = new Worker(vanishingThread, { eval: true, workerData: { port: channel.port2, module: new URL('../../src/core/target/embedded/', import.meta.url).href }, transferList: [channel.port2] });
    assert.deepEqual(await once(worker, 'message'), ['inserted']);
    const waiting = target.query('INSERT INTO t VALUES (2)');
    await worker.terminate();
    await waiting;
    assert.deepEqual(await values(), [2]);
  });

  it('builds an HNSW index', async () => {
    await target.query(`CREATE EXTENSION vector; CREATE TABLE vectors (e vector(64));
      INSERT INTO vectors SELECT array_agg(random() + n * 0)::vector FROM generate_series(1, 3000) AS n, generate_series(1, 64) GROUP BY n;
      CREATE INDEX ON vectors USING hnsw (e vector_cosine_ops)`);
    const { rows } = await target.query('SELECT count(*)::int AS n FROM (SELECT FROM vectors ORDER BY e <=> (SELECT e FROM vectors LIMIT 1) LIMIT 10) AS found');
    assert.equal(rows[0]?.['n'], 10);
    assert.equal((await target.query("SELECT current_setting('maintenance_work_mem') AS memory")).rows[0]?.['memory'], '256MB');
  });

  it('ends, and lets go, when its parent is killed', async () => {
    const own = embeddedFolder();
    const parent = fork(new URL('../fixtures/embedded-parent.ts', import.meta.url), [own.directory], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [pid] = (await once(parent, 'message')) as [number];
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const again = await forkTestEmbedded(own.directory);
    const { rows } = await (await openEmbeddedTarget(again)).query('SELECT v FROM kept');
    assert.deepEqual(rows.map((row) => row['v']), [5]);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    await again.close();
    assert.deepEqual(readdirSync(dirname(own.directory)).sort(), ['.gitignore', 'postgres', 'postgres.lock']);
    own.remove();
  });

  it('refuses a folder that holds something else, and leaves it alone', async () => {
    const own = embeddedFolder();
    mkdirSync(own.directory, { recursive: true });
    writeFileSync(join(own.directory, 'letter.txt'), 'dear reader');
    await assertCode(forkTestEmbedded(own.directory), 'embedded-not-started', (error) => assert.match(error.message, /no PostgreSQL database/));
    assert.deepEqual(readdirSync(own.directory), ['letter.txt']);
    own.remove();
  });

  it('starts a creation that was cut off anew', async () => {
    const own = embeddedFolder();
    mkdirSync(own.directory, { recursive: true });
    writeFileSync(join(own.directory, 'PG_VERSION'), '18\n');
    writeFileSync(`${own.directory}.creating`, '');
    const fresh = await forkTestEmbedded(own.directory);
    assert.equal((await (await openEmbeddedTarget(fresh)).query('SELECT 1 AS one')).rows[0]?.['one'], 1);
    assert.equal(existsSync(`${own.directory}.creating`), false);
    await fresh.close();
    own.remove();
  });

  it('says so when it cannot be started at all', async () => {
    const own = embeddedFolder();
    mkdirSync(own.directory, { recursive: true });
    writeFileSync(join(own.directory, 'PG_VERSION'), '18\n');
    await assertCode(forkTestEmbedded(own.directory), 'embedded-not-started');
    own.remove();
  });

  it('passes on no variables of the editor', async () => {
    const own = embeddedFolder();
    process.env['VSCODE_SLUICE_TEST'] = 'x';
    const fresh = await forkTestEmbedded(own.directory);
    delete process.env['VSCODE_SLUICE_TEST'];
    const pid = await childOf(process.pid, 'embedded-process/main.ts');
    const variables = pid.flatMap((id) => readFileSync(`/proc/${id}/environ`, 'utf8').split('\0'));
    assert.ok(variables.includes('ELECTRON_RUN_AS_NODE=1'));
    assert.deepEqual(variables.filter((variable) => variable.startsWith('VSCODE_')), []);
    await fresh.close();
    own.remove();
  });

  it('refuses requests after it was closed', async () => {
    const own = embeddedFolder();
    const fresh = await forkTestEmbedded(own.directory);
    const second = await openEmbeddedTarget(fresh);
    await fresh.close();
    await assertCode(second.query('SELECT 1'), 'embedded-stopped');
    own.remove();
  });
});

const vanishingThread = `
  const { workerData, parentPort } = require('node:worker_threads');
  (async () => {
    const { embeddedLinkOverPort } = await import(workerData.module + 'embedded-port.ts');
    const { openEmbeddedTarget } = await import(workerData.module + 'open-embedded-target.ts');
    const target = await openEmbeddedTarget(embeddedLinkOverPort(workerData.port, '/x/y'));
    await target.transaction(async (session) => {
      await session.query('INSERT INTO t VALUES (1)');
      parentPort.postMessage('inserted');
      await new Promise(() => {});
    });
  })();`;

async function assertCode(work: Promise<unknown>, code: string, look: (error: MigrationError) => void = () => {}): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof MigrationError, String(error));
    assert.equal(error.code, code, error.message);
    look(error);
    return true;
  });
}

/** Process ids of children whose command line holds `text`. */
async function childOf(parent: number, text: string): Promise<number[]> {
  const listing = await new Promise<string>((resolve, reject) => {
    execFile('ps', ['-o', 'pid=,args=', '--ppid', String(parent)], (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });
  return listing.split('\n').filter((line) => line.includes(text)).map((line) => Number.parseInt(line, 10));
}
