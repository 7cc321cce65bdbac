import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { MigrationError } from '../../src/core/errors.ts';
import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { openForwardedLink } from '../../src/engine-process/forwarded-link.ts';
import { EmbeddedBroker } from '../../src/host/embedded-broker.ts';
import { embeddedFolder, forkTestEmbedded } from '../helpers/embedded.ts';
import { engineEntries } from '../helpers/engines.ts';
import { layEmbeddedDatabase } from '../helpers/new-embedded-database.ts';

const idleMs = 400;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The engine's end of a channel to the broker. */
interface Engine {
  open(): Promise<EmbeddedLink>;
  vanish(): Promise<void>;
}

describe('EmbeddedBroker', function () {
  this.timeout(60_000);
  const folder = embeddedFolder();
  const ports: MessagePort[] = [];
  let broker: EmbeddedBroker;

  before(async () => {
    await layEmbeddedDatabase(folder.directory);
    broker = new EmbeddedBroker({ embeddedEntry: engineEntries.embeddedEntry, log: silent, idleMs });
  });

  after(async () => {
    await broker.dispose();
    for (const port of ports) port.close();
    folder.remove();
  });

  it('keeps the process while a transaction is open, and closes it when nothing is', async () => {
    const link = await engine().open();
    await query(link, 'CREATE TABLE t (v integer)');
    const { session } = await link.request('begin', { client: 'a' });
    await query(link, 'INSERT INTO t VALUES (1)', session);
    await sleep(idleMs * 3);
    assert.ok(isOpen(), 'it was closed in the middle of a transaction');
    await link.request('commit', { session });
    await untilClosed();
    assert.equal(await rows(link), 1);
  });

  it('rolls back what an engine that vanished had open', async () => {
    const gone = engine();
    const link = await gone.open();
    const { session } = await link.request('begin', { client: 'a' });
    await query(link, 'DELETE FROM t', session);
    const other = await engine().open();
    const waiting = rows(other);
    await gone.vanish();
    assert.equal(await waiting, 1);
    await untilClosed();
  });

  it('opens the process again for all when one of them kills it', async () => {
    const first = await engine().open();
    const second = await engine().open();
    const { session } = await first.request('begin', { client: 'a' });
    await query(first, 'DELETE FROM t', session);
    await second.kill();
    assert.equal(await codeOf(query(first, 'DELETE FROM t', session)), 'embedded-stopped');
    assert.equal(await rows(first), 1);
    assert.equal(await rows(second), 1);
  });

  it('tells who has the directory, and goes on when it is free again', async () => {
    const link = await engine().open();
    await untilClosed();
    const other = await forkTestEmbedded(folder.directory, 'sluice run');
    assert.equal(await codeOf(rows(link)), 'embedded-in-use');
    assert.equal(await codeOf(engine().open()), 'embedded-in-use');
    await other.close();
    assert.equal(await rows(link), 1);
  });

  it('gives bytes back as they were sent', async () => {
    const link = await engine().open();
    const bytes = Buffer.from('2\n3\n');
    await link.request('copyIn', { session: null, sql: 'COPY t FROM STDIN', chunks: [bytes], ahead: null });
    const { copy } = await link.request('copyOut', { session: null, sql: 'COPY (SELECT v FROM t WHERE v > 1 ORDER BY v) TO STDOUT' });
    const { chunk } = await link.request('copyOutNext', { copy });
    assert.deepEqual(Buffer.from(chunk!), bytes);
    await link.close();
    assert.equal(await codeOf(rows(link)), 'embedded-stopped');
    await untilClosed();
  });

  function engine(): Engine {
    const { port1, port2 } = new MessageChannel();
    const [host, child] = [port1, port2].map((port) => createMessageConnection(new PortMessageReader(port), new PortMessageWriter(port)));
    ports.push(port1);
    const vanish = broker.serve(host!);
    host!.listen();
    child!.listen();
    return { open: () => openForwardedLink(child!, folder.directory), vanish };
  }

  function isOpen(): boolean {
    return existsSync(`${folder.directory}.owner.json`);
  }

  async function untilClosed(): Promise<void> {
    while (isOpen()) await sleep(50);
  }
});

async function query(link: EmbeddedLink, sql: string, session: string | null = null): Promise<readonly Record<string, unknown>[]> {
  return (await link.request('query', { session, sql, parameters: [] })).rows;
}

async function rows(link: EmbeddedLink): Promise<number> {
  return Number((await query(link, 'SELECT count(*) AS n FROM t'))[0]?.['n']);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof MigrationError, String(error));
  return error.code;
}
