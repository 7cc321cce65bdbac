import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { writeSession, type SessionRecord } from '../../../samples/dira/session-writer.ts';
import { findNeighbours } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { fromFloat16Bits, toFloat16Bits } from '../../../src/core/tuple/float16.ts';
import { columnOf, describeCase, type CaseRun, type CaseStore } from '../../helpers/case-setting.ts';
import { duckDbStore, parquetStore } from '../../helpers/duckdb.ts';
import { layFiles } from '../../helpers/lay-files.ts';

/** Vectors that look like embeddings; the same each time. */
function vectors(rows: number, dimensions: number, norm: number | null = null): readonly Float32Array[] {
  let seed = 17;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
  return Array.from({ length: rows }, () => {
    const vector = Float64Array.from({ length: dimensions }, random);
    const scale = norm === null ? 1 : norm / Math.hypot(...vector);
    return Float32Array.from(vector, (value) => value * scale);
  });
}

const bytesOf = (vector: Float32Array | Float64Array): Buffer => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
const sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, embedding BLOB)';

function blobs(values: readonly (Uint8Array | null)[], rest: Partial<CaseStore> = {}): CaseStore {
  const fill = (database: Database.Database): void => {
    const insert = database.prepare('INSERT INTO t (embedding) VALUES (?)');
    for (const value of values) insert.run(value);
  };
  return { sql, fill, ...rest };
}

/** Elements as pgvector sends them, big-endian, behind its header. */
async function sent(run: CaseRun, table = 't'): Promise<readonly (readonly number[] | null)[]> {
  const rows = await run.query(`SELECT vector_send(embedding) FROM ${run.name(table)} ORDER BY id`);
  return rows.map(([value]) => {
    if (value === null) return null;
    const bytes = Buffer.from(value as Uint8Array);
    return Array.from({ length: bytes.readUInt16BE(0) }, (_, i) => bytes.readUInt32BE(4 + i * 4));
  });
}

/** The same of vectors in memory: bits, so that -0 and subnormals count. */
function bitsOf(values: readonly Float32Array[]): readonly (readonly number[])[] {
  return values.map((vector) => [...new Uint32Array(vector.buffer, vector.byteOffset, vector.length)]);
}

const evidenceOf = (run: CaseRun, table = 't'): string => run.column('embedding', table).evidence ?? '';

describeCase('V01', 'float32 blobs', (setting) => {
  it('1,536 bytes are vector(384), bit-equal read back, with dimensions and norms as evidence', () => {
    const wanted = [...vectors(20, 384), new Float32Array(384).fill(-0), Float32Array.from({ length: 384 }, () => 1e-15)];
    return setting.migrate(blobs(wanted.map(bytesOf)), async (run) => {
      assert.equal(run.column('embedding').type, 'vector(384)');
      assert.deepEqual(await sent(run), bitsOf(wanted));
      assert.match(
        evidenceOf(run),
        /384 dimensions; norms between 0 and \d+\.\d+; 1 zero: an index by cosine distance leaves it out; as 192 float64 /,
      );
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });

  it('lists of DuckDB are, and of what does not fit the evidence tells', () => {
    const [one, two] = vectors(2, 8);
    const list = (vector: Float32Array | undefined): string => `'[${[...(vector ?? [])].join(', ')}]'::FLOAT[]`;
    const make = duckDbStore(`CREATE TABLE t (id INTEGER, embedding FLOAT[]);
      INSERT INTO t VALUES (1, ${list(one)}), (2, ${list(two)}), (3, NULL);`);
    return setting.migrate({ make }, async (run) => {
      assert.equal(run.column('embedding').type, 'vector(8)');
      assert.match(evidenceOf(run), /declared FLOAT\[\].*8 dimensions; norms between/);
      assert.deepEqual((await sent(run)).slice(0, 2), bitsOf([one as Float32Array, two as Float32Array]));
    });
  });

  it('lists of doubles that are called embeddings are, and of DuckDB and Parquet the rounding is told', async () => {
    const values = '[0.1, 0.2, -0.3]::DOUBLE[]';
    const make = duckDbStore(
      `CREATE TABLE t (id INTEGER, embedding DOUBLE[], months DOUBLE[]); INSERT INTO t VALUES (1, ${values}, ${values});`,
    );
    await setting.migrate({ make }, async (run) => {
      assert.deepEqual([run.column('embedding').type, run.column('months').type], ['vector(3)', 'double precision[]']);
      assert.deepEqual(await run.cells('embedding'), ['[0.1,0.2,-0.3]']);
      assert.deepEqual(run.losses(), { 'embedding: rounded': 1 });
    });
    const file = { 't.parquet': `SELECT 1 AS id, ${values} AS embedding, [0.5::FLOAT, 0.25, 1, 2] AS vec` };
    await setting.migrate({ make: parquetStore(file) }, (run) => {
      assert.deepEqual([run.column('embedding').type, run.column('vec').type], ['vector(3)', 'vector(4)']);
      assert.match(evidenceOf(run), /3 dimensions; each of norm 0\.3742.*rounded to about 7 digits/);
    });
  });
});

describeCase('V02', 'blobs that are float32 or float64', (setting) => {
  const doubles = vectors(12, 384).map((vector) => Float64Array.from(vector, (value) => value / 3));

  it('3,072 bytes of float32 are 768 dimensions, and the other reading is told', () => {
    const wanted = vectors(12, 768);
    return setting.migrate(blobs(wanted.map(bytesOf)), async (run) => {
      assert.equal(run.column('embedding').type, 'vector(768)');
      assert.match(evidenceOf(run), /as 384 float64 none would be of sane size/);
      assert.deepEqual(await sent(run), bitsOf(wanted));
    });
  });

  it('3,072 bytes of float64 are 384 dimensions, narrowed, and counted as a loss', () =>
    setting.migrate(blobs(doubles.map(bytesOf)), async (run) => {
      const column = run.column('embedding');
      assert.deepEqual([column.type, column.convert, column.loss], ['vector(384)', 'float64-blob', 'rounded']);
      assert.match(
        evidenceOf(run),
        /as 768 float32 none would be of sane size \(to read them so: type vector\(768\), convert float32-blob\)/,
      );
      assert.deepEqual(await sent(run), bitsOf(doubles.map((vector) => Float32Array.from(vector))));
      assert.deepEqual(run.losses(), { 'embedding: rounded': 12 });
    }));

  it('where both are sane the evidence says so, and the plan switches', () => {
    const signs = Array.from({ length: 4 }, (_, row) => Float32Array.from({ length: 16 }, (_unused, i) => ((i + row) % 3 === 0 ? -1 : 1)));
    const edit = (plan: PlanInput): void => {
      Object.assign(columnOf(plan, 'embedding'), { type: 'vector(8)', convert: 'float64-blob', loss: 'rounded' });
      Object.assign(plan.tables[0] ?? {}, { indexes: [] });
    };
    return setting.migrate(blobs(signs.map(bytesOf), { edit }), async (run) => {
      const planned = run.planned.plan.tables[0]?.columns?.[1];
      assert.deepEqual([planned?.type, planned?.convert], ['vector(16)', 'float32-blob']);
      assert.match(planned?.evidence ?? '', /in doubt: as 8 float64 4 of 4 would be of sane size.*type vector\(8\), convert float64-blob/);
      const read = signs.map((vector) => Float32Array.from(new Float64Array(vector.buffer)));
      assert.deepEqual(await sent(run), bitsOf(read));
    });
  });
});

describeCase('V03', 'vectors as text', (setting) => {
  it('of SQLite, of CSV and of JSON are vectors with norms as evidence', async () => {
    const text = '[0.6,0.8]';
    await setting.migrate(
      { sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, embedding TEXT); INSERT INTO t VALUES (1, '${text}'), (2, '[3,4]')` },
      async (run) => {
        assert.equal(run.column('embedding').type, 'vector(2)');
        assert.match(evidenceOf(run), /2 dimensions; norms between 1 and 5; 1 of norm 1/);
        assert.deepEqual(await run.cells('embedding'), ['[0.6,0.8]', '[3,4]']);
      },
    );
    await setting.migrate({ text: { name: 't.csv', bytes: `id,embedding\n1,"${text}"\n2,"[3,4]"\n`, records: 2 } }, (run) => {
      assert.equal(run.column('embedding').type, 'vector(2)');
      assert.match(evidenceOf(run), /2 dimensions; norms between 1 and 5/);
    });
    const create = async (folder: string): Promise<string> => {
      await layFiles(join(folder, 'tree'), { 't.json': `[{"id":1,"embedding":${text}},{"id":2,"embedding":[3,4]}]` });
      return join(folder, 'tree');
    };
    await setting.migrate(
      { make: { create, count: async (_location, tables) => tables.map((table) => [table, 2] as const) } },
      async (run) => {
        const column = run.plan.tables[0]?.columns?.find(({ to }) => to === 'embedding');
        assert.equal(column?.type, 'vector(2)');
        assert.match(column?.evidence ?? '', /2 dimensions; norms between 1 and 5/);
        assert.deepEqual(await run.cells('embedding'), ['[0.6,0.8]', '[3,4]']);
      },
    );
  });

  it('pickled lists of a Jac session are', () => {
    const node = (id: string, embedding: readonly number[]): SessionRecord => ({
      id,
      className: 'Note',
      fields: { embedding },
      root: null,
      edges: [],
    });
    const make: CaseStore['make'] = {
      create: (folder) => {
        const path = join(folder, 'main.session');
        writeSession(path, [
          node('5a1e0c44-7f0b-4c1e-9a53-000000000001', [0.6, 0.8]),
          node('5a1e0c44-7f0b-4c1e-9a53-000000000002', [3, 4]),
        ]);
        return Promise.resolve(path);
      },
      count: async (_location, tables) => tables.map((table) => [table, table === 'node Note' ? 2 : 0] as const),
    };
    return setting.migrate({ make }, async (run) => {
      const table = run.plan.tables.find(({ columns }) => columns?.some(({ to }) => to === 'embedding'));
      const column = table?.columns?.find(({ to }) => to === 'embedding');
      assert.equal(column?.type, 'vector(2)');
      assert.match(column?.evidence ?? '', /2 dimensions; norms between 1 and 5; 1 of norm 1/);
      assert.deepEqual(await run.cells('embedding', String(table?.to)), ['[0.6,0.8]', '[3,4]']);
    });
  });
});

describeCase('V04', 'vectors that are unlike the others', (setting) => {
  it('NaN, infinity and an empty one are rejects of a declared column, the others are loaded', () => {
    const good = vectors(500, 8);
    const bad = [Float32Array.from([NaN, 1, 1, 1, 1, 1, 1, 1]), Float32Array.from([1, 1, -Infinity, 1, 1, 1, 1, 1])];
    const values = [...good.map(bytesOf), ...bad.map(bytesOf), Buffer.alloc(0)];
    return setting.migrate(blobs(values, { sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, embedding F32_BLOB(8))' }), async (run) => {
      assert.match(evidenceOf(run), /2 with an element that is NaN or infinite/);
      assert.equal(run.column('embedding').expectedRejects, 3);
      assert.deepEqual(run.rejects.map(({ code }) => code).toSorted(), ['not-finite', 'not-finite', 'wrong-dimensions']);
      assert.deepEqual(await sent(run), bitsOf(good));
    });
  });

  it('384 and 768 in one column are vectors of any length with a partial index for each', () => {
    const [short, long] = [vectors(30, 384), vectors(20, 768)];
    const wanted = [...short, ...long];
    return setting.migrate(blobs([...wanted.map(bytesOf), null]), async (run) => {
      assert.equal(run.column('embedding').type, 'vector');
      assert.match(evidenceOf(run), /dimensions differ: 30 of 384, 20 of 768/);
      assert.ok(run.planned.warnings.some(({ code, message }) => code === 'mixed-dimensions' && /30 of 384, 20 of 768/.test(message)));
      assert.deepEqual((await sent(run)).slice(0, 50), bitsOf(wanted));
      const found = await run.query(
        `SELECT indexdef FROM pg_indexes WHERE schemaname = '${run.schema}' AND indexdef LIKE '%hnsw%' ORDER BY 1`,
      );
      assert.deepEqual(
        found.map(([definition]) =>
          /\.?vector\((\d+)\)\) (?:\w+\.)?(\w+)\).*vector_dims\(embedding\) = (\d+)/.exec(String(definition))?.slice(1),
        ),
        [
          ['384', 'vector_cosine_ops', '384'],
          ['768', 'vector_cosine_ops', '768'],
        ],
      );
      // The search that the evidence of the index writes down finds the row itself, through the index.
      const [row] = await run.query(
        `SELECT id FROM ${run.name('t')} WHERE vector_dims(embedding) = 384 ORDER BY (embedding::vector(384)) <=> '[${short[4]?.join(',')}]'::vector(384) LIMIT 1`,
      );
      assert.deepEqual(Number(row?.[0]), 5);
    });
  });

  it('or those of one length are loaded and the others are rejects, where the plan says so', () => {
    const edit = (plan: PlanInput): void => {
      columnOf(plan, 'embedding').type = 'vector(384)';
      Object.assign(plan.tables[0] ?? {}, { indexes: [] });
    };
    const values = [...vectors(30, 384), ...vectors(20, 768)].map(bytesOf);
    return setting.migrate(blobs(values, { edit }), (run) => {
      assert.deepEqual([run.result.tables[0]?.rowsWritten, run.result.rejects], [30, 20]);
      assert.ok(run.rejects.every(({ code }) => code === 'wrong-dimensions'));
    });
  });
});

describeCase('V06', 'zero vectors with cosine distance', (setting) => {
  it('are loaded, and told as not indexed by plan and report', () => {
    const values = [...vectors(30, 16), new Float32Array(16), new Float32Array(16)];
    return setting.migrate(blobs(values.map(bytesOf)), async (run) => {
      const [index] = run.plan.tables[0]?.indexes ?? [];
      assert.equal(index?.opclass, 'vector_cosine_ops');
      assert.match(index?.evidence ?? '', /2 of 32 vectors are zero and will not be indexed/);
      assert.match(run.reportText, /2 of 32 vectors in .* are zero: an index by cosine distance leaves them out/);
      assert.deepEqual(await run.query(`SELECT count(*)::int FROM ${run.name('t')}`), [[32]]);
    });
  });
});

describeCase('V08', 'pgvector in a schema of its own', (setting) => {
  it('is found there by columns, their index and a search', async () => {
    const { session, choice } = setting.at();
    await session.query('CREATE SCHEMA "Ext"');
    await session.query('ALTER EXTENSION vector SET SCHEMA "Ext"');
    try {
      const wanted = vectors(40, 16);
      await setting.migrate(blobs(wanted.map(bytesOf)), async (run) => {
        const [row] = await run.query(
          `SELECT n.nspname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE a.attrelid = '${run.name('t')}'::regclass AND a.attname = 'embedding'`,
        );
        assert.deepEqual(row, ['Ext', 'vector']);
        assert.equal(run.plan.tables[0]?.indexes?.length, 1);
        const query = { kind: 'row', key: ['1'] } as const;
        const search = { schema: run.schema, table: 't', column: 'embedding', query, k: 3, metric: null, filter: null, effort: null };
        const found = await findNeighbours({ ...search, target: choice, signal: new AbortController().signal }, setting.deps());
        assert.equal(found.exact.neighbours.length, 3);
        assert.notEqual(found.indexed, null);
      });
    } finally {
      await session.query('ALTER EXTENSION vector SET SCHEMA public');
      await session.query('DROP SCHEMA "Ext"');
    }
  });
});

describeCase('V09', 'vectors of norm 1', (setting) => {
  it('get an operator class for the inner product, which finds what cosine finds', () => {
    const unit = vectors(300, 32, 1);
    return setting.migrate(blobs(unit.map(bytesOf)), async (run) => {
      const [index] = run.plan.tables[0]?.indexes ?? [];
      assert.equal(index?.opclass, 'vector_ip_ops');
      assert.match(index?.evidence ?? '', /All 300 vectors are of norm 1, so the inner product orders them as cosine distance does/);
      assert.match(evidenceOf(run), /all of norm 1/);
      const order = async (operator: string): Promise<unknown> =>
        run.query(`SELECT id FROM ${run.name('t')} ORDER BY embedding ${operator} '[${unit[7]?.join(',')}]'::vector LIMIT 10`);
      assert.deepEqual(await order('<#>'), await order('<=>'));
    });
  });

  it('stay with cosine where one of them is not', () =>
    setting.migrate(blobs([...vectors(40, 32, 1), ...vectors(1, 32, 2)].map(bytesOf)), (run) => {
      const [index] = run.plan.tables[0]?.indexes ?? [];
      assert.equal(index?.opclass, 'vector_cosine_ops');
      assert.match(evidenceOf(run), /40 of norm 1/);
    }));
});

describeCase('V01', 'halfvec and bit, where the plan says so', (setting) => {
  it('half precision rounds, is counted, and is verified against the rounded values', () => {
    const wanted = vectors(10, 16);
    const edit = (plan: PlanInput): void => {
      Object.assign(columnOf(plan, 'embedding'), { type: 'halfvec(16)', loss: 'rounded', accept: true });
      Object.assign(plan.tables[0] ?? {}, { indexes: [{ columns: ['embedding'], method: 'hnsw', opclass: 'halfvec_cosine_ops' }] });
    };
    return setting.migrate(
      blobs([...wanted.map(bytesOf), bytesOf(new Float32Array(16).fill(70_000))], { edit, sql: sql.replace('BLOB', 'F32_BLOB(16)') }),
      async (run) => {
        const cells = await run.cells('embedding');
        const rounded = wanted.map((vector) => [...vector].map((value) => fromFloat16Bits(toFloat16Bits(value))));
        assert.deepEqual(
          cells.map((cell) => (JSON.parse(String(cell)) as number[]).map((value) => fromFloat16Bits(toFloat16Bits(value)))),
          rounded,
        );
        assert.deepEqual(run.losses(), { 'embedding: rounded': 10 });
        assert.deepEqual(
          run.rejects.map(({ code }) => code),
          ['out-of-range'],
        );
      },
    );
  });

  it('bits come from packed blobs, in either order', () => {
    const sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, embedding BLOB, low BLOB)';
    const fill = (database: Database.Database): void => {
      const insert = database.prepare('INSERT INTO t (embedding, low) VALUES (?, ?)');
      insert.run(Buffer.of(0b10110000, 0b00000001), Buffer.of(0b00001101, 0b10000000));
      insert.run(Buffer.of(0xff, 0x00), Buffer.of(0xff, 0x00));
      insert.run(Buffer.of(0xff), Buffer.of(0xff, 0x00));
    };
    const edit = (plan: PlanInput): void => {
      Object.assign(columnOf(plan, 'embedding'), { type: 'bit(16)', convert: 'packed-bits' });
      Object.assign(columnOf(plan, 'low'), { type: 'bit(16)', convert: 'packed-bits-low' });
      Object.assign(plan.tables[0] ?? {}, { indexes: [{ columns: ['embedding'], method: 'hnsw', opclass: 'bit_hamming_ops' }] });
    };
    return setting.migrate({ sql, fill, edit }, async (run) => {
      assert.deepEqual(await run.cells('embedding'), ['1011000000000001', '1111111100000000']);
      assert.deepEqual(await run.cells('low'), ['1011000000000001', '1111111100000000']);
      assert.deepEqual(
        run.rejects.map(({ code }) => code),
        ['wrong-dimensions'],
      );
    });
  });

  it('bit strings of DuckDB become bit(n)', () => {
    const make = duckDbStore(
      `CREATE TABLE t (id INTEGER, embedding BIT); INSERT INTO t VALUES (1, '10110001'), (2, '00000000'), (3, '101');`,
    );
    const edit = (plan: PlanInput): void => void Object.assign(columnOf(plan, 'embedding'), { type: 'bit(8)' });
    return setting.migrate({ make, edit }, async (run) => {
      assert.deepEqual(await run.cells('embedding'), ['10110001', '00000000']);
      assert.deepEqual(
        run.rejects.map(({ code }) => code),
        ['wrong-dimensions'],
      );
    });
  });
});

/** Made by sqlite-vec 0.1.9 (test/fixtures/sqlite-vec/README.md), with what it reads of it itself. */
const vec0 = join(import.meta.dirname, '../../fixtures/sqlite-vec/vec0.db');
type Expected = Readonly<Record<'items' | 'docs' | 'plain', readonly Readonly<Record<string, string | number | null>>[]>>;
const expected = JSON.parse(readFileSync(vec0.replace('.db', '.expected.json'), 'utf8')) as Expected;
const numbers = (text: unknown): readonly number[] => (JSON.parse(String(text)) as number[]).map((value) => Number(value.toFixed(6)));

describeCase('V07', 'sqlite-vec', (setting) => {
  it('vec0 tables are read from their shadow tables, which are no tables of the plan', () =>
    setting.migrate({ make: vec0Store() }, async (run) => {
      assert.deepEqual(run.plan.tables.map(({ to }) => to).toSorted(), ['docs', 'items', 'kept', 'plain']);
      const types = (table: string): unknown =>
        Object.fromEntries((run.plan.tables.find(({ to }) => to === table)?.columns ?? []).map(({ to, type }) => [to, type]));
      assert.deepEqual(types('items'), {
        ...{ item_id: 'bigint', embedding: 'vector(4)', small: 'vector(8)', bits: 'bit(16)', title: 'text', year: 'bigint' },
        ...{ score: 'double precision', seen: 'boolean', note: 'text' },
      });
      const items = await run.query(
        `SELECT item_id::int, embedding::text, small::text, bits::text, title, year::text, score, seen, note FROM ${run.name('items')} ORDER BY 1`,
      );
      assert.deepEqual(
        items.map(([id, embedding, small, bits, title, year, score, seen, note]) => [
          id,
          numbers(embedding),
          numbers(small),
          bits,
          title,
          year,
          score,
          seen,
          note,
        ]),
        expected.items.map((row) => [
          row['item_id'],
          numbers(row['embedding']),
          numbers(row['small']),
          lowFirst(String(row['bits'])),
          row['title'],
          row['year'],
          row['score'],
          row['seen'] === 1,
          row['note'],
        ]),
      );
      const docs = await run.query(`SELECT doc, user_id::int, embedding::text FROM ${run.name('docs')} ORDER BY doc COLLATE "C"`);
      assert.deepEqual(
        docs.map(([doc, user, embedding]) => [doc, user, numbers(embedding)]),
        expected.docs.map((row) => [row['doc'], row['user_id'], numbers(row['embedding'])]),
      );
      const plain = await run.query(`SELECT rowid::int, embedding::text FROM ${run.name('plain')} ORDER BY 1`);
      assert.deepEqual(
        plain.map(([id, embedding]) => [id, numbers(embedding)]),
        expected.plain.map((row) => [row['rowid'], numbers(row['embedding'])]),
      );
      const opclasses = run.plan.tables.flatMap(({ to, indexes = [] }) =>
        indexes.map(({ columns, opclass }) => `${String(to)}.${String(columns)} ${String(opclass)}`),
      );
      assert.deepEqual(opclasses.toSorted(), [
        'docs.embedding vector_cosine_ops',
        'items.bits bit_hamming_ops',
        'items.embedding vector_cosine_ops',
        'items.small vector_cosine_ops',
        'plain.embedding vector_ip_ops',
      ]);
      assert.deepEqual([run.result.status, run.losses('items')], ['done', {}]);
    }));

  it('one whose shadow tables are not there is left out with a recipe', async () => {
    const { plan, warnings } = await setting.plan({
      sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE items_chunks (a);',
      fill: (database) => {
        database.unsafeMode(true);
        database.exec(`PRAGMA writable_schema = on;
          INSERT INTO sqlite_schema VALUES ('table', 'items', 'items', 0, 'CREATE VIRTUAL TABLE items USING vec0(embedding float[4])')`);
      },
    });
    assert.deepEqual(
      plan.tables.map(({ to }) => to),
      ['t'],
    );
    const told = warnings.filter(({ code }) => code === 'skipped-object').map(({ message }) => message);
    assert.match(
      told.join('\n'),
      /items is left out: virtual table \(vec0\) that cannot be read: .*CREATE TABLE "items_plain" AS SELECT rowid, \* FROM "items"/,
    );
    assert.match(told.join('\n'), /items_chunks is left out: shadow table of the virtual table items/);
  });
});

function vec0Store(): NonNullable<CaseStore['make']> {
  const counts: Readonly<Record<string, number>> = {
    items: expected.items.length,
    docs: expected.docs.length,
    plain: expected.plain.length,
    kept: 3,
  };
  return {
    create: (folder) => {
      copyFileSync(vec0, join(folder, 'vec0.db'));
      return Promise.resolve(join(folder, 'vec0.db'));
    },
    count: async (_location, tables) => tables.map((table) => [table, counts[table] ?? -1] as const),
  };
}

/** Hexadecimal bytes whose lowest bit is the first → digits. */
function lowFirst(hex: string): string {
  return [...Buffer.from(hex, 'hex')].map((byte) => [...byte.toString(2).padStart(8, '0')].toReversed().join('')).join('');
}
