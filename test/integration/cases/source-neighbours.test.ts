import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSession } from '../../../samples/dira/session-writer.ts';
import { askSource, MigrationError, type SourceAgreement } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import type { SourceAgreementRequest } from '../../../src/core/run/browse-requests.ts';
import { describeCase, type CaseRun, type CaseSetting, type CaseStore } from '../../helpers/case-setting.ts';
import { duckDbStore, inDuckDb } from '../../helpers/duckdb.ts';

const rows = 300;
const dimensions = 12;

/** The same each time; numbers that no store rounds. */
function vectors(): readonly Float32Array[] {
  let seed = 5;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: rows }, () =>
    Float32Array.from({ length: dimensions }, () => (Math.round((random() * 2 - 1) * 64) + 0.5) / 64),
  );
}

const all = vectors();
const texts = all.map((vector) => `[${vector.join(',')}]`);

const sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, embedding BLOB)';
const kinds = ['even', 'odd'];

function blobs(edit: (id: number, vector: Float32Array) => Float32Array = (_id, vector) => vector): Required<Pick<CaseStore, 'fill'>> {
  return {
    fill: (database) => {
      const insert = database.prepare('INSERT INTO t VALUES (?, ?, ?)');
      all.forEach((vector, i) => insert.run(i + 1, kinds[i % 2], Buffer.from(edit(i + 1, vector).slice().buffer)));
    },
  };
}

/** Ids of the nearest rows of the store, by comparing with every one in double precision. */
function nearest(to: number, k: number, keep: (id: number) => boolean = () => true): readonly string[] {
  const query = all[to - 1]!;
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return all
    .map((vector, i) => ({ id: i + 1, distance: 1 - dot(query, vector) / Math.sqrt(dot(query, query) * dot(vector, vector)) }))
    .filter(({ id }) => id !== to && keep(id))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, k)
    .map(({ id }) => String(id));
}

async function ask(setting: CaseSetting, run: CaseRun, wish: Partial<SourceAgreementRequest> = {}): Promise<SourceAgreement> {
  const request: SourceAgreementRequest = {
    schema: run.schema,
    table: 't',
    column: 'embedding',
    query: { kind: 'row', key: ['17'] },
    k: 10,
    metric: null,
    filter: null,
    effort: null,
    target: setting.at().choice,
    input: { kind: 'run', runId: String(run.result.runId) },
    signal: new AbortController().signal,
    ...wish,
  };
  return askSource(request, setting.deps());
}

const keysOf = ({ neighbours }: SourceAgreement): readonly string[] => neighbours.map(({ key }) => key.join('/'));

/** One store of each kind, whose rows are numbered from 1. */
const stores: readonly (readonly [kind: string, store: CaseStore])[] = [
  ['SQLite, bytes', { sql, ...blobs() }],
  [
    'SQLite, texts',
    {
      sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, embedding TEXT)',
      fill: (database) => all.forEach((_, i) => database.prepare('INSERT INTO t VALUES (?, ?)').run(i + 1, texts[i])),
    },
  ],
  [
    'CSV',
    { text: { name: 't.csv', bytes: ['id,embedding', ...texts.map((text, i) => `${i + 1},"${text}"`), ''].join('\n'), records: rows } },
  ],
  [
    'JSON',
    {
      make: {
        create: (folder) => {
          const path = join(folder, 't.json');
          writeFileSync(path, JSON.stringify(all.map((vector, i) => ({ id: i + 1, embedding: [...vector] }))));
          return Promise.resolve(path);
        },
        count: (_location, tables) => Promise.resolve(tables.map((table) => [table, rows])),
      },
    },
  ],
  [
    'DuckDB',
    {
      make: duckDbStore(
        `CREATE TABLE t (id INTEGER PRIMARY KEY, embedding FLOAT[${dimensions}]); INSERT INTO t VALUES ${texts.map((text, i) => `(${i + 1}, ${text})`).join(', ')}`,
      ),
    },
  ],
  [
    'Parquet',
    {
      make: {
        create: async (folder) => {
          const path = join(folder, 't.parquet');
          const values = texts.map((text, i) => `(${i + 1}, ${text}::FLOAT[])`).join(', ');
          await inDuckDb(null, (connection) => connection.run(`COPY (SELECT * FROM (VALUES ${values}) AS t (id, embedding)) TO '${path}'`));
          return path;
        },
        count: (_location, tables) => Promise.resolve(tables.map((table) => [table, rows])),
      },
    },
  ],
  [
    'Jac',
    {
      make: {
        create: (folder) => {
          const path = join(folder, 'main.session');
          const root = '00000000-0000-0000-0000-000000000000';
          const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
          writeSession(
            path,
            all.map((vector, i) => ({ id: idOf(i + 1), className: 'T', fields: { number: BigInt(i + 1), embedding: [...vector] }, root })),
          );
          return Promise.resolve(path);
        },
        count: (_location, tables) => Promise.resolve(tables.map((table) => [table, rows])),
      },
    },
  ],
];

describeCase('V10', 'the same query in source and target', (setting) => {
  for (const [kind, store] of stores)
    it(`agrees: ${kind}`, () =>
      setting.migrate(store, async (run) => {
        const table = run.plan.tables.find(({ columns = [] }) => columns.some(({ to }) => to === 'embedding'));
        assert.equal(table?.columns?.find(({ to }) => to === 'embedding')?.type, `vector(${dimensions})`);
        const name = typeof table.to === 'string' ? table.to : table.to.table;
        const [[key = null] = []] = await run.query(
          `SELECT ${table.primaryKey?.[0] ?? 'ctid'}::text FROM ${run.name(name)} WHERE embedding = '${texts[16]}'`,
        );
        const number = kind === 'Jac' ? 'number' : 'id';
        const found = await ask(setting, run, { table: name, query: { kind: 'row', key: [String(key)] } });
        assert.deepEqual([found.agrees, found.sameOrder, found.places, found.query], [true, 10, 10, 'same'], JSON.stringify(found));
        assert.deepEqual([found.rows, found.rejected, found.differences], [rows - 1, 0, []]);
        const own = new Map(
          (await run.query(`SELECT ${table.primaryKey?.[0] ?? 'ctid'}::text AS key, ${number}::text AS number FROM ${run.name(name)}`)).map(
            ([id, one]) => [String(id), String(one)],
          ),
        );
        assert.deepEqual(
          keysOf(found).map((id) => own.get(id)),
          nearest(17, 10),
        );
        assert.deepEqual(
          found.neighbours.map(({ targetRank }) => targetRank),
          [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        );
        assert.ok(found.neighbours.every(({ provenance }) => provenance.length > 0));
      }));

  for (const metric of ['l2', 'ip', 'l1'] as const)
    it(`agrees by ${metric}, from a vector that is no row`, () =>
      setting.migrate({ sql, ...blobs() }, async (run) => {
        const found = await ask(setting, run, {
          metric,
          k: 25,
          query: { kind: 'vector', vector: texts[3]!.replace('[', '[0.5, ').replace(/,[^,]*\]$/, ']') },
        });
        assert.deepEqual(
          [found.agrees, found.sameOrder, found.query, found.rows],
          [true, 25, null, rows],
          JSON.stringify(found.differences),
        );
      }));

  it('keeps to a condition of the target', () =>
    setting.migrate({ sql, ...blobs() }, async (run) => {
      const found = await ask(setting, run, { filter: "kind = 'odd' -- only these" });
      assert.deepEqual([found.agrees, found.sameOrder, found.rows], [true, 10, rows / 2]);
      assert.deepEqual(
        keysOf(found),
        nearest(17, 10, (id) => id % 2 === 0),
      );
      await assert.rejects(
        ask(setting, run, { filter: 'true) OR (true' }),
        (error) => error instanceof MigrationError && error.code === 'filter-refused',
      );
    }));

  it('lets equally near rows change places', () => {
    const near = nearest(17, 12).map(Number);
    // The tenth and the eleventh are one vector, and so are the third and the fourth.
    const twins = new Map([
      [near[10], near[9]],
      [near[3], near[2]],
    ]);
    return setting.migrate({ sql, ...blobs((id, vector) => (twins.has(id) ? all[twins.get(id)! - 1]! : vector)) }, async (run) => {
      for (const k of [3, 10]) {
        const found = await ask(setting, run, { k });
        assert.deepEqual([found.agrees, found.sameOrder, found.differences], [true, k, []], JSON.stringify(found));
      }
    });
  });

  it('says which rows differ, and why', () =>
    setting.migrate({ sql, ...blobs() }, async (run) => {
      const near = nearest(17, 12);
      const name = run.name('t');
      const removed = `DELETE FROM ${name} WHERE id = ${near[1]}`;
      const changed = `UPDATE ${name} SET embedding = (SELECT embedding FROM ${name} WHERE id = ${near[3]}) WHERE id = ${near[4]}`;
      const foreign = `INSERT INTO ${name} SELECT 9999, 'odd', embedding FROM ${name} WHERE id = 17`;
      const undo = [
        `DELETE FROM ${name} WHERE id = 9999`,
        `INSERT INTO ${name} VALUES (${near[1]}, '${kinds[(Number(near[1]) - 1) % 2]}', '${texts[Number(near[1]) - 1]}')`,
        `UPDATE ${name} SET embedding = '${texts[Number(near[4]) - 1]}' WHERE id = ${near[4]}`,
      ];
      for (const statement of [removed, changed, foreign]) await run.query(statement);
      try {
        const found = await ask(setting, run);
        assert.equal(found.agrees, false);
        assert.deepEqual(keysOf(found), nearest(17, 10));
        const told = new Map(found.differences.map((row) => [row.key.join(), [row.reason, row.sourceRank, row.targetRank]]));
        assert.deepEqual(told.get(near[1]!), ['missing-in-target', 2, null]);
        assert.deepEqual(told.get('9999'), ['missing-in-source', null, 1]);
        assert.equal(told.get(near[4]!)?.[0], 'vector-differs');
        assert.equal(told.size, 3, JSON.stringify(found.differences));
        // Of ten one is a stranger and one has another vector.
        assert.deepEqual([found.places, found.sameOrder], [10, 8]);
        const row = found.differences.find(({ reason }) => reason === 'missing-in-target');
        assert.match(row?.provenance ?? '', /\d/);
        assert.ok((row?.sourceDistance ?? 0) > 0);
        assert.equal(row?.targetDistance, null);
        await run.query(`UPDATE ${name} SET embedding = (SELECT embedding FROM ${name} WHERE id = 200) WHERE id = 17`);
        assert.equal((await ask(setting, run)).query, 'vector-differs');
        await run.query(`UPDATE ${name} SET embedding = '${texts[16]}' WHERE id = 17`);
      } finally {
        for (const statement of undo) await run.query(statement);
      }
      assert.equal((await ask(setting, run)).agrees, true);
    }));

  it('leaves rejected rows out on both sides, and counts them', () => {
    const broken = Number(nearest(17, 3)[2]);
    const edit = (id: number, vector: Float32Array): Float32Array => (id === broken ? vector.map(() => Number.NaN) : vector);
    const asVector = (plan: PlanInput): void => {
      const column = plan.tables[0]?.columns?.find(({ to }) => to === 'embedding');
      Object.assign(column ?? {}, { type: `vector(${dimensions})`, convert: 'float32-blob' });
    };
    return setting.migrate({ sql, ...blobs(edit), options: { onReject: 'quarantine' }, edit: asVector }, async (run) => {
      assert.equal(run.result.rejects, 1);
      const found = await ask(setting, run);
      assert.deepEqual([found.agrees, found.rejected, found.rows], [true, 1, rows - 2]);
      assert.deepEqual(
        keysOf(found),
        nearest(17, 10, (id) => id !== broken),
      );
    });
  });

  it('matches rows without a key by their content', () =>
    setting.migrate(
      {
        sql: 'CREATE TABLE t (word TEXT, embedding BLOB)',
        fill: (database) => {
          all.forEach((vector, i) => database.prepare('INSERT INTO t VALUES (?, ?)').run(`w${i}`, Buffer.from(vector.slice().buffer)));
        },
      },
      async (run) => {
        const [[place] = []] = await run.query(`SELECT ctid::text FROM ${run.name('t')} WHERE word = 'w16'`);
        const found = await ask(setting, run, { query: { kind: 'row', key: [String(place)] } });
        assert.deepEqual([found.agrees, found.sameOrder, found.query], [true, 10, 'same'], JSON.stringify(found));
      },
    ));

  it('refuses a table that the plan does not have, and a column that it does not fill', () =>
    setting.migrate({ sql, ...blobs() }, async (run) => {
      const refusal = async (wish: Partial<SourceAgreementRequest>): Promise<string> => {
        const error: unknown = await ask(setting, run, wish).then(
          () => assert.fail('it was not refused'),
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof MigrationError, String(error));
        return `${error.code}: ${error.message}`;
      };
      assert.match(await refusal({ table: 'nothing' }), /^bad-usage: "\S+nothing" is not a table of this plan/);
      await run.query(`ALTER TABLE ${run.name('t')} ADD COLUMN other vector(3)`);
      try {
        assert.match(await refusal({ column: 'other' }), /^bad-usage: The plan does not read column "other"/);
      } finally {
        await run.query(`ALTER TABLE ${run.name('t')} DROP COLUMN other`);
      }
      const stopped = new AbortController();
      stopped.abort();
      assert.match(await refusal({ signal: stopped.signal }), /^cancelled/);
    }));
});
