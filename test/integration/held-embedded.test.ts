import assert from 'node:assert/strict';
import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { embeddedFolder } from '../helpers/embedded.ts';
import { HeldEmbedded } from '../helpers/held-embedded.ts';

describe('an embedded process that the tests keep', function () {
  this.timeout(60_000);
  const folder = embeddedFolder();
  const held = new HeldEmbedded(folder.directory);
  const ask = async (link: EmbeddedLink, sql: string, session: string | null = null): Promise<readonly unknown[]> =>
    (await link.request('query', { session, sql, parameters: [] })).rows.flatMap((row) => Object.values(row));

  after(async () => {
    await held.close();
    folder.remove();
  });

  it('is one at a time’s, as a process of their own', async () => {
    const first = await held.open();
    await ask(first, 'CREATE TABLE t (v integer)');
    await assert.rejects(held.open(), { code: 'embedded-in-use' });
    const waiting = held.open();
    await first.close();
    const second = await waiting;
    assert.deepEqual(await ask(second, 'SELECT count(*)::int FROM t'), [0]);
    await assert.rejects(ask(first, 'SELECT 1'), { code: 'embedded-stopped' });
    await second.close();
  });

  it('rolls back what was left open, also what was just being begun', async () => {
    const link = await held.open();
    const { session } = await link.request('begin', { client: 'test' });
    await ask(link, 'INSERT INTO t VALUES (1)', session);
    const late = assert.rejects(link.request('begin', { client: 'test' }), { code: 'embedded-stopped' });
    await link.close();
    await late;
    assert.deepEqual(await ask(await held.link(), 'SELECT count(*)::int FROM t'), [0]);
  });

  it('keeps what was committed when it is killed', async () => {
    const link = await held.open();
    await ask(link, 'INSERT INTO t VALUES (2)');
    await link.kill();
    assert.deepEqual(await ask(link, 'SELECT v FROM t'), [2]);
    await link.close();
  });
});
