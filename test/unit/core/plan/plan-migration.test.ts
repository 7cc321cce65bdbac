import assert from 'node:assert/strict';
import type { CatalogTable } from '../../../../src/core/model/catalog.ts';
import type { Warning } from '../../../../src/core/model/run.ts';
import { compilePlan } from '../../../../src/core/plan/compile-plan.ts';
import { planMigration } from '../../../../src/core/plan/plan-migration.ts';
import { planSchema, type Plan } from '../../../../src/core/plan/plan-schema.ts';
import { validatePlan } from '../../../../src/core/plan/validate-plan.ts';
import { writePlan } from '../../../../src/core/plan/write-plan.ts';
import { migrationInput, planOfStore, type StorePlanOptions } from '../../../helpers/plan-of-store.ts';
import { column, profileOf } from '../mapping/column-of-values.ts';

interface Planned {
  readonly plan: Plan;
  readonly warnings: readonly Warning[];
  readonly codes: readonly string[];
}

/** Every plan made here must be one that `sluice run` accepts. */
async function planned(sql: string, options?: StorePlanOptions, fill?: Parameters<typeof planOfStore>[2]): Promise<Planned> {
  const { plan, warnings } = await planOfStore(sql, options, fill);
  assert.deepEqual(validatePlan(writePlan(plan)).problems, []);
  return { plan: planSchema.parse(plan), warnings, codes: warnings.map(({ code }) => code) };
}

function table(plan: Plan, name: string): Plan['tables'][number] {
  const found = plan.tables.find(({ from }) => from === name);
  assert.ok(found, `no table ${name}`);
  return found;
}

function typesOf(plan: Plan, name: string): Record<string, string> {
  return Object.fromEntries(table(plan, name).columns.map(({ to, type }) => [to, type]));
}

describe('plan/plan-migration', () => {
  describe('keys', () => {
    it('S13 AUTOINCREMENT that is ahead of its rows goes on behind them', async () => {
      const { plan } = await planned(
        `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v); INSERT INTO t VALUES (41, 1); UPDATE sqlite_sequence SET seq = 50;`,
      );
      assert.equal(table(plan, 't').columns[0]?.identity, true);
      assert.deepEqual(plan.sequences, [{ name: 't_id_seq', start: 1, increment: 1, next: '51', ownedBy: { table: 't', column: 'id' } }]);
    });

    it('S14 S15 an INTEGER PRIMARY KEY is an identity column without a word about its next value', async () => {
      const { plan } = await planned(
        `CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE b (id INTEGER PRIMARY KEY); INSERT INTO b VALUES (7);`,
      );
      for (const name of ['a', 'b']) {
        const [id] = table(plan, name).columns;
        assert.deepEqual([id?.type, id?.identity, id?.nullable], ['bigint', true, false]);
        assert.deepEqual(table(plan, name).primaryKey, ['id']);
      }
      assert.deepEqual(plan.sequences, []);
    });

    it('S34 a TEXT PRIMARY KEY with NULLs is refused with the reason and stays unique', async () => {
      const { plan, warnings } = await planned(
        `CREATE TABLE t (code TEXT PRIMARY KEY, v); INSERT INTO t VALUES (NULL, 1), (NULL, 2), ('a', 3);`,
      );
      const { primaryKey, uniques, columns } = table(plan, 't');
      assert.deepEqual([primaryKey, uniques, columns[0]?.nullable], [[], [['code']], true]);
      const refusal = warnings.find(({ code }) => code === 'primary-key-refused');
      assert.equal(refusal?.message, '(code) cannot be the primary key: 2 values of code are NULL or become NULL. It stays unique.');
    });

    it('S34 a TEXT PRIMARY KEY without NULLs is one, and never NULL', async () => {
      const { plan } = await planned(`CREATE TABLE t (code TEXT PRIMARY KEY); INSERT INTO t VALUES ('a');`);
      assert.deepEqual([table(plan, 't').primaryKey, table(plan, 't').columns[0]?.nullable], [['code'], false]);
    });

    it('S34 a date key whose empty texts become NULL is no primary key either', async () => {
      const { plan, codes } = await planned(`CREATE TABLE t (d DATE PRIMARY KEY NOT NULL); INSERT INTO t VALUES (''), ('2024-01-02');`);
      assert.deepEqual(table(plan, 't').primaryKey, []);
      assert.ok(codes.includes('primary-key-refused'));
    });

    it('S21 WITHOUT ROWID keeps its key in order', async () => {
      const { plan } = await planned(`CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID;`);
      assert.deepEqual(table(plan, 't').primaryKey, ['b', 'a']);
      assert.ok(plan.notes.includes('t: WITHOUT ROWID'));
    });

    it('S28 a NOCASE unique key becomes a unique index on the folded text', async () => {
      const { plan } = await planned(
        `CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE); INSERT INTO t VALUES (1, 'A@x.com');`,
      );
      const { uniques, indexes } = table(plan, 't');
      assert.deepEqual(uniques, []);
      assert.deepEqual(
        indexes.map(({ columns, expression, unique }) => ({ columns, expression, unique })),
        [{ columns: [], expression: 'lower("email" COLLATE "C")', unique: true }],
      );
    });

    it('S28 a NOCASE unique key that is referred to stays a constraint too', async () => {
      const { plan } = await planned(`
        CREATE TABLE p (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE);
        CREATE TABLE c (email TEXT REFERENCES p(email));`);
      assert.deepEqual(
        [table(plan, 'p').uniques, table(plan, 'p').indexes.length, table(plan, 'c').foreignKeys.length],
        [[['email']], 1, 1],
      );
    });

    it('S28 two NOCASE columns: one index over both folded texts', async () => {
      const { plan } = await planned(
        `CREATE TABLE t (a TEXT COLLATE NOCASE, b TEXT COLLATE NOCASE, UNIQUE (a, b)); INSERT INTO t VALUES ('x', 'y');`,
      );
      const { uniques, indexes } = table(plan, 't');
      const columns = [{ expression: 'lower("a" COLLATE "C")', descending: false }];
      assert.deepEqual(
        [uniques, indexes.map((index) => [index.columns, index.expression, index.unique])],
        [[], [[columns, 'lower("b" COLLATE "C")', true]]],
      );
    });

    it('S43 keys and indexes of more columns than PostgreSQL takes are named', async () => {
      const names = Array.from({ length: 33 }, (_, i) => `c${i}`);
      const { plan, warnings } = await planned(
        `CREATE TABLE t (${names.map((name) => `${name} INT`).join(', ')}, PRIMARY KEY (${names.join(', ')})); CREATE INDEX i ON t (${names.join(', ')});`,
      );
      const { primaryKey, uniques, indexes } = table(plan, 't');
      assert.deepEqual([primaryKey, uniques, indexes], [[], [], []]);
      assert.deepEqual(
        warnings.map(({ message }) => message),
        [
          'A key over 33 columns is not carried over: PostgreSQL allows 32.',
          'Index i is not carried over: it has 33 columns and PostgreSQL allows 32.',
        ],
      );
    });

    it('S46 keys of 20 kB: unique by their MD5, indexed by hash', async () => {
      const { plan, codes } = await planned(`
        CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT UNIQUE);
        CREATE INDEX body_index ON t (body);
        INSERT INTO t (body) VALUES (replace(hex(zeroblob(10000)), '0', 'x'));`);
      assert.deepEqual(
        table(plan, 't').indexes.map(({ name, columns, expression, method, unique }) => [name, columns, expression, method, unique]),
        [
          [undefined, [], 'md5("body")', 'btree', true],
          ['body_index', ['body'], null, 'hash', false],
        ],
      );
      assert.deepEqual([codes.includes('hashed-unique'), codes.includes('hash-index')], [true, true]);
    });
  });

  describe('foreign keys', () => {
    it('S16 two columns, one key, same actions', async () => {
      const { plan } = await planned(`
        CREATE TABLE p (a INTEGER, b TEXT, PRIMARY KEY (a, b));
        CREATE TABLE c (x INTEGER, y TEXT, FOREIGN KEY (x, y) REFERENCES p (a, b) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED);`);
      assert.deepEqual(table(plan, 'c').foreignKeys, [
        {
          columns: ['x', 'y'],
          references: 'p',
          referencesColumns: ['a', 'b'],
          onDelete: 'cascade',
          onUpdate: 'set null',
          deferrable: true,
          enforce: true,
          orphans: 'report',
        },
      ]);
    });

    it('S17 S18 a reference without a column goes to the primary key; orphans are reported', async () => {
      const { plan } = await planned(
        `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p); INSERT INTO c VALUES (99);`,
      );
      assert.deepEqual(
        table(plan, 'c').foreignKeys.map(({ referencesColumns, orphans }) => [referencesColumns, orphans]),
        [[['id'], 'report']],
      );
    });

    it('S19 cycles and self-references are kept', async () => {
      const { plan } = await planned(`
        CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b, parent INT REFERENCES a);
        CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a);`);
      assert.deepEqual([table(plan, 'a').foreignKeys.length, table(plan, 'b').foreignKeys.length], [2, 1]);
    });

    const impossible: readonly (readonly [string, string, RegExp])[] = [
      ['to a table that is not there', 'CREATE TABLE c (p INT REFERENCES gone(id))', /there is no such table/],
      [
        'to columns without a key',
        'CREATE TABLE p (id INTEGER PRIMARY KEY, v INT); CREATE TABLE c (v INT REFERENCES p(v))',
        /no primary or unique key/,
      ],
      [
        'between types that have nothing in common',
        `CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1); CREATE TABLE c (p TEXT REFERENCES p(id)); INSERT INTO c VALUES ('x')`,
        /p is text and no type holds/,
      ],
    ];
    for (const [name, sql, reason] of impossible) {
      it(`a key ${name} is left out with the reason`, async () => {
        const { plan, warnings } = await planned(sql);
        assert.deepEqual(table(plan, 'c').foreignKeys, []);
        assert.match(warnings.find(({ code }) => code === 'dropped-foreign-key')?.message ?? '', reason);
      });
    }

    it('a unique index is a key to refer to', async () => {
      const { plan } = await planned(`CREATE TABLE p (v INT); CREATE UNIQUE INDEX p_v ON p (v); CREATE TABLE c (v INT REFERENCES p(v));`);
      assert.equal(table(plan, 'c').foreignKeys.length, 1);
    });

    const reconciled: readonly (readonly [string, string, string])[] = [
      [
        'an empty child takes the type of its parent',
        `CREATE TABLE p (id TEXT PRIMARY KEY); INSERT INTO p VALUES ('123e4567-e89b-12d3-a456-426614174000'); CREATE TABLE c (p TEXT REFERENCES p)`,
        'uuid uuid',
      ],
      [
        'a child that is no UUID brings the parent back to text',
        `CREATE TABLE p (id TEXT PRIMARY KEY); INSERT INTO p VALUES ('123e4567-e89b-12d3-a456-426614174000'); CREATE TABLE c (p TEXT REFERENCES p); INSERT INTO c VALUES ('none')`,
        'text text',
      ],
      [
        'texts that are integers become the integers they refer to',
        `CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1); CREATE TABLE c (p TEXT REFERENCES p); INSERT INTO c VALUES ('1')`,
        'bigint bigint',
      ],
      [
        'the wider integer wins',
        `CREATE TABLE p (id SMALLINT PRIMARY KEY); INSERT INTO p VALUES (1); CREATE TABLE c (p INT REFERENCES p); INSERT INTO c VALUES (70000)`,
        'bigint bigint',
      ],
      [
        'the parent keeps its length where the child fits',
        `CREATE TABLE p (id VARCHAR(5) PRIMARY KEY); INSERT INTO p VALUES ('a'); CREATE TABLE c (p TEXT REFERENCES p); INSERT INTO c VALUES ('bcd')`,
        'varchar(5) varchar(5)',
      ],
    ];
    for (const [name, sql, expected] of reconciled) {
      it(`types: ${name}`, async () => {
        const { plan } = await planned(sql);
        const [parent] = Object.values(typesOf(plan, 'p'));
        const [child] = Object.values(typesOf(plan, 'c'));
        assert.deepEqual([[parent, child].join(' '), table(plan, 'c').foreignKeys.length], [expected, 1]);
      });
    }

    it('types: a chain of keys has one type', async () => {
      const { plan } = await planned(`
        CREATE TABLE c (p TEXT REFERENCES b); INSERT INTO c VALUES ('none');
        CREATE TABLE b (p TEXT PRIMARY KEY REFERENCES a); INSERT INTO b VALUES ('123e4567-e89b-12d3-a456-426614174000');
        CREATE TABLE a (id TEXT PRIMARY KEY); INSERT INTO a VALUES ('123e4567-e89b-12d3-a456-426614174000');`);
      assert.deepEqual(
        ['a', 'b', 'c'].flatMap((name) => Object.values(typesOf(plan, name))),
        ['text', 'text', 'text'],
      );
    });
  });

  describe('indexes', () => {
    it('S27 a condition, an expression and the order are kept', async () => {
      const { plan } = await planned(`
        CREATE TABLE t (a TEXT, n INT, active BOOLEAN);
        INSERT INTO t VALUES ('x', 1, 1);
        CREATE INDEX t_part ON t (a) WHERE active = 1 AND n > 5;
        CREATE UNIQUE INDEX t_lower ON t (lower(a));
        CREATE INDEX t_desc ON t (n DESC, a);`);
      assert.deepEqual(
        table(plan, 't').indexes.map(({ name, columns, expression, where, unique }) => ({ name, columns, expression, where, unique })),
        [
          { name: 't_part', columns: ['a'], expression: null, where: '(("active" = true) AND ("n" > 5))', unique: false },
          { name: 't_lower', columns: [], expression: 'lower("a" COLLATE "C")', where: null, unique: true },
          { name: 't_desc', columns: [{ column: 'n', descending: true }, 'a'], expression: null, where: null, unique: false },
        ],
      );
    });

    it('S27 what PostgreSQL would read otherwise is left out with the reason', async () => {
      const { plan, warnings } = await planned(`
        CREATE TABLE t (a TEXT, n INT);
        CREATE INDEX by_day ON t (date(a));
        CREATE INDEX some ON t (a) WHERE a > round(n);`);
      assert.deepEqual(table(plan, 't').indexes, []);
      assert.deepEqual(
        warnings.filter(({ code }) => code === 'dropped-index').map(({ message }) => message),
        [
          'Index by_day is not carried over: its expression date(a) has no counterpart: date(a) has no safe counterpart.',
          'Index some is not carried over: its condition (a > round(n)) has no counterpart: round(n) has no safe counterpart.',
        ],
      );
    });

    it('V01 a vector column gets an HNSW index in place of its own', async () => {
      const { plan, codes } = await planned(
        `CREATE TABLE t (id INTEGER PRIMARY KEY, embedding BLOB); CREATE INDEX e ON t (embedding)`,
        {},
        (database) => {
          database
            .prepare('INSERT INTO t (embedding) VALUES (?)')
            .run(Buffer.from(Float32Array.from({ length: 384 }, (_, i) => Math.sin(i)).buffer));
        },
      );
      assert.deepEqual(typesOf(plan, 't')['embedding'], 'vector(384)');
      const [{ evidence = '', ...index } = {}, ...others] = table(plan, 't').indexes as { evidence?: string }[];
      assert.match(evidence, /^No index is needed yet: .* Cosine distance.* Estimated: .*left out until then\.$/);
      assert.deepEqual(
        [index, ...others],
        [
          {
            columns: ['embedding'],
            expression: null,
            where: null,
            unique: false,
            method: 'hnsw',
            opclass: 'vector_cosine_ops',
            with: { m: 16, ef_construction: 64 },
          },
        ],
      );
      assert.ok(codes.includes('dropped-index'));
    });

    it('V05 3,072 dimensions are stored, and indexed by half precision', async () => {
      const { plan, codes } = await planned(`CREATE TABLE t (embedding BLOB)`, {}, (database) => {
        database.prepare('INSERT INTO t VALUES (?)').run(Buffer.from(Float32Array.from({ length: 3_072 }, (_, i) => Math.sin(i)).buffer));
      });
      const [index] = table(plan, 't').indexes;
      assert.deepEqual(
        [typesOf(plan, 't')['embedding'], index?.expression, index?.opclass, codes],
        ['vector(3072)', '"embedding"::halfvec(3072)', 'halfvec_cosine_ops', ['halfvec-index']],
      );
    });
  });

  it('texts of a key that PostgreSQL might hold equal stay texts', async () => {
    const { plan } = await planned(`
      CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT UNIQUE, c TEXT, d TEXT); CREATE UNIQUE INDEX t_c ON t (c);
      INSERT INTO t VALUES ('2024-01-02 03:04', '{}', '2024-01-02 03:04', '2024-01-02 03:04'), ('2024-01-02 03:04:00', '{ }', '2024-01-02 03:04:00', NULL);`);
    assert.deepEqual(typesOf(plan, 't'), { a: 'text', b: 'text', c: 'text', d: 'timestamptz' });
  });

  describe('names', () => {
    const awkward = `
      CREATE TABLE CamelCase (id INTEGER PRIMARY KEY, "Order" INT, "select" TEXT, "with space" INT, "ünïcödé" TEXT);
      CREATE INDEX "by Order" ON CamelCase ("Order", "with space");
      CREATE TABLE "other table" (camel INT REFERENCES CamelCase);`;

    it('S25 preserve keeps every name', async () => {
      const { plan, codes } = await planned(awkward);
      assert.deepEqual(
        table(plan, 'CamelCase').columns.map(({ to }) => to),
        ['id', 'Order', 'select', 'with space', 'ünïcödé'],
      );
      assert.deepEqual(
        [table(plan, 'CamelCase').to, table(plan, 'other table').foreignKeys[0]?.references, codes],
        ['CamelCase', 'CamelCase', []],
      );
    });

    it('S25 snake changes names, and keys and indexes follow', async () => {
      const { plan } = await planned(awkward, { options: { identifiers: 'snake' } });
      const { to, columns, indexes } = table(plan, 'CamelCase');
      assert.deepEqual([to, columns.map((column) => column.to)], ['camel_case', ['id', 'order', 'select', 'with_space', 'ünïcödé']]);
      assert.deepEqual([indexes[0]?.name, indexes[0]?.columns], ['by_order', ['order', 'with_space']]);
      assert.deepEqual(
        [table(plan, 'other table').to, table(plan, 'other table').foreignKeys[0]?.references],
        ['other_table', 'camel_case'],
      );
    });

    it('S26 S42 long names and names of system columns are changed and listed', async () => {
      const long = 'n'.repeat(71);
      const { plan, warnings } = await planned(
        `CREATE TABLE ${long}1 (ctid INT, xmin INT, rowid INT, ${long}1 INT, ${long}2 INT); CREATE TABLE ${long}2 (v)`,
      );
      const names = table(plan, `${long}1`).columns.map(({ to }) => to);
      assert.deepEqual(names.slice(0, 3), ['ctid_', 'xmin_', 'rowid']);
      assert.deepEqual([new Set(names).size, new Set(plan.tables.map(({ to }) => to)).size], [5, 2]);
      assert.equal(warnings.filter(({ code }) => code === 'renamed').length, 6);
    });
  });

  it('S26 indexes and constraints of all tables share one space of names', async () => {
    for (const identifiers of ['preserve', 'lower', 'snake'] as const) {
      const { plan } = await planned(
        `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT UNIQUE, B TEXT); CREATE INDEX t_pkey ON t (a); CREATE INDEX t_a_key ON t (id); CREATE INDEX "T_B_idx" ON t (lower(B));
         CREATE TABLE t_id_seq (id INTEGER PRIMARY KEY, t INT REFERENCES t); CREATE TABLE "t B" (x INT, CONSTRAINT t_b_idx CHECK (x > 0)); CREATE INDEX "t_b idx" ON "t B" (x);
         CREATE VIRTUAL TABLE f USING fts5(a); CREATE INDEX f_search_idx ON t (a, id);`,
        { options: { identifiers } },
      );
      const { preData, postData } = compilePlan(plan);
      const made = [...preData, ...postData].flatMap(({ object }) =>
        object === null || object.kind === 'foreign-key' ? [] : [`${object.schema}.${object.name}`],
      );
      assert.deepEqual(made.length, new Set(made).size, made.join());
      assert.equal(made.length, 14, made.join());
    }
  });

  describe('nothing vanishes silently', () => {
    it('S20 S22 S23 S29 generated columns, virtual tables, views, triggers and checks are named', async () => {
      const { plan, codes } = await planned(`
        CREATE TABLE t (a INT CHECK (round(a) > 0), b INT GENERATED ALWAYS AS (a * 2) STORED, c TEXT GENERATED ALWAYS AS (printf('%d', a)));
        INSERT INTO t (a) VALUES (1);
        CREATE VIEW v AS SELECT a FROM t;
        CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
        CREATE VIRTUAL TABLE f USING fts5(body);`);
      assert.deepEqual(
        table(plan, 't').columns.map(({ from, generated }) => [from, generated]),
        [
          ['a', null],
          ['b', '("a" * 2)'],
          ['c', null],
        ],
      );
      const counted = (code: string): number => codes.filter((found) => found === code).length;
      assert.deepEqual([counted('generated-as-values'), counted('view-not-carried'), counted('trigger-not-carried')], [1, 1, 1]);
      assert.ok(counted('skipped-object') >= 1 && counted('dropped-check') === 1 && counted('full-text') === 1);
      const notes = plan.notes.join('\n');
      for (const word of ['CREATE VIEW v', 'CREATE TRIGGER g', 'CHECK (round(a) > 0)', 'f_data'])
        assert.ok(notes.includes(word), `${word} is not in the notes`);
    });

    it('S24 a default without translation is named', async () => {
      const { plan, warnings } = await planned(
        `CREATE TABLE t (a TEXT DEFAULT (printf('%d', 4)), b DATETIME DEFAULT CURRENT_TIMESTAMP, c TEXT DEFAULT 'it''s')`,
      );
      assert.deepEqual(
        table(plan, 't').columns.map((column) => column.default),
        [null, { sql: 'now()' }, { value: "it's" }],
      );
      assert.deepEqual(warnings, [
        {
          code: 'dropped-default',
          table: 't',
          message: `Column a: its default printf('%d', 4) has no safe translation for text and is dropped.`,
        },
      ]);
    });

    it('S43 a wide table becomes several with one key, and what names columns of two is told', async () => {
      const names = Array.from({ length: 1_700 }, (_, i) => `c${i}`);
      const { plan, warnings } = await planned(`
        CREATE TABLE w (id INTEGER PRIMARY KEY AUTOINCREMENT, ${names.map((name) => `${name} INT`).join(', ')}, code TEXT UNIQUE, sum INT AS (c0 + c1699), next INT AS (c1699 + 1), CHECK (c0 < c1));
        CREATE INDEX both ON w (c0, c1699); CREATE INDEX late ON w (c1699) WHERE c1698 > 0;
        CREATE TABLE child (w INT REFERENCES w, code TEXT REFERENCES w (code));
        CREATE TABLE w_2 (id INTEGER PRIMARY KEY); INSERT INTO w (id, code) VALUES (5, 'x');`);
      const [first, second] = plan.tables.filter(({ from }) => from === 'w');
      assert.ok(first !== undefined && second !== undefined);
      assert.match(String(second.to), /^w_2_[0-9a-f]{8}$/, 'w_2 is taken');
      assert.deepEqual([first.columns.length, second.columns.length], [1_600, 105]);
      assert.deepEqual([first.columns[0]?.identity, second.columns[0]?.to, second.columns[0]?.identity], [true, 'id', false]);
      assert.deepEqual([first.primaryKey, second.primaryKey], [['id'], ['id']]);
      assert.deepEqual(
        second.foreignKeys.map(({ columns, references, onDelete }) => [columns, references, onDelete]),
        [[['id'], 'w', 'cascade']],
      );
      assert.deepEqual([first.checks.length, second.uniques, second.indexes.map(({ name }) => name)], [1, [['code']], ['late']]);
      const generated = new Map(second.columns.map((column) => [column.to, column.generated]));
      assert.deepEqual([generated.get('sum'), generated.get('next')], [null, '("c1699" + 1)'], 'what needs the other part is copied');
      assert.deepEqual(
        table(plan, 'child').foreignKeys.map(({ references }) => references),
        ['w', second.to],
      );
      const dropped = warnings.filter(({ code }) => code === 'dropped-by-split').map(({ message }) => message);
      assert.deepEqual([dropped.length, /"both"/.test(dropped[0] ?? '')], [1, true]);
      assert.equal(plan.sequences.length, 0);
    });

    it('S43 more columns than PostgreSQL has are named before the run', () => {
      const columns = Array.from({ length: 1_601 }, (_, i) => column('INT', { name: `c${i}` }));
      const wide: CatalogTable = {
        name: 't',
        schema: null,
        columns,
        primaryKey: [],
        uniques: [],
        checks: [],
        foreignKeys: [],
        indexes: [],
        nextIdentity: null,
        rows: 0,
        notes: [],
      };
      const catalog = { tables: [wide], views: [], triggers: [], skipped: [] };
      const profiles = [{ table: 't', rows: 0, sample: null, columns: columns.map(({ name }) => profileOf([], name)) }];
      const { warnings } = planMigration(
        migrationInput({ main: { kind: 'sqlite', path: 'wide.db', fingerprint: 'x', profiled: 'full', catalog, profiles } }),
      );
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ['too-many-columns'],
      );
    });
  });

  it('is the same for the same store', async () => {
    const sql = `CREATE TABLE b (id INTEGER PRIMARY KEY, a TEXT REFERENCES a); CREATE TABLE a (id TEXT PRIMARY KEY, at DATETIME DEFAULT CURRENT_TIMESTAMP); INSERT INTO a VALUES ('x', 1647950409)`;
    const [first, second] = [await planOfStore(sql), await planOfStore(sql)];
    assert.deepEqual(withoutFingerprint(first.plan), withoutFingerprint(second.plan));
    assert.deepEqual(first.warnings, second.warnings);
  });

  it('says what it was made from, and when only a sample was read', async () => {
    const { plan } = await planned(
      `CREATE TABLE t (v INT); INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT i FROM n`,
      { sample: 100 },
    );
    assert.equal(plan.madeFrom.sources['main']?.profiled, 100);
    assert.match(plan.madeFrom.sources['main']?.fingerprint ?? '', /^sha256:/);
    assert.match(table(plan, 't').columns[0]?.evidence ?? '', /^100 of 100 values are integers, max \d+; from a sample of 100 rows$/);
  });
});

/** SQLite writes its own version and change counter into the file. */
function withoutFingerprint(plan: object): object {
  return { ...plan, madeFrom: null };
}
