import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError, type ErrorContext, type ErrorKind } from '../../src/core/errors.ts';
import type { Target } from '../../src/core/target/target.ts';
import { collect, copyHeader, copyTrailer, int4, tuple } from '../helpers/copy-bytes.ts';

export interface TargetHarness {
  /** A target in a database that nothing else uses; called once, in a `before` hook. */
  start(context: Mocha.Context): Promise<Target>;
  stop(): Promise<void>;
}

/** Two suites may share a database. */
let schemas = 0;

/** What every target promises. Each test has a schema of its own. */
export function describeTarget(name: string, harness: TargetHarness): void {
  describe(`target contract: ${name}`, function () {
    this.timeout(60_000);
    let target: Target;
    let schema: string;

    before(async function () {
      target = await harness.start(this);
    });
    after(() => harness.stop());
    beforeEach(async () => {
      schema = `contract_${++schemas}`;
      await target.query(`CREATE SCHEMA ${schema}`);
    });

    describe('values', () => testValues(() => target));
    describe('transactions', () => testTransactions(() => ({ target, schema })));
    describe('COPY in', () => testCopyIn(() => ({ target, schema })));
    describe('COPY out', () => testCopyOut(() => ({ target, schema })));
    describe('errors', () => testErrors(() => ({ target, schema })));
    describe('cancel', () => testCancel(() => target));
    describe('introspection', () => testIntrospection(() => ({ target, schema })));
  });
}

const never = new AbortController().signal;

function testValues(get: () => Target): void {
  const cases: readonly (readonly [sql: string, value: unknown])[] = [
    ['9223372036854775807::bigint', '9223372036854775807'],
    ['2147483647::integer', 2147483647],
    ['(-32768)::smallint', -32768],
    ['2.50::numeric(10,2)', '2.50'],
    ['0.1::float8 + 0.2', 0.30000000000000004],
    ["'NaN'::float8", NaN],
    ["'-Infinity'::float8", -Infinity],
    ['true', true],
    ['NULL::integer', null],
    [`'{"b": 9007199254740993}'::jsonb`, '{"b": 9007199254740993}'],
    [`'{"b":1 }'::json`, '{"b":1 }'],
    [`'\\x00ff10'::bytea`, new Uint8Array([0, 255, 16])],
    [`'\\x'::bytea`, new Uint8Array([])],
    ["'2024-01-02 03:04:05.678901+02'::timestamptz", '2024-01-02 01:04:05.678901+00'],
    ["'2024-01-02 03:04:05'::timestamp", '2024-01-02 03:04:05'],
    ["'0044-03-15 BC'::date", '0044-03-15 BC'],
    ["'1 mon -2 days 00:00:03.5'::interval", '1 mon -2 days +00:00:03.5'],
    ["ARRAY['a', NULL, 'b c']", '{a,NULL,"b c"}'],
    ["'ünïcödé 😀'::text", 'ünïcödé 😀'],
    ["E'back\\\\slash'", 'back\\slash'],
  ];
  for (const [sql, value] of cases) {
    it(`gives ${sql}`, async () => {
      const { rows, rowCount } = await get().query(`SELECT ${sql} AS value`);
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        [{ value }],
      );
      assert.equal(rowCount, 1);
    });
  }

  it('takes parameters of every kind', async () => {
    const { rows } = await get().query(
      'SELECT $1::bytea AS bytes, $2::text[] AS texts, $3::bigint AS big, $4::boolean AS yes, $5::text AS nothing, $6::jsonb AS json, $7::integer AS number, $8::timestamptz AS at, $9::float8 AS float',
      [new Uint8Array([0, 1, 254]), ['a', 'b"\\', '', '{x,y}'], 9007199254740993n, true, null, '{"a":[1]}', 7, '2024-01-02T03:04:05Z', 0.1],
    );
    assert.deepEqual(
      { ...rows[0] },
      {
        bytes: new Uint8Array([0, 1, 254]),
        texts: '{a,"b\\"\\\\","","{x,y}"}',
        big: '9007199254740993',
        yes: true,
        nothing: null,
        json: '{"a": [1]}',
        number: 7,
        at: '2024-01-02 03:04:05+00',
        float: 0.1,
      },
    );
  });

  it('takes booleans and numbers as text, too', async () => {
    const { rows } = await get().query('SELECT $1::boolean AS yes, $2::integer AS number', ['false', '12']);
    assert.deepEqual({ ...rows[0] }, { yes: false, number: 12 });
  });

  it('gives the result of the last of several statements', async () => {
    const { rows } = await get().query('SELECT 1 AS a; SELECT 2 AS a');
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [{ a: 2 }],
    );
  });

  it('counts changed rows', async () => {
    const target = get();
    await target.query('CREATE TEMPORARY TABLE counted (v integer)');
    assert.equal((await target.query('INSERT INTO counted SELECT generate_series(1, 5)')).rowCount, 5);
    assert.equal((await target.query('UPDATE counted SET v = v WHERE v > $1', [3])).rowCount, 2);
    await target.query('DROP TABLE counted');
  });

  it('has settings that do not depend on the server', async () => {
    const { rows } = await get().query(
      `SELECT current_setting('TimeZone') AS zone, current_setting('DateStyle') AS date, current_setting('standard_conforming_strings') AS strings,
       current_setting('statement_timeout') AS timeout, current_setting('search_path') AS path, current_setting('client_encoding') AS encoding`,
    );
    assert.deepEqual({ ...rows[0] }, { zone: 'UTC', date: 'ISO, YMD', strings: 'on', timeout: '0', path: 'public', encoding: 'UTF8' });
  });

  it('knows what the server can do', () => {
    const { capabilities } = get();
    assert.ok(capabilities.serverVersion >= 150000);
    assert.match(capabilities.vectorVersion ?? '', /^0\.\d+\.\d+$/);
    assert.ok(capabilities.parallelConnections >= 1);
    assert.equal(capabilities.canCreateSchema, true);
  });
}

interface InSchema {
  readonly target: Target;
  readonly schema: string;
}

function testTransactions(get: () => InSchema): void {
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

function testCopyIn(get: () => InSchema): void {
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

function testCopyOut(get: () => InSchema): void {
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

function testErrors(get: () => InSchema): void {
  it('keeps every field of the server', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer PRIMARY KEY, w integer NOT NULL)`);
    await target.query(`INSERT INTO ${schema}.t VALUES (1, 1)`);
    await assertFails(target.query(`INSERT INTO ${schema}.t VALUES (1, 1)`), 'sql-failed', 'terminal', {
      sqlstate: '23505',
      severity: 'ERROR',
      detail: 'Key (v)=(1) already exists.',
      schema,
      table: 't',
      constraint: 't_pkey',
    });
    await assertFails(target.query(`INSERT INTO ${schema}.t VALUES (2, NULL)`), 'sql-failed', 'terminal', {
      sqlstate: '23502',
      column: 'w',
    });
    await assertFails(target.query('SELECT nothing'), 'sql-failed', 'terminal', { sqlstate: '42703', position: '8' });
    await assertFails(target.query(`SELECT 'x'::text + 1`), 'sql-failed', 'terminal', { sqlstate: '42883' }, (context) =>
      assert.match(context.hint ?? '', /operator/),
    );
  });

  it('tells what a function raised, and where', async () => {
    const { target } = get();
    const raised = target.query(`DO $$ BEGIN RAISE EXCEPTION 'no' USING DETAIL = 'because', HINT = 'do not do that'; END $$`);
    await assertFails(
      raised,
      'sql-failed',
      'terminal',
      { sqlstate: 'P0001', message: 'no', detail: 'because', hint: 'do not do that' },
      (context) => assert.match(context.where ?? '', /PL\/pgSQL function/),
    );
  });

  it('blames the row when a trigger refuses it inside COPY', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer);
      CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v = 2 THEN RAISE EXCEPTION 'two'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON ${schema}.t FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()`);
    const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN`);
    await copy.write(Buffer.from('1\n2\n3\n'));
    await assertFails(copy.end(), 'row-refused', 'row', { sqlstate: 'P0001', message: 'two', line: 2 });
  });
}

function testCancel(get: () => Target): void {
  it('ends a long statement within a second, and the target can be used again', async () => {
    const target = get();
    const long = target.query(
      "SELECT count(*) FROM generate_series(1, 20000000) AS a, generate_series(1, 1000) AS b WHERE md5(a::text || b::text) = ''",
    );
    const failed = long.then(
      () => null,
      (error: unknown) => ({ error, at: performance.now() }),
    );
    await sleep(300);
    const asked = performance.now();
    await target.cancel();
    const outcome = await failed;
    assert.ok(outcome?.error instanceof MigrationError, 'the statement was not cancelled');
    assert.ok(['statement-cancelled', 'embedded-stopped'].includes(outcome.error.code), outcome.error.code);
    assert.ok(outcome.at - asked < 1000, `it took ${outcome.at - asked} ms`);
    assert.equal((await target.query('SELECT 1 AS one')).rows[0]?.['one'], 1);
  });
}

function testIntrospection(get: () => InSchema): void {
  it('reads a rich schema', async () => {
    const { target, schema } = get();
    await target.query(richSchema(schema));
    const catalog = await target.introspect([schema]);
    assert.deepEqual(
      catalog.tables.map((table) => table.name),
      ['Order Items', 'orders', 'orders_2024', 'orders_all', 'people'],
    );
    const [items, orders, year, all, people] = catalog.tables;
    assert.deepEqual(people?.columns.slice(0, 3), [
      { name: 'id', declared: 'bigint', nullable: false, default: null, generated: null, identity: true, collation: null },
      {
        name: 'email',
        declared: 'character varying(120)',
        nullable: false,
        default: null,
        generated: null,
        identity: false,
        collation: 'C',
      },
      { name: 'born', declared: 'date', nullable: true, default: 'CURRENT_DATE', generated: null, identity: false, collation: null },
    ]);
    assert.equal(people?.columns.find((column) => column.name === 'initial')?.generated?.stored, true);
    assert.deepEqual(people?.primaryKey, ['id']);
    assert.deepEqual(people?.uniques, [{ name: 'people_email_key', columns: ['email'], collations: [null] }]);
    assert.deepEqual(
      people?.checks.map((check) => check.name),
      ['adult'],
    );
    assert.equal(people?.nextIdentity, 42n);
    assert.deepEqual(orders?.nextIdentity, 1n);
    assert.equal(orders?.columns[0]?.identity, true);
    assert.deepEqual(items?.primaryKey, ['order', 'Line No']);
    assert.deepEqual(items?.foreignKeys, [
      {
        name: 'items_order',
        columns: ['order'],
        references: 'orders',
        referencesSchema: schema,
        referencesColumns: ['id'],
        onDelete: 'cascade',
        onUpdate: 'no action',
        deferrable: true,
      },
    ]);
    assert.deepEqual(items?.notes, ['constraint items_price is NOT VALID']);
    assert.deepEqual(
      people?.indexes.map(({ name, unique, method, parts, where }) => ({ name, unique, method, parts, where })),
      [
        {
          name: 'people_lower',
          unique: true,
          method: 'btree',
          parts: [{ column: null, expression: 'lower(email::text)', descending: false, collation: 'C' }],
          where: null,
        },
        {
          name: 'people_recent',
          unique: false,
          method: 'btree',
          where: '(born IS NOT NULL)',
          parts: [
            { column: 'born', expression: null, descending: true, collation: null },
            { column: 'email', expression: null, descending: false, collation: 'POSIX' },
          ],
        },
      ],
    );
    assert.deepEqual([all?.notes, year?.notes], [['partitioned by RANGE (at)'], ['partition of orders_all']]);
    assert.deepEqual(
      catalog.views.map((view) => view.name),
      ['adults'],
    );
    assert.deepEqual(
      catalog.triggers.map(({ name, table }) => ({ name, table })),
      [{ name: 'touch', table: 'people' }],
    );
  });

  it('reads every schema but the system’s and its own state when none is named', async () => {
    const { target, schema } = get();
    await target.query(
      `CREATE SCHEMA IF NOT EXISTS sluice; CREATE TABLE IF NOT EXISTS sluice.introspected (v integer); CREATE TABLE ${schema}.mine (v integer)`,
    );
    const { tables } = await target.introspect([]);
    assert.ok(tables.some((table) => table.schema === schema && table.name === 'mine'));
    assert.deepEqual(
      tables.filter((table) => ['sluice', 'pg_catalog', 'information_schema'].includes(table.schema ?? '')),
      [],
    );
    assert.deepEqual(
      (await target.introspect(['sluice'])).tables.map((table) => table.name),
      ['introspected'],
    );
    await target.query('DROP SCHEMA sluice CASCADE');
  });

  it('gives nothing for a schema that is empty or does not exist', async () => {
    const { target, schema } = get();
    assert.deepEqual(await target.introspect([schema, 'no such schema']), { tables: [], views: [], triggers: [], skipped: [] });
  });
}

function richSchema(schema: string): string {
  return `SET search_path = ${schema};
    CREATE TABLE people (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, email varchar(120) COLLATE "C" NOT NULL UNIQUE, born date DEFAULT CURRENT_DATE,
      initial text GENERATED ALWAYS AS (substr(email, 1, 1)) STORED, CONSTRAINT adult CHECK (born < '2020-01-01'));
    SELECT setval(pg_get_serial_sequence('people', 'id'), 41);
    CREATE UNIQUE INDEX people_lower ON people (lower(email));
    CREATE INDEX people_recent ON people (born DESC, email COLLATE "POSIX") INCLUDE (id) WHERE born IS NOT NULL;
    CREATE TABLE orders (id serial PRIMARY KEY, person bigint REFERENCES people ON UPDATE SET NULL);
    CREATE TABLE "Order Items" ("order" integer CONSTRAINT items_order REFERENCES orders ON DELETE CASCADE DEFERRABLE, "Line No" smallint, price numeric(10,2), PRIMARY KEY ("order", "Line No"));
    ALTER TABLE "Order Items" ADD CONSTRAINT items_price CHECK (price > 0) NOT VALID;
    CREATE TABLE orders_all (at date NOT NULL) PARTITION BY RANGE (at);
    CREATE TABLE orders_2024 PARTITION OF orders_all FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE VIEW adults AS SELECT id FROM people;
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER touch BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION touch();
    SET search_path = public`;
}

async function valuesOf(target: Target, table: string, column = 'v'): Promise<unknown[]> {
  return (await target.query(`SELECT ${column} FROM ${table} ORDER BY 1`)).rows.map((row) => row[column]);
}

async function assertFails(
  work: Promise<unknown>,
  code: string,
  kind: ErrorKind,
  context: ErrorContext = {},
  look: (context: ErrorContext) => void = () => {},
): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof MigrationError, String(error));
    const wanted = Object.fromEntries(Object.keys(context).map((key) => [key, error.context[key]]));
    assert.deepEqual({ code: error.code, kind: error.kind, ...wanted }, { code, kind, ...context });
    assert.ok(error.remedy.length > 10);
    look(error.context);
    return true;
  });
}
