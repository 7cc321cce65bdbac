import assert from 'node:assert/strict';
import { collect, copyHeader, copyTrailer, int4, tuple } from '../../helpers/copy-bytes.ts';
import { assertFails, never, type InSchema } from './target-assertions.ts';

export function testCopyOut(get: () => InSchema): void {
  it('gives the bytes that COPY in took', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer, b bytea)`);
    const bytes = Buffer.concat([
      copyHeader,
      tuple(int4(1), Buffer.from('a')),
      tuple(null, Buffer.alloc(0)),
      tuple(int4(-1), null),
      copyTrailer,
    ]);
    const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN (FORMAT binary)`);
    await copy.write(bytes);
    await copy.end();
    assert.deepEqual(await collect(target.copyOut(`COPY ${schema}.t TO STDOUT (FORMAT binary)`, never)), bytes);
  });

  it('gives many megabytes without keeping them', async () => {
    const { target } = get();
    let bytes = 0;
    let pieces = 0;
    for await (const piece of target.copyOut("COPY (SELECT repeat('x', 999) FROM generate_series(1, 20000)) TO STDOUT", never)) {
      bytes += piece.length;
      pieces++;
    }
    assert.equal(bytes, 20_000_000);
    assert.ok(pieces > 3, `${pieces} pieces`);
  });

  it('can be left early', async () => {
    const { target } = get();
    for await (const piece of target.copyOut('COPY (SELECT generate_series(1, 500000)) TO STDOUT', never)) {
      assert.ok(piece.length > 0);
      break;
    }
    assert.equal((await target.query('SELECT 1 AS one')).rows[0]?.['one'], 1);
  });

  it('ends when it is aborted', async () => {
    const { target } = get();
    const controller = new AbortController();
    const read = (async () => {
      for await (const piece of target.copyOut('COPY (SELECT generate_series(1, 3000000)) TO STDOUT', controller.signal)) {
        assert.ok(piece.length > 0);
        controller.abort();
      }
    })();
    await assertFails(read, 'cancelled', 'terminal');
    assert.equal((await target.query('SELECT 1 AS one')).rows[0]?.['one'], 1);
  });

  it('fails with the server’s error before and within the stream', async () => {
    const { target, schema } = get();
    await assertFails(collect(target.copyOut(`COPY ${schema}.missing TO STDOUT`, never)), 'sql-failed', 'terminal', { sqlstate: '42P01' });
    await assertFails(
      collect(target.copyOut('COPY (SELECT 1 / (100000 - n) FROM generate_series(1, 100000) AS n) TO STDOUT', never)),
      'sql-failed',
      'terminal',
      { sqlstate: '22012' },
    );
    assert.equal((await collect(target.copyOut('COPY (SELECT 7) TO STDOUT', never))).toString(), '7\n');
  });

  it('sees its own transaction', async () => {
    const { target, schema } = get();
    await target.transaction(async (session) => {
      await session.query(`CREATE TABLE ${schema}.t AS SELECT 5 AS v`);
      assert.equal((await collect(session.copyOut(`COPY ${schema}.t TO STDOUT`, never))).toString(), '5\n');
    });
  });
}
