import assert from 'node:assert/strict';
import { MigrationError } from '../../../../src/core/errors.ts';
import type { ExistingTable } from '../../../../src/core/model/existing-table.ts';
import { compilePlan, type CompileOverrides } from '../../../../src/core/plan/compile-plan.ts';
import type { CompiledPlan, CompiledTable } from '../../../../src/core/plan/compiled-plan.ts';
import { quarantinedKeys } from '../../../../src/core/plan/compiled-keys.ts';
import { planSchema, type PlanInput } from '../../../../src/core/plan/plan-schema.ts';
import { columnInput, idColumn, planInput, tableInput } from './plan-input.ts';

type TableInput = PlanInput['tables'][number];

const compile = (changed: Partial<PlanInput>, overrides?: CompileOverrides): CompiledPlan =>
  compilePlan(planSchema.parse(planInput(changed)), overrides);
const compileTable = (changed: Partial<TableInput>): CompiledPlan => compile({ tables: [tableInput('a', changed)] });
const first = (plan: CompiledPlan): CompiledTable => plan.tables[0] as CompiledTable;
const sqlOf = (plan: CompiledPlan): readonly string[] => [...plan.preData, ...plan.postData].map((statement) => statement.sql);
const reference = (columns: readonly string[], references: string): NonNullable<TableInput['foreignKeys']>[number] => ({
  columns: [...columns],
  references,
  referencesColumns: ['id'],
});
const child = (name: string, parent: string, changed: object = {}): TableInput =>
  tableInput(name, { columns: [idColumn, columnInput('p', 'bigint')], foreignKeys: [{ ...reference(['p'], parent), ...changed }] });

describe('compilePlan: tables', () => {
  it('parents come before children, else the order of the plan stays', () => {
    const plan = compile({ tables: [tableInput('z'), child('c', 'b'), child('b', 'a'), tableInput('a')] });
    assert.deepEqual(
      plan.tables.map((table) => table.label),
      ['public.z', 'public.a', 'public.b', 'public.c'],
    );
  });

  it('S19 cycles and self-references keep both keys', () => {
    const plan = compile({ tables: [child('a', 'b'), child('b', 'a'), child('s', 's')] });
    assert.deepEqual(
      plan.tables.map((table) => table.label),
      ['public.b', 'public.a', 'public.s'],
    );
    assert.equal(plan.postData.filter((statement) => statement.object?.kind === 'foreign-key').length, 3);
  });

  it('leaves out what is not included', () => {
    assert.deepEqual(sqlOf(compile({ tables: [tableInput('a', { include: false })] })), []);
  });

  it('makes nothing of what the target has already, and loads it all the same', () => {
    const tables = [child('c', 'a', { enforce: true }), { ...tableInput('a', { comment: 'kept' }), indexes: [{ columns: ['id'] }] }];
    const enums = [{ name: 'mood', values: ['good'] }];
    const sequences = [
      { name: 'own', next: 7, ownedBy: { table: 'a', column: 'id' } },
      { name: 'free', next: 3 },
    ];
    const all = sqlOf(compile({ tables, enums, sequences }));
    const some = compile({ tables, enums, sequences }, { existing: new Set(['public.a', 'public.free']) });
    assert.deepEqual(
      some.tables.map((table) => table.label),
      ['public.a', 'public.c'],
    );
    assert.ok(all.some((sql) => sql.includes('"own"')) && all.some((sql) => sql.includes('"free"')));
    assert.deepEqual(
      sqlOf(some).filter((sql) => /TABLE "public"\."a"|ON "public"\."a"|"own"|"free"/.test(sql)),
      [],
    );
    assert.ok(
      sqlOf(some).some((sql) => /CREATE TABLE "public"\."c"/.test(sql)) &&
        sqlOf(some).some((sql) => sql.includes('REFERENCES "public"."a"')),
    );
  });

  it('a watermark is a column of the source in mode sync; in other modes all rows are read', () => {
    const columns = [idColumn, { from: 'changed_at', to: 'at', type: 'bigint', nullTokens: ['-'] }];
    const tables = [tableInput('a', { columns, incremental: { by: 'watermark', column: 'at' } })];
    assert.deepEqual(first(compile({ tables, options: { mode: 'sync' } })).watermark, {
      column: 'changed_at',
      to: 'at',
      rule: { digits: true, nullTexts: ['-', ''] },
    });
    assert.equal(first(compile({ tables, options: { mode: 'upsert' } })).watermark, undefined);
  });

  it('takes columns that come from the source and are not generated, in order', () => {
    const columns = [
      idColumn,
      columnInput('v', 'text'),
      { to: 'made', type: 'timestamptz', default: { sql: 'now()' } },
      columnInput('g', 'text', { generated: "v || 'x'" }),
    ];
    assert.deepEqual(
      first(compileTable({ columns })).columns.map((column) => [column.from, column.to, column.nullable]),
      [
        ['id', 'id', false],
        ['v', 'v', true],
      ],
    );
  });

  const keys: readonly (readonly [string, Partial<TableInput>, readonly number[]])[] = [
    ['the primary key', {}, [0]],
    [
      'a key in its own order',
      { columns: [columnInput('a', 'int', { nullable: false }), columnInput('b', 'int', { nullable: false })], primaryKey: ['b', 'a'] },
      [1, 0],
    ],
    [
      'a unique key without NULLs, where the primary key is made by the target',
      {
        columns: [
          { to: 'id', type: 'bigint', identity: true, nullable: false },
          columnInput('a', 'text'),
          columnInput('b', 'text', { nullable: false }),
        ],
        uniques: [['a'], { name: 'u', columns: ['b'] }],
      },
      [1],
    ],
    ['nothing without a key', { primaryKey: [] }, []],
    ['nothing where a unique key may be NULL', { primaryKey: [], uniques: [['v']] }, []],
  ];
  for (const [title, changed, expected] of keys)
    it(`matches rows by ${title}`, () => assert.deepEqual(first(compileTable(changed)).key, expected));

  const empties: readonly (readonly [string, boolean])[] = [
    ['text', false],
    ['varchar(9)', false],
    ['char(3)', false],
    ['citext', false],
    ['bytea', false],
    ['integer', true],
    ['timestamptz', true],
    ['jsonb', true],
    ['vector(3)', true],
    ['text[]', true],
  ];
  for (const [type, expected] of empties) {
    it(`an empty text ${expected ? 'is NULL' : 'stays'} in ${type}`, () => {
      const columns = [columnInput('v', type)];
      assert.equal(first(compileTable({ columns, primaryKey: [] })).columns[0]?.emptyIsNull, expected);
      assert.equal(
        first(compile({ options: { emptyText: 'keep' }, tables: [tableInput('a', { columns, primaryKey: [] })] })).columns[0]?.emptyIsNull,
        false,
      );
    });
  }

  it('hands converters and their arguments over', () => {
    const columns = [
      columnInput('a', 'int'),
      columnInput('b', 'timestamptz', { convert: 'epoch-ms' }),
      columnInput('c', 'text', { convert: { name: 'text-hex', args: { upper: true } } }),
    ];
    assert.deepEqual(
      first(compileTable({ columns, primaryKey: [] })).columns.map((column) => column.convert),
      [{ name: 'auto' }, { name: 'epoch-ms' }, { name: 'text-hex', args: { upper: true } }],
    );
  });

  it('S09 hands rules of a mixed column over, with bounds of any size', () => {
    const convert = [
      { when: 'text' as const },
      { when: 'integer' as const, min: 100_000_000_000, max: '9223372036854775807', convert: 'epoch-ms' },
      { when: 'number' as const, convert: { name: 'epoch-s' } },
    ];
    const columns = [columnInput('a', 'timestamptz', { convert, nullTokens: ['NA'] }), columnInput('b', 'int', { nullTokens: [] })];
    const [ruled, plain] = first(compileTable({ columns, primaryKey: [] })).columns;
    assert.deepEqual(ruled?.rules, [
      { when: 'text', min: null, max: null, convert: { name: 'auto' } },
      { when: 'integer', min: 100_000_000_000, max: 2n ** 63n - 1n, convert: { name: 'epoch-ms' } },
      { when: 'number', min: null, max: null, convert: { name: 'epoch-s' } },
    ]);
    assert.deepEqual([ruled?.nullTokens, plain?.nullTokens, plain?.rules], [['NA'], undefined, undefined]);
  });

  it('S13 tells where a sequence stands', () => {
    const sequences = [{ name: 'a_numbers', start: 1, next: '9223372036854775806', ownedBy: { table: 'a', column: 'id' } }];
    const plan = compile({ sequences });
    assert.deepEqual(first(plan).identities, [{ column: 'id', next: '9223372036854775806' }]);
    assert.match(plan.preData[0]?.sql ?? '', /AS IDENTITY \(SEQUENCE NAME "public"\."a_numbers" START WITH 1 INCREMENT BY 1\)/);
    assert.deepEqual(first(compile({})).identities, [{ column: 'id', next: null }]);
  });

  it('is the same each time and can be cloned', () => {
    const plan = compile({ tables: [child('b', 'a'), tableInput('a')] });
    assert.deepEqual(structuredClone(plan), compile({ tables: [child('b', 'a'), tableInput('a')] }));
  });
});

describe('compilePlan: statements', () => {
  it("come in the order of PostgreSQL's needs", () => {
    const plan = compile({
      target: { profile: 'embedded', schema: 'shop' },
      enums: [
        { name: 'mood', values: ['a'] },
        { name: 'unused', values: ['b'] },
      ],
      sequences: [{ name: 's', start: 5, next: 9, ownedBy: { table: 'a', column: 'n' } }],
      tables: [
        child('b', 'a', { onDelete: 'cascade' }),
        tableInput('a', {
          columns: [
            idColumn,
            columnInput('v', 'vector(3)'),
            columnInput('m', 'mood'),
            columnInput('n', 'bigint', { default: { sql: "nextval('shop.s')" } }),
          ],
          uniques: [['n']],
          indexes: [{ columns: ['v'], method: 'hnsw', opclass: 'vector_cosine_ops' }, { columns: ['m'] }],
          comment: 'rows',
        }),
      ],
    });
    assert.deepEqual(
      plan.preData.map(({ sql, object, table }) => [sql.split(/ \(| AS | WITH/)[0], object?.kind ?? null, table]),
      [
        ['CREATE EXTENSION IF NOT EXISTS "vector"', 'extension', null],
        ['CREATE SCHEMA IF NOT EXISTS "shop"', 'schema', null],
        ['CREATE TYPE "shop"."mood"', 'type', null],
        ['CREATE SEQUENCE "shop"."s" INCREMENT BY 1 START', 'sequence', null],
        ['ALTER SEQUENCE "shop"."s" RESTART', null, null],
        ['CREATE TABLE "shop"."a"', 'table', 'shop.a'],
        ['CREATE TABLE "shop"."b"', 'table', 'shop.b'],
        ['ALTER SEQUENCE "shop"."s" OWNED BY "shop"."a"."n"', null, 'shop.a'],
      ],
    );
    assert.deepEqual(
      plan.postData.map(({ object, sql }) => object?.name ?? sql),
      [
        'a_pkey',
        'b_pkey',
        'a_n_key',
        'a_m_idx',
        'a_v_idx',
        'b_p_fkey',
        'ALTER TABLE "shop"."b" VALIDATE CONSTRAINT "b_p_fkey"',
        `COMMENT ON TABLE "shop"."a" IS 'rows'`,
      ],
    );
    assert.equal(plan.needsVector, true);
    assert.match(plan.preData[5]?.sql ?? '', /"v" "public"\."vector"\(3\),\n {2}"m" "shop"\."mood",/);
    assert.deepEqual(
      plan.postData.map((statement) => statement.hazards.map((hazard) => hazard.code).join()),
      ['', '', '', '', 'index-build', '', 'not-enforced', ''],
    );
  });

  it('V08 take pgvector from the schema it is in', () => {
    const plan = compile(
      {
        tables: [
          tableInput('a', {
            columns: [idColumn, columnInput('v', 'vector(3)')],
            indexes: [{ columns: ['v'], method: 'hnsw', opclass: 'vector_l2_ops' }],
          }),
        ],
      },
      { vectorSchema: 'ext' },
    );
    assert.match(
      sqlOf(plan).join('\n'),
      /"vector" WITH SCHEMA "ext"[^]*"v" "ext"\."vector"\(3\)[^]*USING hnsw \("v" "ext"\."vector_l2_ops"\)/,
    );
  });

  it('use another schema on request, but leave names with their own schema alone', () => {
    const plan = compile({ tables: [tableInput('a', { to: { schema: 'own', table: 'x' } }), child('b', 'b')] }, { schema: 'other' });
    assert.deepEqual(
      plan.tables.map((table) => table.label),
      ['own.x', 'other.b'],
    );
    assert.match(sqlOf(plan).join('\n'), /REFERENCES "other"\."b"/);
  });

  it('make only the tables asked for, under the same names', () => {
    const tables = [tableInput('a'), child('b', 'a'), tableInput('src', { to: 'dst' })];
    const whole = compile({ tables });
    for (const name of ['b', 'public.b']) {
      const plan = compile({ tables }, { only: [name] });
      assert.deepEqual(
        plan.tables.map((table) => table.label),
        ['public.b'],
      );
      assert.deepEqual(
        plan.preData.at(-1)?.hazards.map((hazard) => hazard.code),
        ['dropped-key'],
      );
      assert.deepEqual(first(plan).foreignKeys, []);
      assert.ok(plan.postData.every(({ sql }) => whole.postData.some((other) => other.sql === sql)));
    }
    assert.deepEqual(
      compile({ tables }, { only: ['src'] }).tables.map((table) => table.label),
      ['public.dst'],
    );
    assert.throws(
      () => compile({ tables }, { only: ['nope'] }),
      (error) => error instanceof MigrationError && error.code === 'bad-usage' && /a, b, dst/.test(error.remedy),
    );
  });

  it('S18 leave a key that is not enforced out, say so, and still let orphans be looked for', () => {
    const plan = compile({ tables: [tableInput('a'), child('b', 'a', { enforce: false })] });
    assert.doesNotMatch(sqlOf(plan).join('\n'), /FOREIGN KEY/);
    assert.deepEqual(
      plan.preData[1]?.hazards.map((hazard) => hazard.code),
      ['not-enforced'],
    );
    assert.equal(plan.tables[1]?.foreignKeys[0]?.name, 'b_p_fkey');
  });

  it('S18 prove a key whose orphans are set aside, and warn of no other outcome', () => {
    const [told, setAside] = (['report', 'quarantine'] as const).map((orphans) =>
      compile({ tables: [tableInput('a'), child('b', 'a', { orphans })] }),
    );
    assert.deepEqual(sqlOf(told!), sqlOf(setAside!));
    const hazards = (plan: CompiledPlan | undefined): unknown =>
      plan?.postData.flatMap((statement) => statement.hazards.map(({ code }) => code));
    assert.deepEqual([hazards(told), hazards(setAside)], [['not-enforced'], []]);
    assert.deepEqual(
      setAside?.tables.map(quarantinedKeys).map((keys) => keys.map(({ name }) => name)),
      [[], ['b_p_fkey']],
    );
    const there = setAside?.tables.map((table) => ({ ...table, existing: {} as ExistingTable })) ?? [];
    assert.deepEqual(there.flatMap(quarantinedKeys), [], 'nothing is taken out of a table that was there');
  });

  it('make tables that only the target has, with defaults of every kind', () => {
    const defaults: readonly (readonly [string, NonNullable<PlanInput['targetOnly']>[number]['columns']])[] = [
      [`"c" jsonb DEFAULT '[1,"a"]'`, [{ to: 'c', type: 'jsonb', default: { value: [1, 'a'] } }]],
      [`"c" text DEFAULT 'it''s'`, [{ to: 'c', type: 'text', default: { value: "it's" } }]],
      ['"c" boolean DEFAULT false', [{ to: 'c', type: 'bool', default: { value: false } }]],
      ['"c" numeric(3,1) DEFAULT -1.5', [{ to: 'c', type: 'decimal(3,1)', default: { value: -1.5 } }]],
    ];
    for (const [expected, columns] of defaults) {
      const plan = compile({ tables: [], targetOnly: [{ to: 't', columns }] });
      assert.deepEqual(sqlOf(plan), [`CREATE TABLE "public"."t" (\n  ${expected}\n)`]);
      assert.deepEqual(plan.tables, []);
    }
  });

  it('S26 get short names that differ', () => {
    const long = 'x'.repeat(60);
    const names = compile({
      tables: [`${long}aaa`, `${long}bbb`].map((name) => tableInput(name, { indexes: [{ columns: ['v'] }] })),
    }).postData.map((statement) => statement.object?.name ?? '');
    assert.equal(new Set(names).size, 4);
    for (const name of names) assert.equal(Buffer.byteLength(name), 63);
  });

  it('keep names that are given; made-up ones go out of their way', () => {
    const indexes = [
      { columns: ['v'] },
      { name: 'a_v_idx', columns: ['id'] },
      { columns: ['v'], where: 'id > 5' },
      { expression: 'lower(v)' },
    ];
    const names = compileTable({ indexes })
      .postData.slice(1)
      .map((statement) => statement.object?.name ?? '');
    assert.equal(names[1], 'a_v_idx');
    assert.match(names[0] ?? '', /^a_v_idx_[0-9a-f]{8}$/);
    assert.match(names[2] ?? '', /^a_v_idx_[0-9a-f]{8}$/);
    assert.notEqual(names[0], names[2]);
    assert.equal(names[3], 'a_expr_idx');
  });
});

describe('compilePlan: refusals', () => {
  const losses: readonly (readonly [string, object, boolean])[] = [
    ['rounded', { loss: 'rounded', evidence: '3 values' }, true],
    ['lossy', { loss: 'lossy' }, true],
    ['an accepted loss', { loss: 'rounded', accept: true }, false],
    ['widened', { loss: 'widened' }, false],
    ['a rounded vector', { type: 'vector(3)', loss: 'rounded' }, false],
    ['a lossy vector', { type: 'vector(3)', loss: 'lossy' }, true],
  ];
  for (const [title, changed, refused] of losses) {
    it(`${title}: ${refused ? 'refused' : 'taken'}`, () => {
      const run = (): CompiledPlan => compileTable({ columns: [columnInput('v', 'numeric(3,2)', changed)], primaryKey: [] });
      if (refused)
        assert.throws(
          run,
          (error) => error instanceof MigrationError && error.code === 'loss-not-accepted' && /public\.a\.v/.test(error.message),
        );
      else assert.equal(run().tables.length, 1);
    });
  }

  it('embed: a run computes nothing, and says so', () => {
    const embed = { from: ['v'], to: 'e', model: 'm', dimensions: 3 };
    const columns = [columnInput('id', 'bigint', { nullable: false }), columnInput('v', 'text'), columnInput('e', 'vector(3)')];
    const { leftOut } = compileTable({ columns, embed });
    assert.deepEqual(
      leftOut.map(({ code, table }) => [code, table]),
      [['embeddings-left-out', 'public.a']],
    );
    assert.match(leftOut[0]?.message ?? '', /lacks in "e" are not computed by a run: `sluice embed`/);
    assert.deepEqual(compileTable({ columns }).leftOut, []);
  });

  const features: readonly (readonly [string, Partial<TableInput>])[] = [
    ['from', { from: { files: 'a.json', as: 'jsonb' } }],
    ['columns.from', { columns: [{ from: { path: 'x' }, to: 'x', type: 'text' }], primaryKey: [] }],
    ['where', { where: 'v > 1' }],
    ['convert', { columns: [columnInput('x', 'int', { convert: [{ when: 'text', convert: 'guess' }] })], primaryKey: [] }],
  ];
  for (const [feature, changed] of features) {
    it(`${feature}: not yet, and said so`, () => {
      assert.throws(
        () => compileTable(changed),
        (error) =>
          error instanceof MigrationError &&
          error.code === 'unsupported-plan-feature' &&
          error.context['feature'] === feature &&
          /public\.a/.test(error.message),
      );
      assert.deepEqual(compileTable({ ...changed, include: false }).tables, []);
    });
  }
});
