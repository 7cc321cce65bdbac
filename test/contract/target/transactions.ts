import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertFails, valuesOf, type InSchema } from './target-assertions.ts';

export function testTransactions(get: () => InSchema): void {
  it('keeps what was committed and gives the result', async () => {
    const { target, schema } = get();
    const result = await target.transaction(async (session) => {
      await session.query(`CREATE TABLE ${schema}.t (v integer)`);
      await session.query(`INSERT INTO ${schema}.t VALUES (1), (2)`);
      return 'done';
    });
    assert.equal(result, 'done');
    assert.deepEqual(await valuesOf(target, `${schema}.t`), [1, 2]);
  });

  it('rolls back when the work throws, and throws that error', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer)`);
    const failure = new Error('the work failed');
    await assert.rejects(
      target.transaction(async (session) => {
        await session.query(`INSERT INTO ${schema}.t VALUES (1)`);
        throw failure;
      }),
      (error) => error === failure,
    );
    assert.deepEqual(await valuesOf(target, `${schema}.t`), []);
  });

  it('lets nobody else in between, in order of arrival', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer)`);
    const first = target.transaction(async (session) => {
      await session.query(`INSERT INTO ${schema}.t VALUES (1)`);
      await sleep(100);
      await session.query(`INSERT INTO ${schema}.t VALUES (2)`);
    });
    const counted = target.query(`SELECT count(*)::int AS n FROM ${schema}.t`);
    const second = target.transaction((session) => session.query(`SELECT sum(v)::int AS n FROM ${schema}.t`));
    await first;
    assert.deepEqual([(await counted).rows[0]?.['n'], (await second).rows[0]?.['n']], [2, 3]);
  });

  it('keeps statements of one transaction that are sent at once in order', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (n integer GENERATED ALWAYS AS IDENTITY, v integer)`);
    await target.transaction((session) => Promise.all([3, 1, 2].map((v) => session.query(`INSERT INTO ${schema}.t (v) VALUES ($1)`, [v]))));
    const { rows } = await target.query(`SELECT v FROM ${schema}.t ORDER BY n`);
    assert.deepEqual(
      rows.map((row) => row['v']),
      [3, 1, 2],
    );
  });

  it('says so when a transaction with a failed statement is committed', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer)`);
    const swallowed = target.transaction(async (session) => {
      await session.query(`INSERT INTO ${schema}.t VALUES (1)`);
      await session.query('SELECT 1 / 0').catch(() => undefined);
    });
    await assertFails(swallowed, 'transaction-rolled-back', 'terminal');
    assert.deepEqual(await valuesOf(target, `${schema}.t`), []);
  });

  it('throws what COMMIT itself finds, and goes on', async () => {
    const { target, schema } = get();
    await target.query(
      `CREATE TABLE ${schema}.p (id integer PRIMARY KEY); CREATE TABLE ${schema}.c (v integer REFERENCES ${schema}.p DEFERRABLE INITIALLY DEFERRED)`,
    );
    await assertFails(
      target.transaction((session) => session.query(`INSERT INTO ${schema}.c VALUES (1)`)),
      'sql-failed',
      'terminal',
      { sqlstate: '23503', constraint: 'c_v_fkey' },
    );
    assert.deepEqual(await valuesOf(target, `${schema}.c`), []);
  });

  it('goes on after a savepoint was rolled back', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer)`);
    await target.transaction(async (session) => {
      await session.query('SAVEPOINT chunk');
      const copy = await session.copyIn(`COPY ${schema}.t FROM STDIN`);
      await copy.write(Buffer.from('1\nx\n'));
      await assertFails(copy.end(), 'row-refused', 'row', { line: 2 });
      await session.query('ROLLBACK TO SAVEPOINT chunk');
      await session.query(`INSERT INTO ${schema}.t VALUES (5)`);
    });
    assert.deepEqual(await valuesOf(target, `${schema}.t`), [5]);
  });
}
