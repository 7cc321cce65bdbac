import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError, type RunRequest, type RunResult, type TargetChoice } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { chooseTarget } from '../../../src/cli/target-choice.ts';
import { embeddedTarget, postgresTarget, type CliTarget } from '../../helpers/cli-target.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, withBenchOf, type Bench } from '../../helpers/engine.ts';
import { watchTarget } from '../../helpers/left-alone.ts';
import { startOldServer } from '../../helpers/old-server.ts';
import { requirePostgres, startCluster, type Cluster } from '../../helpers/postgres.ts';

/** The error that refused a run, which left the target as it was. */
async function refused(bench: Bench, plan: PlanInput, settings: Partial<RunRequest> = {}): Promise<MigrationError> {
  const assertLeftAlone = await watchTarget(bench);
  try {
    await bench.run(plan, settings);
  } catch (error) {
    assert.ok(error instanceof MigrationError, String(error));
    assert.equal(error.context['runId'], undefined, error.message);
    await assertLeftAlone();
    return error;
  }
  return assert.fail('the run was not refused');
}

function warnings(result: RunResult): readonly string[] {
  return (result.preflight?.findings ?? []).map(({ severity, code }) => `${severity} ${code}`);
}

/** A table of `count` integers, filled in its only row. */
function wideSeed(count: number): string {
  const names = Array.from({ length: count }, (_, i) => `c${i}`);
  return `CREATE TABLE wide (${names.map((name) => `${name} INTEGER`).join(', ')}); INSERT INTO wide VALUES (${names.map((_, i) => i).join(', ')});`;
}

function wideTable(count: number, type = 'bigint'): PlanInput['tables'][number] {
  const columns = Array.from({ length: count }, (_, i) => ({ from: `c${i}`, to: `c${i}`, type }));
  return { source: 'main', from: 'wide', to: 'wide', columns };
}

function keyTable(index: NonNullable<PlanInput['tables'][number]['indexes']>[number]): PlanInput['tables'][number] {
  return { source: 'main', from: 'page', to: 'page', columns: [{ from: 'url', to: 'url', type: 'text' }], indexes: [index] };
}

const brokenChecks = `CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER CHECK (v > 0), code TEXT CHECK (length(code) < 5 /* short */), w INTEGER CHECK (w < 9));
  PRAGMA ignore_check_constraints = on; INSERT INTO t VALUES (1, 1, 'a', 1), (2, -5, 'b', NULL), (3, NULL, NULL, 2), (4, 0, 'c', 3), (5, 7, 'much too long', 8);`;

const checkedTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 't',
  to: 't',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'v', to: 'v', type: 'bigint' },
    { from: 'code', to: 'code', type: 'text' },
    { from: 'w', to: 'w', type: 'bigint' },
  ],
  primaryKey: ['id'],
  checks: [
    { expression: '"v" > 0', from: 'v > 0' },
    { expression: 'length("code") < 5', from: 'length(code) < 5 /* short */' },
    { expression: '"w" < 9', from: 'w < 9' },
  ],
};

const noisyKey = 'CREATE TABLE page (url TEXT); INSERT INTO page VALUES (hex(randomblob(10000)));';

describeOnBothTargets('preflight', (onBench) => {
  it('a dry run tells what it found, reads each row once, and creates nothing', () =>
    onBench(
      `${itemsSeed(1_000)} UPDATE item SET weight = '' WHERE id <= 3;`,
      async (bench) => {
        const assertLeftAlone = await watchTarget(bench);
        const plan = storePlan([itemTable], { onReject: 'quarantine' });
        const result = await bench.run(plan, { dryRun: true });
        assert.deepEqual([result.runId, result.status], [null, 'dry-run']);
        assert.deepEqual(result.preflight?.rows, { checked: 1_000, rejects: 0 });
        assert.deepEqual(
          result.preflight.losses.map(({ table, column, values }) => [table, column, values]),
          [['public.item', 'weight', 3]],
        );
        assert.deepEqual(warnings(result), ['warning values-change']);
        const [disk] = result.preflight.disk;
        assert.ok(disk !== undefined && disk.needed > 30_000, JSON.stringify(disk));
        assert.equal(disk.free === null, bench.choice.kind === 'postgres', 'free space is known where the disk is this machine');
        await assertLeftAlone();
        assert.deepEqual(
          bench.events.flatMap((event) => (event.type === 'preflight' ? [event.report] : [])),
          [result.preflight],
        );
      },
      'unmade',
    ));

  it('tells everything that is wrong at once', () =>
    onBench(
      `${wideSeed(1_700)} ${noisyKey} ${itemsSeed(10)} UPDATE item SET weight = 'heavy' WHERE id = 5;`,
      async (bench) => {
        const plan = storePlan([{ ...wideTable(1_700), from: 'wide' }, keyTable({ columns: ['url'] }), itemTable]);
        const stale = { ...plan, madeFrom: { sources: { main: { fingerprint: 'sha256:other', profiled: 'full' as const } } } };
        const error = await refused(bench, stale);
        assert.equal(error.code, 'stale-plan');
        const also = error.context.also ?? [];
        assert.equal(also.length, 4, also.join('\n'));
        assert.match(also[0] ?? '', /public\.wide has 1700 columns.*at most 1600/);
        assert.match(also[1] ?? '', /1 row cannot be converted.*rowid 5, weight/);
        assert.match(also[2] ?? '', /1 row of public\.wide would take at least \d+ bytes \(rowid 1\)/);
        assert.match(also[3] ?? '', /public\.page has a key that does not fit into the index \(url\): up to 20008 bytes/);
      },
      'unmade',
    ));

  it('S43 1,500 filled bigint columns are refused before they are loaded, in quarantine as well when no row would be left', () =>
    onBench(wideSeed(1_500), async (bench) => {
      for (const onReject of ['stop', 'quarantine'] as const) {
        const error = await refused(bench, storePlan([wideTable(1_500)], { onReject }));
        assert.equal(error.code, 'row-too-wide');
      }
    }));

  it('S43 what just fits is loaded, so that the limit is the real one', () =>
    onBench(wideSeed(1_017), async (bench) => {
      const result = await bench.run(storePlan([wideTable(1_017)]));
      assert.deepEqual([result.status, result.verification.status], ['done', 'match']);
      assert.deepEqual(warnings(result), []);
    }));

  it('S29 rows that break a CHECK: counted, and refused before the first row; in quarantine announced', () =>
    onBench(brokenChecks, async (bench) => {
      const error = await refused(bench, storePlan([checkedTable]));
      assert.equal(error.code, 'check-broken');
      assert.match(error.message, /2 rows of public\.t break CHECK \("v" > 0\), so PostgreSQL refuses them/);
      assert.equal(error.context.also?.length, 1);
      assert.match(error.context.also?.[0] ?? '', /1 rows of public\.t break CHECK \(length\("code"\) < 5\)/);
      const dry = await bench.run(storePlan([checkedTable], { onReject: 'quarantine' }), { dryRun: true });
      assert.deepEqual(warnings(dry), ['warning check-broken', 'warning check-broken']);
      const result = await bench.run(storePlan([checkedTable], { onReject: 'quarantine' }));
      assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 3, 'match']);
      assert.deepEqual(warnings(result), ['warning check-broken', 'warning check-broken']);
    }));

  it('S29 rows that break a CHECK and are more than may be rejected are refused before the first row; one that breaks two counts once', () =>
    onBench(`${brokenChecks} UPDATE t SET code = 'long as well' WHERE id = 2;`, async (bench) => {
      const plan = (maxRejects: number): PlanInput => storePlan([checkedTable], { onReject: 'quarantine', maxRejects });
      const error = await refused(bench, plan(2));
      assert.equal(error.code, 'rejects-beyond-limit');
      assert.match(error.message, /^3 rows break a CHECK and would be rejected, more than the 2 allowed, so nothing was written/);
      const result = await bench.run(plan(3));
      assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 3, 'match']);
    }));

  it('S29 a CHECK over values that are converted is a warning, since what arrives may pass it', () =>
    onBench(`CREATE TABLE t (v TEXT); INSERT INTO t VALUES ('n/a'), ('x');`, async (bench) => {
      const check = { expression: `"v" <> 'n/a'`, from: `v <> 'n/a'` };
      const columns = [{ from: 'v', to: 'v', type: 'text', nullTokens: ['n/a'] }];
      const table = { source: 'main', from: 't', to: 't', columns, checks: [check] };
      assert.equal((await bench.run(storePlan([table], { onReject: 'quarantine', maxRejects: 0 }), { dryRun: true })).status, 'dry-run');
      const result = await bench.run(storePlan([table]));
      assert.deepEqual(warnings(result), ['warning check-broken', 'warning values-change']);
      assert.deepEqual([result.rejects, result.verification.status], [0, 'match']);
    }));

  it('S46 a key of 20 kB is refused before rows are loaded; with method hash it is taken', () =>
    onBench(noisyKey, async (bench) => {
      const plan = storePlan([keyTable({ columns: ['url'] })], { onReject: 'quarantine' });
      assert.equal((await refused(bench, plan)).code, 'key-too-long');
      const result = await bench.run(storePlan([keyTable({ columns: ['url'], method: 'hash' })]));
      assert.equal(result.verification.status, 'match');
    }));

  it('S46 a key of 20 kB that PostgreSQL can compress is a warning, and is taken', () =>
    onBench(`CREATE TABLE page (url TEXT); INSERT INTO page VALUES (replace(hex(zeroblob(10000)), '00', 'ab'));`, async (bench) => {
      const result = await bench.run(storePlan([keyTable({ columns: ['url'] })]));
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(warnings(result), ['warning key-too-long']);
    }));

  const indexed = (indexes: NonNullable<PlanInput['tables'][number]['indexes']>): PlanInput =>
    storePlan([
      {
        ...{ source: 'main', from: 'page', to: 'page' },
        columns: [
          { from: 'url', to: 'url', type: 'text' },
          { from: 'kind', to: 'kind', type: 'bigint' },
        ],
        indexes,
      },
    ]);

  it('S46 partial and expression indexes: only keys that are in the index count, as the store evaluates them', () =>
    onBench(
      `CREATE TABLE page (url TEXT, kind INTEGER); INSERT INTO page VALUES (hex(randomblob(10000)), 1), (hex(randomblob(10000)), 1), ('short', 2), (NULL, 2);
       CREATE INDEX by_long ON page (url) WHERE kind = 1; CREATE INDEX by_short ON page (url) WHERE kind = 2;
       CREATE INDEX by_lower ON page (kind, upper(url) || '!') WHERE kind = 1; CREATE INDEX by_length ON page (length(url));`,
      async (bench) => {
        const long = await refused(bench, indexed([{ name: 'by_long', columns: ['url'], where: '("kind" = 1)' }]));
        assert.equal(long.code, 'key-too-long');
        assert.match(
          long.message,
          /2 rows of public\.page have keys that do not fit into the index by_long: up to 20008 bytes \(rowid [12]\)/,
        );
        const unsure = indexed([{ name: 'by_short', columns: ['url'], where: '"kind" < 2' }]);
        assert.deepEqual(
          warnings(await bench.run(unsure, { dryRun: true })),
          ['warning key-too-long'],
          'the plan has a condition of its own',
        );
        const otherwise = indexed([{ columns: ['url'], where: '"kind" = 2' }]);
        const [unnamed] = (await bench.run(otherwise, { dryRun: true })).preflight?.findings ?? [];
        assert.match(unnamed?.message ?? '', /2 rows of public\.page have keys that may not fit into the index on page/);
        const computed = indexed([{ name: 'by_lower', columns: ['kind', { expression: `(upper("url") || '!')` }], where: '("kind" = 1)' }]);
        assert.match((await refused(bench, computed)).message, /2 rows .* that do not fit into the index by_lower: up to 20009 bytes/);
        const foreign = indexed([{ name: 'mine', columns: [{ expression: `reverse("url")` }] }]);
        assert.deepEqual(warnings(await bench.run(foreign, { dryRun: true })), ['warning key-not-measured']);
        const fitting = await bench.run(
          indexed([
            { name: 'by_short', columns: ['url'], where: '("kind" = 2)' },
            { name: 'by_length', columns: [{ expression: 'length("url")' }] },
            { columns: [{ expression: 'md5("url")' }] },
          ]),
        );
        assert.deepEqual([fitting.verification.status, warnings(fitting)], ['match', []]);
      },
    ));

  it('names that are taken: tables, types, sequences and indexes, each by its own name', () =>
    onBench(itemsSeed(10), async (bench) => {
      // A first run makes the names that are in the way of the second one.
      const other: PlanInput['tables'][number] = { ...itemTable, to: 'first', indexes: [{ name: 'by_name', columns: ['name'] }] };
      const first = await bench.run({
        ...storePlan([other]),
        sequences: [{ name: 'numbers' }],
        enums: [{ name: 'mood', values: ['good'] }],
        targetOnly: [{ to: 'moods', columns: [{ to: 'mood', type: 'mood' }] }],
      });
      assert.equal(first.status, 'done');
      const before = await bench.target.dump();
      const second = {
        ...storePlan([{ ...itemTable, indexes: [{ name: 'by_name', columns: ['weight'] }] }]),
        sequences: [{ name: 'numbers' }],
        enums: [{ name: 'mood', values: ['bad'] }],
        targetOnly: [{ to: 'first', columns: [{ to: 'mood', type: 'mood' }] }],
      };
      await assert.rejects(bench.run(second), (error) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'table-exists');
        assert.deepEqual(error.context['tables'], ['public.first']);
        assert.match(error.context.also?.[0] ?? '', /index public\.by_name, sequence public\.numbers, type public\.mood/);
        return true;
      });
      // A table cannot have the name of a type.
      const third = { ...storePlan([]), targetOnly: [{ to: 'mood', columns: [{ to: 'a', type: 'text' }] }] };
      await assert.rejects(bench.run(third), (error) => error instanceof MigrationError && error.code === 'table-exists');
      assert.equal(await bench.target.dump(), before);
    }));

  it('the estimate of the disk is at least what the tables take, and not three times as much', () =>
    onBench(
      `${itemsSeed(20_000)} CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO note SELECT id, hex(randomblob(200)) FROM item;`,
      async (bench) => {
        const note: PlanInput['tables'][number] = {
          ...itemTable,
          from: 'note',
          to: 'note',
          columns: [
            { from: 'id', to: 'id', type: 'bigint', nullable: false },
            { from: 'body', to: 'body', type: 'text' },
          ],
          indexes: [{ columns: ['id'] }],
        };
        const result = await bench.run(storePlan([{ ...itemTable, indexes: [{ columns: ['name'] }] }, note]));
        const [size] = await bench.target.query(`SELECT pg_total_relation_size('item') + pg_total_relation_size('note')`);
        const [disk] = result.preflight?.disk ?? [];
        // The embedded database counts its own files and the spool of a verification as well.
        const fixed = bench.choice.kind === 'embedded' ? 128 * 2 ** 20 : 0;
        const needed = (disk?.needed ?? 0) - fixed;
        assert.ok(needed >= Number(size) * 0.9 && needed < Number(size) * 3, `${needed} estimated, ${size} taken`);
      },
    ));

  it('names of more than 63 bytes are refused', () =>
    onBench(itemsSeed(1), async (bench) => {
      await assert.rejects(
        bench.run(storePlan([{ ...itemTable, to: 'é'.repeat(32) }])),
        (error) => error instanceof MigrationError && error.code === 'invalid-plan' && /63/.test(error.message),
      );
    }));
});

describe('preflight of an embedded target', function () {
  this.timeout(60_000);

  it('leaves a folder empty that is there and holds no database yet', () =>
    withBenchOf(
      () => Promise.resolve(embeddedTarget()),
      itemsSeed(10),
      async ({ choice, run }) => {
        assert.ok(choice.kind === 'embedded');
        mkdirSync(choice.directory, { recursive: true });
        await run(storePlan([itemTable]), { dryRun: true });
        assert.deepEqual(readdirSync(choice.directory), []);
        assert.equal((await run(storePlan([itemTable]))).verification.status, 'match');
      },
    ));
});

describe('preflight asks a server for rights', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let target: CliTarget;
  let users = 0;

  before(async function () {
    cluster = await requirePostgres(this);
  });

  const inDatabase = (choice: TargetChoice, name: string): TargetChoice => {
    assert.ok(choice.kind === 'postgres');
    return { ...choice, connection: { ...choice.connection, database: name } };
  };

  const url = (): URL => new URL(target.environment['SLUICE_TEST_TARGET'] ?? '');
  const database = (): string => url().pathname.slice(1);

  /** A user without any right, and the target as they reach it. */
  async function guest(): Promise<{ readonly name: string; readonly choice: TargetChoice }> {
    const name = `guest "${process.pid}" ${++users}`;
    await cluster.createUser(name, 'secret');
    const environment = { GUEST: cluster.url(database(), { user: name, password: 'secret' }) };
    return { name, choice: chooseTarget({ flag: 'env:GUEST' }, { cwd: '/', environment, warn: () => undefined }) };
  }

  /** Refused for the rights in `missing`; with the grants that the refusal names, the run goes through. */
  async function mended(bench: Bench, plan: PlanInput, missing: readonly RegExp[], user: { readonly choice: TargetChoice }): Promise<void> {
    const before = await target.dump();
    const error = await bench.run(plan, { target: user.choice }).then(
      () => assert.fail('the run was not refused'),
      (thrown: unknown) => thrown as MigrationError,
    );
    assert.equal(error.code, 'no-privilege', error.message);
    const texts = [`${error.message.split('\n')[0] ?? ''} ${error.remedy}`, ...(error.context.also ?? [])];
    assert.equal(texts.length, missing.length, texts.join('\n'));
    missing.forEach((pattern, i) => assert.match(texts[i] ?? '', pattern));
    assert.equal(await target.dump(), before, 'nothing was created');
    for (const text of texts) await cluster.psql(/for: (.*);$/.exec(text)?.[1] ?? assert.fail(text), database());
    const result = await bench.run(plan, { target: user.choice });
    assert.deepEqual([result.status, result.verification.status], ['done', 'match']);
  }

  const onServer = (seed: string, work: (bench: Bench) => Promise<void>): Promise<void> =>
    withBenchOf(async () => (target = await postgresTarget(cluster)), seed, work);

  it('CREATE on the database and on the schema', () =>
    onServer(itemsSeed(10), async (bench) => {
      const user = await guest();
      await mended(
        bench,
        storePlan([itemTable]),
        [
          /no right CREATE on database ".*to make schema "sluice".*GRANT CREATE ON DATABASE "test_.*" TO "guest ""/,
          /no right CREATE on schema "public".*GRANT CREATE ON SCHEMA "public" TO/,
        ],
        user,
      );
    }));

  it('USAGE and CREATE on a schema of somebody else', () =>
    onServer(itemsSeed(10), async (bench) => {
      const user = await guest();
      await cluster.psql(`CREATE SCHEMA app; GRANT CREATE ON DATABASE "${database()}" TO "${user.name.replaceAll('"', '""')}"`, database());
      const plan = { ...storePlan([itemTable]), target: { profile: 'embedded', schema: 'app' } };
      await mended(bench, plan, [/no right USAGE, CREATE on schema "app"/], user);
    }));

  it('what Sluice keeps there for another user', () =>
    onServer(itemsSeed(10), async (bench) => {
      await bench.run(storePlan([{ ...itemTable, to: 'first' }]));
      const user = await guest();
      await cluster.psql(`GRANT CREATE ON SCHEMA public TO "${user.name.replaceAll('"', '""')}"`, database());
      await mended(
        bench,
        storePlan([itemTable]),
        [/no right USAGE on schema "sluice".*GRANT USAGE ON SCHEMA sluice TO.*GRANT SELECT, INSERT, UPDATE, DELETE/],
        user,
      );
      const other = await guest();
      const name = `"${other.name.replaceAll('"', '""')}"`;
      await cluster.psql(
        `GRANT CREATE ON SCHEMA public TO ${name}; GRANT USAGE ON SCHEMA sluice TO ${name}; GRANT SELECT ON ALL TABLES IN SCHEMA sluice TO ${name}`,
        database(),
      );
      await mended(
        bench,
        storePlan([{ ...itemTable, to: 'third' }]),
        [/no right .*INSERT on run, UPDATE on run.* on tables of schema "sluice"/],
        other,
      );
    }));

  it('REFERENCES on a table of somebody else, and that the table is there', () =>
    onServer(`${itemsSeed(10)}`, async (bench) => {
      const user = await guest();
      const name = `"${user.name.replaceAll('"', '""')}"`;
      await cluster.psql(
        `CREATE TABLE parent (id bigint PRIMARY KEY); INSERT INTO parent SELECT generate_series(1, 10);
        GRANT CREATE ON DATABASE "${database()}" TO ${name}; GRANT CREATE ON SCHEMA public TO ${name}; GRANT SELECT ON parent TO ${name}`,
        database(),
      );
      const child = (table: string): PlanInput['tables'][number] => ({
        ...itemTable,
        foreignKeys: [{ columns: ['id'], references: { schema: 'public', table }, referencesColumns: ['id'] }],
      });
      await assert.rejects(bench.run(storePlan([child('nowhere')]), { target: user.choice }), { code: 'referenced-table-missing' });
      await mended(bench, storePlan([child('parent')]), [/no right REFERENCES on table public\.parent/], user);
    }));

  it('the extension: whoever may not create it is told what to ask for; one that is there needs its schema', () =>
    onServer(`CREATE TABLE v (id INTEGER PRIMARY KEY, e BLOB); INSERT INTO v VALUES (1, x'0000803f00000040');`, async (bench) => {
      const vectors = (to: string): PlanInput =>
        storePlan([
          {
            source: 'main',
            from: 'v',
            to,
            columns: [
              { from: 'id', to: 'id', type: 'bigint', nullable: false },
              { from: 'e', to: 'e', type: 'vector(2)', convert: 'float32-blob' },
            ],
            primaryKey: ['id'],
          },
        ]);
      const user = await guest();
      await mended(bench, vectors('a'), [/CREATE on database/, /CREATE on schema "public"/, /to create extension vector/], user);
      await cluster.psql('CREATE SCHEMA vectors; ALTER EXTENSION vector SET SCHEMA vectors', database());
      const result = await bench.run(vectors('b'), { target: user.choice, dryRun: true }).then(
        () => null,
        (thrown: unknown) => thrown as MigrationError,
      );
      assert.match(result?.message ?? '', /no right USAGE on schema "vectors"/);
    }));

  it('a server that is too old is told, in every mode, and its catalogs are not asked', () =>
    onServer(itemsSeed(10), async (bench) => {
      const before = await target.dump();
      const old = await startOldServer(cluster.port, { text: '12.22', number: 120_022 });
      try {
        const address = url();
        address.port = String(old.port);
        const choice = chooseTarget({ flag: 'env:OLD' }, { cwd: '/', environment: { OLD: address.href }, warn: () => undefined });
        for (const mode of ['create', 'append', 'upsert', 'replace'] as const) {
          await assert.rejects(bench.run(storePlan([itemTable], { mode }), { target: choice }), (error) => {
            assert.ok(error instanceof MigrationError && error.code === 'server-too-old', String(error));
            assert.match(error.message, /runs PostgreSQL 12; Sluice needs 13 or later\.$/);
            assert.equal(error.context.also, undefined);
            return true;
          });
        }
        const made = { createDatabase: true, target: inDatabase(choice, `${database()}_new`) };
        await assert.rejects(bench.run(storePlan([itemTable]), made), { code: 'server-too-old' });
      } finally {
        await old.close();
      }
      assert.equal(await target.dump(), before, 'nothing was created');
    }));

  it('pgvector without HNSW is told where an index needs it, and serves where none does', () =>
    onServer(`CREATE TABLE v (id INTEGER PRIMARY KEY, e BLOB); INSERT INTO v VALUES (1, x'0000803f00000040');`, async (bench) => {
      // The catalog of the server itself says so; the library is another.
      await cluster.psql(`CREATE EXTENSION vector; UPDATE pg_extension SET extversion = '0.4.4' WHERE extname = 'vector'`, database());
      const before = await target.dump();
      const vectors = (indexes: NonNullable<PlanInput['tables'][number]['indexes']>): PlanInput => {
        const e = { from: 'e', to: 'e', type: 'vector(2)', convert: 'float32-blob' };
        return storePlan([{ source: 'main', from: 'v', to: 'v', columns: [e], indexes }]);
      };
      const hnsw = vectors([{ columns: ['e'], method: 'hnsw', opclass: 'vector_l2_ops' }]);
      await assert.rejects(bench.run(hnsw), (error) => {
        assert.ok(error instanceof MigrationError && error.code === 'vector-too-old', String(error));
        assert.match(error.message, /pgvector 0\.4\.4 has no HNSW index; 0\.5 or later has/);
        return true;
      });
      assert.equal(await target.dump(), before, 'nothing was created');
      assert.equal((await bench.run(vectors([]))).verification.status, 'match');
    }));

  it('V08 pgvector without indexes on signs is told by version, with what to do', () =>
    onServer(`CREATE TABLE v (id INTEGER PRIMARY KEY, e BLOB); INSERT INTO v VALUES (1, x'0000803f00000040');`, async (bench) => {
      await cluster.psql(`CREATE EXTENSION vector; UPDATE pg_extension SET extversion = '0.6.2' WHERE extname = 'vector'`, database());
      const before = await target.dump();
      const e = { from: 'e', to: 'e', type: 'vector(2)', convert: 'float32-blob' };
      const index = { expression: 'binary_quantize(e)::bit(2)', method: 'hnsw', opclass: 'bit_hamming_ops' } as const;
      await assert.rejects(bench.run(storePlan([{ source: 'main', from: 'v', to: 'v', columns: [e], indexes: [index] }])), (error) => {
        assert.ok(error instanceof MigrationError && error.code === 'vector-too-old', String(error));
        assert.match(error.message, /pgvector 0\.6\.2 has no index on half precision, signs.*; 0\.7 or later has/);
        assert.match(error.remedy, /ALTER EXTENSION vector UPDATE, or remove these indexes from the plan/);
        return true;
      });
      assert.equal(await target.dump(), before, 'nothing was created');
    }));

  it('a standby takes no writes', async () => {
    const standby = await startCluster();
    try {
      const url = await standby.createDatabase('shop');
      await standby.stop();
      writeFileSync(join(standby.folder, 'data', 'standby.signal'), '');
      await standby.start();
      const choice = chooseTarget({ flag: 'env:STANDBY' }, { cwd: '/', environment: { STANDBY: url }, warn: () => undefined });
      await onServer(itemsSeed(10), (bench) =>
        assert.rejects(bench.run(storePlan([itemTable]), { target: choice }), { code: 'target-read-only' }),
      );
    } finally {
      await standby.remove();
    }
  });

  it('a database that the run would make: whether the user may, without making it', () =>
    onServer(itemsSeed(10), async (bench) => {
      const user = await guest();
      const name = `${database()}_new`;
      const settings = { target: inDatabase(user.choice, name), createDatabase: true };
      await assert.rejects(
        bench.run(storePlan([itemTable]), settings),
        (error) => error instanceof MigrationError && error.code === 'no-privilege' && /ALTER ROLE .* CREATEDB/.test(error.remedy),
      );
      await cluster.psql(`ALTER ROLE "${user.name.replaceAll('"', '""')}" CREATEDB`);
      const there = (): Promise<string> => cluster.psql(`SELECT count(*) FROM pg_database WHERE datname = '${name}'`);
      assert.equal((await bench.run(storePlan([itemTable]), { ...settings, dryRun: true })).status, 'dry-run');
      assert.equal(await there(), '0', 'a dry run makes no database');
      const result = await bench.run(storePlan([itemTable]), settings);
      assert.equal(result.verification.status, 'match');
      assert.equal(await there(), '1');
      await cluster.dropDatabase(name);
    }));
});
