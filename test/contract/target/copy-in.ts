import assert from 'node:assert/strict';
import { collect, copyHeader, copyTrailer, int4, tuple } from '../../helpers/copy-bytes.ts';
import { assertFails, never, valuesOf, type InSchema } from './target-assertions.ts';

export function testCopyIn(get: () => InSchema): void {
  it('writes binary rows, also when the buffer is filled again after each write', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer, b bytea)`);
    const copy = await target.copyIn(`COPY ${schema}.t (v, b) FROM STDIN (FORMAT binary)`);
    const buffer = Buffer.alloc(64 * 1024);
    await copy.write(copyHeader);
    for (let v = 0; v < 50; v++) {
      const bytes = tuple(int4(v), Buffer.alloc(1 + ((v * 997) % 40_000), v));
      bytes.copy(buffer);
      await copy.write(buffer.subarray(0, bytes.length));
    }
    await copy.write(copyTrailer);
    assert.equal(await copy.end(), 50);
    const { rows } = await target.query(
      `SELECT count(*)::int AS n, bool_and(b = decode(repeat(lpad(to_hex(v), 2, '0'), 1 + v * 997 % 40000), 'hex')) AS same FROM ${schema}.t`,
    );
    assert.deepEqual({ ...rows[0] }, { n: 50, same: true });
  });

  it('writes text rows cut anywhere', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer, s text)`);
    const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN`);
    for (const byte of Buffer.from('1\tFROM STDIN\n2\t\\N\n3\tü\n')) await copy.write(Uint8Array.of(byte));
    assert.equal(await copy.end(), 3);
    const { rows } = await target.query(`SELECT s FROM ${schema}.t ORDER BY v`);
    assert.deepEqual(
      rows.map((row) => row['s']),
      ['FROM STDIN', null, 'ü'],
    );
  });

  it('finds its way through names and texts that look like COPY', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}."FROM STDIN" ("TO STDOUT" text)`);
    const copy = await target.copyIn(`COPY ${schema}."FROM STDIN" ("TO STDOUT") FROM STDIN (FORMAT csv, NULL 'FROM STDIN')`);
    await copy.write(Buffer.from('a\nFROM STDIN\n'));
    assert.equal(await copy.end(), 2);
    const out = await collect(
      target.copyOut(
        `COPY (SELECT "TO STDOUT" FROM ${schema}."FROM STDIN" WHERE "TO STDOUT" IS NULL) TO STDOUT (NULL ' TO STDOUT ')`,
        never,
      ),
    );
    assert.equal(out.toString(), ' TO STDOUT \n');
  });

  it('takes no rows', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer)`);
    const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN (FORMAT binary)`);
    await copy.write(copyHeader);
    await copy.write(copyTrailer);
    assert.equal(await copy.end(), 0);
  });

  it('takes more than 16 MB, with one tuple of 20 MB', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer, b bytea)`);
    const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN (FORMAT binary)`);
    await copy.write(copyHeader);
    const small = tuple(int4(1), Buffer.alloc(1000, 7));
    const chunk = Buffer.concat(Array.from({ length: 1000 }, () => small));
    for (let i = 0; i < 12; i++) await copy.write(chunk);
    await copy.write(tuple(int4(2), Buffer.alloc(20_000_000, 9)));
    for (let i = 0; i < 12; i++) await copy.write(chunk);
    await copy.write(copyTrailer);
    assert.equal(await copy.end(), 24_001);
    const { rows } = await target.query(
      `SELECT v, count(*)::int AS n, sum(length(b))::bigint AS bytes FROM ${schema}.t GROUP BY v ORDER BY v`,
    );
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { v: 1, n: 24_000, bytes: '24000000' },
        { v: 2, n: 1, bytes: '20000000' },
      ],
    );
  });

  it('tells the line of a refused row and writes none', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer CHECK (v < 100))`);
    const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN (FORMAT binary)`);
    await copy.write(copyHeader);
    for (const v of [1, 2, 500, 4]) await copy.write(tuple(int4(v)));
    await copy.write(copyTrailer);
    await assertFails(copy.end(), 'row-refused', 'row', { sqlstate: '23514', line: 3, table: 't', schema, constraint: 't_v_check' });
    assert.deepEqual(await valuesOf(target, `${schema}.t`), []);
  });

  it('tells the line beyond 16 MB', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer NOT NULL, b bytea)`);
    const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN (FORMAT binary)`);
    await copy.write(copyHeader);
    const million = tuple(int4(1), Buffer.alloc(1_000_000));
    for (let i = 0; i < 18; i++) await copy.write(million);
    await copy.write(tuple(null, null));
    await copy.write(copyTrailer);
    await assertFails(copy.end(), 'row-refused', 'row', { sqlstate: '23502', line: 19, column: 'v' });
  });

  it('does not blame a row for a malformed stream', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer)`);
    const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN (FORMAT binary)`);
    await copy.write(copyHeader);
    await copy.write(tuple(int4(1), int4(2)));
    await copy.write(copyTrailer);
    await assertFails(copy.end(), 'sql-failed', 'terminal', { sqlstate: '22P04' });
  });

  for (const megabytes of [0.001, 20]) {
    it(`drops what was sent when it is aborted after ${megabytes} MB`, async () => {
      const { target, schema } = get();
      await target.query(`CREATE TABLE ${schema}.t (b bytea)`);
      const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN (FORMAT binary)`);
      await copy.write(copyHeader);
      for (let sent = 0; sent < megabytes; sent += 1) await copy.write(tuple(Buffer.alloc(Math.min(1, megabytes) * 1_000_000)));
      await copy.abort();
      assert.deepEqual((await target.query(`SELECT count(*)::int AS n FROM ${schema}.t`)).rows[0]?.['n'], 0);
    });
  }

  it('fails for a table that does not exist, and goes on', async () => {
    const { target, schema } = get();
    const copied = (async () => {
      const copy = await target.copyIn(`COPY ${schema}.missing FROM STDIN`);
      await copy.write(Buffer.from('1\n'));
      return copy.end();
    })();
    await assertFails(copied, 'sql-failed', 'terminal', { sqlstate: '42P01' });
    assert.equal((await target.query('SELECT 1 AS one')).rows[0]?.['one'], 1);
  });

  it('is one with the other statements of its transaction', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer); CREATE TABLE ${schema}.checkpoint (n integer)`);
    const chunk = (v: number, fail: boolean): Promise<void> =>
      target.transaction(async (session) => {
        const copy = await session.copyIn(`COPY ${schema}.t FROM STDIN`);
        await copy.write(Buffer.from(`${v}\n`));
        assert.equal(await copy.end(), 1);
        await session.query(`INSERT INTO ${schema}.checkpoint VALUES ($1)`, [v]);
        if (fail) throw new Error('stop');
      });
    await chunk(1, false);
    await assert.rejects(chunk(2, true), /stop/);
    assert.deepEqual([await valuesOf(target, `${schema}.t`), await valuesOf(target, `${schema}.checkpoint`, 'n')], [[1], [1]]);
  });
}
