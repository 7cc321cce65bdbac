import assert from 'node:assert/strict';
import pg from 'pg';
import type { Statement } from '../../src/core/model/statement.ts';
import { compilePlan } from '../../src/core/plan/compile-plan.ts';
import { planSchema, type PlanInput } from '../../src/core/plan/plan-schema.ts';
import { readPlan } from '../../src/core/plan/read-plan.ts';
import { dropStatement } from '../../src/core/sql/drop-statement.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { goldenPlan } from '../unit/core/plan/golden-plans.ts';

describe('a compiled plan on a server', () => {
  let cluster: Cluster;
  let database: string;
  let client: pg.Client;

  beforeEach(async function () {
    cluster = await requirePostgres(this);
    const url = await cluster.createDatabase();
    database = new URL(url).pathname.slice(1);
    client = new pg.Client(url);
    await client.connect();
    // As in a run: nothing is found by its bare name.
    await client.query("SET search_path = ''");
  });

  afterEach(async () => {
    await client?.end();
    if (database !== undefined) await cluster.dropDatabase(database);
  });

  /** Each statement alone in a transaction, then everything dropped in reverse order. */
  async function runAndDrop(statements: readonly Statement[]): Promise<readonly string[]> {
    const empty = await objects();
    for (const { sql } of statements) await client.query(`BEGIN; ${sql}; COMMIT`);
    const made = await objects();
    for (const { object } of statements.toReversed()) if (object !== null) await client.query(dropStatement(object));
    for (const { object } of statements.toReversed())
      if (object !== null && object.kind !== 'comment') await client.query(dropStatement(object));
    assert.deepEqual(await objects(), empty);
    return made.filter((name) => !empty.includes(name));
  }

  async function objects(): Promise<readonly string[]> {
    const { rows } = await client.query<{ name: string }>(`
      SELECT identity AS name FROM (
        SELECT 'pg_class'::regclass AS c, oid FROM pg_class UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint
        UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type UNION ALL SELECT 'pg_namespace'::regclass, oid FROM pg_namespace
        UNION ALL SELECT 'pg_extension'::regclass, oid FROM pg_extension
      ) o, pg_identify_object(o.c, o.oid, 0) WHERE o.oid >= 16384 AND identity NOT LIKE 'pg_toast%' ORDER BY 1`);
    return rows.map((row) => row.name);
  }

  for (const name of ['widgettdc', 'widgettdc-strict']) {
    it(`${name}: every statement runs alone and can be taken back`, async () => {
      const { preData, postData } = compilePlan(readPlan(goldenPlan(name), { path: name }));
      const made = await runAndDrop([...preData, ...postData]);
      assert.ok(made.includes('public.memory_entities_embedding_idx'), made.join(', '));
      assert.ok(made.includes('memory_relations_source_id_fkey on public.memory_relations'));
    });
  }

  const plan: PlanInput = {
    version: 1,
    name: 'everything',
    sources: { main: { kind: 'sqlite', path: 'a.db' } },
    target: { profile: 'embedded', schema: 'My Shop' },
    enums: [{ name: 'Mood', values: ['sad', "it's fine"] }],
    sequences: [
      { name: 'free numbers', start: 100, increment: 5, next: 105 },
      { name: 'owned', start: 1, next: '7', ownedBy: { table: 'Order', column: 'number' } },
      { name: 'ids', start: 10, next: 51, ownedBy: { table: 'Order', column: 'id' } },
    ],
    tables: [
      {
        source: 'main',
        from: 'o',
        to: 'Order',
        columns: [
          { from: 'id', to: 'id', type: 'bigint', identity: true, nullable: false },
          { from: 'select', to: 'select', type: 'varchar(20)', default: { value: "it's" } },
          { from: 'm', to: 'with space', type: 'Mood[]' },
          { from: 'one', to: 'ünïcödé', type: 'Mood', default: { value: "it's fine" } },
          { from: 'p', to: 'parent', type: 'bigint' },
          { from: 'n', to: 'number', type: 'integer', default: { sql: `nextval('"My Shop".owned')` } },
          { from: 'j', to: 'j', type: 'jsonb', default: { value: { a: ['x'] } } },
          { from: 'e', to: 'e', type: 'vector(3)' },
          { to: 'lower', type: 'text', generated: 'lower("select")' },
        ],
        primaryKey: ['id'],
        uniques: [['number', 'parent'], { name: 'only one', columns: ['select'] }],
        checks: ['number > 0', { name: 'named check', expression: '"select" <> \'\'' }],
        foreignKeys: [
          {
            columns: ['parent'],
            references: 'Order',
            referencesColumns: ['id'],
            onDelete: 'set null',
            onUpdate: 'cascade',
            deferrable: true,
          },
        ],
        indexes: [
          { columns: [{ column: 'number', descending: true, nullsFirst: false }, 'parent'] },
          { expression: 'lower("select")', unique: true, where: 'number > 5' },
          { columns: ['j'], method: 'gin', opclass: 'jsonb_path_ops' },
          { columns: ['e'], method: 'hnsw', opclass: 'vector_cosine_ops', with: { m: 8, ef_construction: 32 } },
          { columns: ['e'], method: 'ivfflat', opclass: 'vector_l2_ops', with: { lists: 4 } },
          { columns: [{ column: 'select', opclass: 'text_pattern_ops', collation: 'C' }] },
        ],
        comment: "the orders; it's a table",
      },
    ],
    targetOnly: [
      {
        to: { schema: 'other', table: 't' },
        columns: [{ to: 'o', type: 'bigint' }],
        foreignKeys: [{ columns: ['o'], references: 'Order', referencesColumns: ['id'] }],
      },
    ],
  };

  it('S25 S27 S29 everything a plan can say: each statement runs alone and can be taken back', async () => {
    const { preData, postData } = compilePlan(planSchema.parse(plan));
    const made = await runAndDrop([...preData, ...postData]);
    for (const name of [
      '"My Shop"."Order"',
      '"My Shop"."Order_e_idx"',
      '"My Shop"."free numbers"',
      '"My Shop".ids',
      '"My Shop"."Mood"',
      '"named check" on "My Shop"."Order"',
      'other',
      'vector',
    ]) {
      assert.ok(made.includes(name), `${name} in ${made.join(', ')}`);
    }
  });

  it('defaults, identity and generated columns do what the plan says', async () => {
    const { preData, postData } = compilePlan(planSchema.parse(plan));
    for (const { sql } of [...preData, ...postData]) await client.query(sql);
    const { rows } = await client.query(`INSERT INTO "My Shop"."Order" ("with space") VALUES ('{sad}') RETURNING *`);
    assert.deepEqual(rows[0], {
      id: '10',
      select: "it's",
      'with space': '{sad}',
      ünïcödé: "it's fine",
      parent: null,
      number: 7,
      j: { a: ['x'] },
      e: null,
      lower: "it's",
    });
    const free = await client.query(`SELECT nextval('"My Shop"."free numbers"') AS n`);
    assert.equal(free.rows[0].n, '105');
  });

  it('S18 a key with orphans can stay NOT VALID', async () => {
    const { preData, postData } = compilePlan(planSchema.parse(plan));
    for (const { sql } of preData) await client.query(sql);
    await client.query(`INSERT INTO other.t VALUES (404)`);
    const failed: string[] = [];
    for (const { sql, hazards } of postData) {
      await client.query(sql).catch((error: Error) => failed.push(`${hazards.map((hazard) => hazard.code).join()}: ${error.message}`));
    }
    assert.equal(failed.length, 1);
    assert.match(failed[0] ?? '', /^not-enforced: insert or update on table "t" violates foreign key constraint "t_o_fkey"/);
    const { rows } = await client.query(`SELECT convalidated FROM pg_catalog.pg_constraint WHERE conname = 't_o_fkey'`);
    assert.deepEqual(rows, [{ convalidated: false }]);
  });
});
