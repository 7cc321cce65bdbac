import assert from 'node:assert/strict';
import { execFileSync, fork } from 'node:child_process';
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
import { embeddedChildren, embeddedFolder, forkTestEmbedded } from '../helpers/embedded.ts';

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
  // A process of a test's own must not outlive it, however the test ends.
  const own: { link?: EmbeddedLink; folder: ReturnType<typeof embeddedFolder> }[] = [];
  const ownFolder = (): string => {
    own.push({ folder: embeddedFolder() });
    return own.at(-1)!.folder.directory;
  };
  const openOwn = async (directory: string): Promise<EmbeddedLink> => (own.at(-1)!.link = await forkTestEmbedded(directory));
  afterEach(async () => {
    for (const { link: opened, folder: used } of own.splice(0)) {
      await opened?.close();
      used.remove();
    }
  });

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
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { v: 1, n: 1 },
        { v: 2, n: 50_000 },
      ],
    );
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
    const read = (async () => {
      for await (const piece of target.copyOut(
        "COPY (SELECT repeat('x', 999) FROM generate_series(1, 10000)) TO STDOUT",
        new AbortController().signal,
      )) {
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
    const worker = new Worker(vanishingThread, {
      eval: true,
      workerData: { port: channel.port2, module: new URL('../../src/core/target/embedded/', import.meta.url).href },
      transferList: [channel.port2],
    });
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
    const { rows } = await target.query(
      'SELECT count(*)::int AS n FROM (SELECT FROM vectors ORDER BY e <=> (SELECT e FROM vectors LIMIT 1) LIMIT 10) AS found',
    );
    assert.equal(rows[0]?.['n'], 10);
    assert.equal((await target.query("SELECT current_setting('maintenance_work_mem') AS memory")).rows[0]?.['memory'], '256MB');
  });

  it('ends, and lets go, when its parent is killed', async () => {
    const directory = ownFolder();
    const parent = fork(new URL('../fixtures/embedded-parent.ts', import.meta.url), [directory], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [pid] = (await once(parent, 'message')) as [number];
    assert.match(stateOf(pid), /^[RSD]/);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const again = await openOwn(directory);
    const { rows } = await (await openEmbeddedTarget(again)).query('SELECT v FROM kept');
    assert.deepEqual(
      rows.map((row) => row['v']),
      [5],
    );
    assert.match(stateOf(pid), /^(gone|Z)/);
    await again.close();
    assert.deepEqual(readdirSync(dirname(directory)).sort(), ['.gitignore', 'postgres', 'postgres.lock']);
  });

  it('refuses a folder that holds something else, and leaves it alone', async () => {
    const directory = ownFolder();
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'letter.txt'), 'dear reader');
    await assertCode(forkTestEmbedded(directory), 'embedded-not-started', (error) => assert.match(error.message, /no PostgreSQL database/));
    assert.deepEqual(readdirSync(directory), ['letter.txt']);
  });

  it('says so when it cannot be started at all', async () => {
    const directory = ownFolder();
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'PG_VERSION'), '18\n');
    await assertCode(forkTestEmbedded(directory), 'embedded-not-started');
  });

  it('starts a creation that was cut off anew, without the editor’s variables, and refuses requests after its end', async () => {
    const directory = ownFolder();
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'PG_VERSION'), '18\n');
    writeFileSync(`${directory}.creating`, '');
    process.env['VSCODE_SLUICE_TEST'] = 'x';
    const fresh = await openOwn(directory).finally(() => delete process.env['VSCODE_SLUICE_TEST']);
    const second = await openEmbeddedTarget(fresh);
    assert.equal((await second.query('SELECT 1 AS one')).rows[0]?.['one'], 1);
    assert.equal(existsSync(`${directory}.creating`), false);
    const variables = embeddedChildren().flatMap((id) => readFileSync(`/proc/${id}/environ`, 'utf8').split('\0'));
    assert.ok(variables.includes('ELECTRON_RUN_AS_NODE=1'));
    assert.deepEqual(
      variables.filter((variable) => variable.startsWith('VSCODE_')),
      [],
    );
    await fresh.close();
    await assertCode(second.query('SELECT 1'), 'embedded-stopped');
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

/** Process ids of the embedded databases that this process has forked. */
/** As `ps` tells it: Z = ended, but not yet fetched by its new parent. */
function stateOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return 'gone';
  }
}
