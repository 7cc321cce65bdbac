import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { diffSchemas, MigrationError, previewSql, type SchemaChange, type SchemaDiffResult } from '../../../src/core/index.ts';
import { readPlan } from '../../../src/core/plan/read-plan.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';
import { execute } from '../../helpers/existing-tables.ts';
import { requirePostgres } from '../../helpers/postgres.ts';
import { projectRoot } from '../../helpers/run-cli.ts';
import { widgetTdcTables } from '../../helpers/widgettdc.ts';

describeOnBothTargets('schema diff', (withBench) => {
  it('WidgetTDC: everything is missing before the run, nothing differs after it, nothing is left behind', () =>
    withBench('', async (bench) => {
      const plan = widgetTdc(bench);
      await execute(bench, 'CREATE TABLE public.mine (id integer PRIMARY KEY)');
      const before = await bench.target.dump();
      const missing = await diff(bench, plan);
      assert.deepEqual([missing.deletes, missing.alters, missing.warnings], [[], [], []]);
      assert.deepEqual(names(missing.adds), ['extension vector', ...widgetTdcTables.map(({ target }) => `table ${target}`).sort()]);
      assert.deepEqual(
        missing.tables.map(({ table, before: there }) => [table, there]),
        widgetTdcTables.map(({ target }) => [target, '']).sort(),
      );
      assert.equal(await bench.target.dump(), before);

      await bench.run(plan, { verify: false });
      const same = await diff(bench, plan);
      assert.deepEqual([same.adds, same.deletes, same.alters, same.statements], [[], [], [], []]);
      assert.ok(same.tables.every((table) => table.before === table.after && table.after.endsWith(';\n')));
      assert.equal(same.warnings.length, 9);
      assert.equal((await diff(bench, plan)).targetHash, same.targetHash);
      assert.notEqual(same.targetHash, missing.targetHash);

      await execute(
        bench,
        `ALTER TABLE public.decisions ALTER COLUMN title TYPE varchar(500);
         DROP INDEX public.memory_entities_embedding_idx;
         ALTER TABLE public.raw_documents ADD COLUMN seen boolean`,
      );
      const changed = await diff(bench, plan);
      assert.deepEqual(names(changed.adds), ['index public.memory_entities.memory_entities_embedding_idx']);
      assert.deepEqual(changed.deletes, [
        { kind: 'column', name: 'public.raw_documents.seen', table: 'public.raw_documents', before: 'boolean', after: null },
      ]);
      assert.deepEqual(changed.alters, [
        {
          kind: 'column',
          name: 'public.decisions.title',
          table: 'public.decisions',
          before: 'character varying(500) NOT NULL',
          after: 'text NOT NULL',
        },
      ]);
      assert.deepEqual(
        changed.statements.map(({ sql, hazards }) => [sql.split(' USING')[0], hazards.map(({ code }) => code)]),
        [
          ['ALTER TABLE "public"."decisions" ALTER COLUMN "title" TYPE text', ['long-lock']],
          ['CREATE INDEX "memory_entities_embedding_idx" ON "public"."memory_entities"', ['index-build']],
        ],
      );
    }));

  it('in a mode that writes into tables that are there, says what becomes of them', () =>
    withBench(itemsSeed(1), async (bench) => {
      await execute(bench, 'CREATE TABLE public.item (id bigint PRIMARY KEY, name text)');
      for (const mode of ['create', 'append', 'upsert', 'replace'] as const) {
        const [warning, ...others] = (await diff(bench, storePlan([itemTable], { mode }))).warnings;
        assert.deepEqual([warning?.code, warning?.table, others], [mode === 'create' ? 'table-exists' : 'table-kept', 'public.item', []]);
        assert.match(warning?.message ?? '', new RegExp(`mode ${mode} `));
      }
    }));

  it('the statements turn older tables into those of the plan', () =>
    withBench('', async (bench) => {
      await execute(bench, olderShop);
      const before = await bench.target.dump();
      const found = await diff(bench, shopPlan);
      assert.equal(await bench.target.dump(), before);
      assert.ok(found.adds.length > 5 && found.alters.length > 8, JSON.stringify([names(found.adds), names(found.alters)]));
      await execute(bench, ...found.statements.map(({ sql }) => sql));
      const mended = await diff(bench, shopPlan);
      assert.deepEqual([mended.adds, mended.alters, mended.statements], [[], [], []]);
      assert.deepEqual(names(mended.deletes), ['column My Shop.Order.old note', 'index My Shop.Order.order_old']);
      // The rows are there, and the new identity goes on behind them.
      await execute(bench, `INSERT INTO "My Shop"."Order" (kind, amount) VALUES ('big', 2)`);
      assert.deepEqual(
        await bench.target.query(`SELECT concat_ws(' ', id, kind, amount, twice, customer) FROM "My Shop"."Order" ORDER BY id`),
        ['7 small 3.00 6.00 1', '8 big 2.00 4.00'],
      );
    }));

  it('a fresh target becomes what the plan makes; identities, enums and keys over two schemas included', () =>
    withBench('', async (bench) => {
      await execute(bench, 'CREATE TABLE public.customer (id bigint PRIMARY KEY)');
      const found = await diff(bench, shopPlan);
      assert.deepEqual([found.deletes, found.alters], [[], []]);
      assert.deepEqual(names(found.adds), [
        'schema My Shop',
        'sequence My Shop.free numbers',
        'type My Shop.Mood',
        'table My Shop.Order',
        'table public.part',
      ]);
      await execute(bench, ...found.statements.map(({ sql }) => sql));
      const same = await diff(bench, shopPlan);
      assert.deepEqual([same.adds, same.deletes, same.alters], [[], [], []]);
    }));

  it('a statement that the server refuses is named, and nothing is left behind', () =>
    withBench(itemsSeed(1), async (bench) => {
      const before = await bench.target.dump();
      const bad: PlanInput = storePlan([itemTable, { ...itemTable, to: 'other', checks: ['weight > no_such_function(1)'] }]);
      await assert.rejects(diff(bench, bad), (error) => {
        assert.ok(error instanceof MigrationError);
        assert.deepEqual([error.code, error.context.table], ['plan-refused', 'public.other']);
        assert.match(error.message, /refuses what the plan makes for public\.other: function no_such_function\(integer\) does not exist/);
        assert.doesNotMatch(JSON.stringify(error.context), /shadow/i);
        return true;
      });
      assert.equal(await bench.target.dump(), before);
    }));

  it('--schema beats the plan; a cancelled one stops; an embedded database that was never made stays unmade', () =>
    withBench(
      '',
      async (bench) => {
        const found = await diffSchemas({ ...request(bench, storePlan([itemTable])), schema: 'else where' }, bench.deps);
        assert.deepEqual(names(found.adds), ['schema else where', 'table else where.item']);
        const cancelled = diffSchemas({ ...request(bench, storePlan([itemTable])), signal: AbortSignal.abort() }, bench.deps);
        await assert.rejects(cancelled, (error) => error instanceof MigrationError && error.code === 'cancelled');
        if (bench.choice.kind === 'embedded') assert.equal(existsSync(bench.choice.directory), false);
      },
      'unmade',
    ));
});

describe('schema diff on a server with other users', function () {
  this.timeout(60_000);

  it('waits for no writer of a table that a foreign key refers to', async function () {
    const { withServer } = await servers(this);
    await withServer(async ({ client, url, diffOn }) => {
      await client.query('CREATE TABLE public.customer (id bigint PRIMARY KEY)');
      await client.query('BEGIN');
      await client.query('INSERT INTO public.customer VALUES (1)');
      const found = await Promise.race([diffOn(url), new Promise((_, reject) => setTimeout(() => reject(new Error('it waits')), 20_000))]);
      assert.equal((found as SchemaDiffResult).adds.length, 5);
      await client.query('ROLLBACK');
    });
  });

  it('a role that may not create schemas is told so', async function () {
    const { cluster, withServer } = await servers(this);
    await withServer(async ({ url, diffOn }) => {
      await cluster.psql(`DROP ROLE IF EXISTS diff_reader`);
      await cluster.createUser('diff_reader', 'secret');
      const other = new URL(url);
      other.username = 'diff_reader';
      other.password = 'secret';
      await assert.rejects(diffOn(other.href), (error) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'cannot-create-schema');
        assert.match(error.remedy, /GRANT CREATE ON DATABASE/);
        return true;
      });
    });
  });

  it('many tables are made a part at a time, with the keys between the parts', async function () {
    const { cluster, withServer } = await servers(this);
    await withServer(async ({ url, diffOn }) => {
      const chain = storePlan(
        Array.from({ length: 130 }, (_, i) => ({
          ...itemTable,
          to: `t${i}`,
          foreignKeys: [{ columns: ['id'], references: `t${(i + 1) % 130}`, referencesColumns: ['id'] }],
        })),
      );
      const missing = await diffOn(url, JSON.stringify(chain));
      assert.deepEqual(names(missing.adds), chain.tables.map((table) => `table public.${String(table.to)}`).sort());
      await cluster.psql(missing.statements.map(({ sql }) => `${sql};\n`).join(''), new URL(url).pathname.slice(1));
      const same = await diffOn(url, JSON.stringify(chain));
      assert.deepEqual([same.adds, same.deletes, same.alters], [[], [], []]);
    });
  });

  it('the previewed script makes a database from which nothing differs', async function () {
    const { cluster, withServer } = await servers(this);
    await withServer(async ({ url, diffOn }) => {
      const text = readFileSync(join(projectRoot, 'samples/widgettdc/widgettdc.sluice.json'), 'utf8');
      const script = previewSql({ input: { text, path: 'widgettdc.sluice.json' } });
      assert.match(script, /^-- public\.memory_entities: rows of main\.memory_entities, 7 columns$/m);
      await cluster.psql(script, new URL(url).pathname.slice(1));
      const same = await diffOn(url, text);
      assert.deepEqual([same.adds, same.deletes, same.alters], [[], [], []]);
    });
  });
});

interface ServerBench {
  readonly url: string;
  readonly client: pg.Client;
  diffOn(url: string, text?: string): Promise<SchemaDiffResult>;
}

async function servers(context: Mocha.Context) {
  const { createEngine } = await import('../../../src/cli/create-engine.ts');
  const { parsePostgresUrl } = await import('../../../src/core/target/postgres/connection-string.ts');
  const cluster = await requirePostgres(context);
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const withServer = async (work: (bench: ServerBench) => Promise<void>): Promise<void> => {
    const url = await cluster.createDatabase();
    const client = new pg.Client(url);
    await client.connect();
    const engine = createEngine({ log: silent, emit: () => undefined, environment: {} });
    const diffOn: ServerBench['diffOn'] = (address, text = JSON.stringify(shopPlan)) =>
      diffSchemas(
        {
          input: { text, path: 'plan.sluice.json' },
          target: { kind: 'postgres', connection: parsePostgresUrl(address, {}), name: 'env:T' },
          signal: new AbortController().signal,
        },
        engine.deps,
      );
    try {
      await work({ url, client, diffOn });
    } finally {
      await engine.close();
      await client.end();
      await cluster.dropDatabase(new URL(url).pathname.slice(1));
    }
  };
  return { cluster, withServer };
}

function request(bench: Bench, plan: PlanInput): Parameters<typeof diffSchemas>[0] {
  return {
    input: { text: JSON.stringify(plan), path: join(bench.folder, 'store.sluice.json') },
    target: bench.choice,
    signal: new AbortController().signal,
  };
}

function diff(bench: Bench, plan: PlanInput): Promise<SchemaDiffResult> {
  return diffSchemas(request(bench, plan), bench.deps);
}

function names(changes: readonly SchemaChange[]): string[] {
  return changes.map(({ kind, name }) => `${kind} ${name}`);
}

function widgetTdc(bench: Bench): PlanInput {
  const sample = join(projectRoot, 'samples/widgettdc');
  copyFileSync(join(sample, 'widget-tdc.db'), join(bench.folder, 'widget-tdc.db'));
  return readPlan(readFileSync(join(sample, 'widgettdc.sluice.json'), 'utf8'), { path: 'widgettdc.sluice.json' });
}

/** Names that need quotes, an enum, sequences, a generated column, keys in and out of the plan, and SQL that names the plan's own objects. */
const shopPlan: PlanInput = storePlan([
  {
    source: 'main',
    from: 'order',
    to: { schema: 'My Shop', table: 'Order' },
    columns: [
      { from: 'id', to: 'id', type: 'bigint', identity: true, nullable: false },
      { from: 'kind', to: 'kind', type: '"My Shop"."Mood"', nullable: false, default: { sql: `'small'::"My Shop"."Mood"` } },
      { from: 'amount', to: 'amount', type: 'numeric(10,2)', nullable: false, default: { value: 0 } },
      { from: null, to: 'twice', type: 'numeric(12,2)', generated: 'amount * 2' },
      { from: 'number', to: 'number', type: 'bigint', default: { sql: `nextval('"My Shop"."free numbers"')` } },
      { from: 'customer', to: 'customer', type: 'bigint' },
      { from: 'tags', to: 'tags', type: 'text[]' },
    ],
    primaryKey: ['id'],
    uniques: [['number'], { name: 'two', columns: ['customer', 'kind'] }],
    checks: ['amount >= 0', { name: 'known', expression: `kind <> 'none'::"My Shop"."Mood"` }],
    foreignKeys: [
      { columns: ['customer'], references: { schema: 'public', table: 'customer' }, referencesColumns: ['id'], onDelete: 'cascade' },
    ],
    indexes: [
      { columns: [{ column: 'amount', descending: true }], where: `kind = 'big'::"My Shop"."Mood"` },
      { columns: ['twice'] },
      { columns: ['tags'], method: 'gin' },
      { columns: [], expression: 'lower(tags[1])', name: 'first tag' },
    ],
  },
  {
    source: 'main',
    from: 'part',
    to: 'part',
    columns: [
      { from: 'order', to: 'order', type: 'bigint', nullable: false },
      { from: 'name', to: 'name', type: 'varchar(40)', nullable: false },
    ],
    primaryKey: ['order', 'name'],
    foreignKeys: [{ columns: ['order'], references: { schema: 'My Shop', table: 'Order' }, referencesColumns: ['id'] }],
  },
]);
shopPlan.enums = [{ name: { schema: 'My Shop', table: 'Mood' }, values: ['none', 'small', 'big'] }];
shopPlan.sequences = [
  { name: { schema: 'My Shop', table: 'free numbers' }, start: 100, increment: 5 },
  { name: { schema: 'My Shop', table: 'ids' }, ownedBy: { table: { schema: 'My Shop', table: 'Order' }, column: 'id' } },
];

/** The same tables as somebody made them long ago. */
const olderShop = `
  CREATE SCHEMA "My Shop";
  CREATE TYPE "My Shop"."Mood" AS ENUM ('none', 'small');
  CREATE TABLE public.customer (id bigint PRIMARY KEY);
  CREATE TABLE "My Shop"."Order" (
    id serial PRIMARY KEY,
    kind "My Shop"."Mood",
    amount double precision DEFAULT 1 NOT NULL,
    twice double precision GENERATED ALWAYS AS (amount * 2) STORED,
    customer integer DEFAULT 5,
    "old note" text,
    CONSTRAINT known CHECK (amount < 1000)
  );
  CREATE INDEX "Order_amount_idx" ON "My Shop"."Order" (amount);
  CREATE INDEX "Order_twice_idx" ON "My Shop"."Order" (twice);
  CREATE INDEX order_old ON "My Shop"."Order" ("old note");
  CREATE TABLE public.part ("order" integer NOT NULL REFERENCES "My Shop"."Order" (id), name text, CONSTRAINT mine PRIMARY KEY ("order", name));
  INSERT INTO public.customer VALUES (1);
  INSERT INTO "My Shop"."Order" (id, kind, amount, customer, "old note") VALUES (7, 'small', 3, 1, 'x')`;
