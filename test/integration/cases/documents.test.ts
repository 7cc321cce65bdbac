import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describeCase, type CaseRun, type CaseStore } from '../../helpers/case-setting.ts';
import { layFiles, type Files } from '../../helpers/lay-files.ts';

/** A tree of documents; `records` are counted by hand, by the name of the table in the source. */
function tree(records: Readonly<Record<string, number>>, laid: Files, rest: Partial<CaseStore> = {}): CaseStore {
  return {
    make: {
      create: async (folder) => {
        await layFiles(join(folder, 'tree'), laid);
        return join(folder, 'tree');
      },
      count: async (_location, tables) => tables.map((table) => [table, records[table] ?? -1] as const),
    },
    ...rest,
  };
}

const typesOf = (run: CaseRun, table: string): Record<string, string | undefined> =>
  Object.fromEntries((run.plan.tables.find(({ to }) => to === table)?.columns ?? []).map(({ to, type }) => [to, type]));

const evidenceOf = (run: CaseRun, table: string, column: string): string =>
  run.plan.tables.find(({ to }) => to === table)?.columns?.find(({ to }) => to === column)?.evidence ?? '';

const codesOf = (run: CaseRun): readonly string[] => run.planned.warnings.map(({ code }) => code);

describeCase('J01', 'a place of several kinds', (setting) => {
  const laid = { 'a.ndjson': '{"id":1,"v":1}\n{"id":2,"v":"x"}\n{"id":3,"v":[1]}\n{"id":4,"v":null}\n{"id":5}\n{"id":6,"v":"[1]"}\n' };

  it('is jsonb with all of them, and the histogram is shown', () =>
    setting.migrate(tree({ 'a.ndjson $': 6 }, laid), async (run) => {
      assert.equal(typesOf(run, 'a')['v'], 'jsonb');
      assert.match(evidenceOf(run, 'a', 'v'), /^found 1 array, 2 texts, 1 integer, 1 null, 1 missing/);
      assert.deepEqual(await run.cells('v', 'a'), ['1', '"x"', '[1]', 'null', null, '"[1]"']);
    }));
});

describeCase('J02', 'numbers that no double holds', (setting) => {
  const laid = {
    'a.json':
      '[{"id":1,"i":9007199254740993,"d":0.1000000000000000055,"b":18446744073709551615,"o":{"x":1.10,"y":9007199254740993}}, {"id":2,"i":-1,"d":1e3,"b":1,"o":{"z":[]}},{"id":3,"i":0,"d":2,"b":2,"o":{}}]',
  };

  it('arrive with every digit', () =>
    setting.migrate(tree({ 'a.json $[*]': 3 }, laid), async (run) => {
      assert.deepEqual(typesOf(run, 'a'), { id: 'bigint', i: 'bigint', d: 'numeric', b: 'numeric', o: 'jsonb' });
      assert.deepEqual(await run.cells('i', 'a'), ['9007199254740993', '-1', '0']);
      assert.deepEqual(await run.cells('d', 'a'), ['0.1000000000000000055', '1000', '2']);
      assert.deepEqual(await run.cells('b', 'a'), ['18446744073709551615', '1', '2']);
      assert.deepEqual(await run.cells('o', 'a'), ['{"x": 1.10, "y": 9007199254740993}', '{"z": []}', '{}']);
    }));
});

describeCase('J03', 'null, nothing, and an empty text', (setting) => {
  const laid = { 'a.ndjson': '{"id":1}\n{"id":2,"a":null,"o":null}\n{"id":3,"a":"","o":{}}\n{"id":4,"a":"x","o":{"k":1}}\n' };

  it('stay apart in jsonb; in a column of texts null and nothing are both NULL, and the evidence says so', () =>
    setting.migrate(tree({ 'a.ndjson $': 4 }, laid), async (run) => {
      assert.deepEqual(await run.cells('a', 'a'), [null, null, '', 'x']);
      assert.deepEqual(await run.cells('o', 'a'), [null, 'null', '{}', '{"k": 1}']);
      assert.match(evidenceOf(run, 'a', 'a'), /^found 2 texts, 1 null, 1 missing/);
    }));
});

describeCase('J04', 'equal keys in one object', (setting) => {
  it('the last one is taken, and how many were replaced is a warning', () =>
    setting.migrate(
      tree({ 'a.ndjson $': 2 }, { 'a.ndjson': '{"id":1,"v":1,"v":2,"o":{"k":1,"k":2,"j":3}}\n{"id":2,"v":3,"o":{"k":4}}\n' }),
      async (run) => {
        assert.deepEqual(await run.cells('v', 'a'), ['2', '3']);
        assert.match(run.planned.warnings.find(({ code }) => code === 'repeated-keys')?.message ?? '', /^2 entries of objects/);
      },
    ));
});

describeCase('J05', 'texts that PostgreSQL cannot hold', (setting) => {
  const laid = { 'a.ndjson': '{"id":1,"v":"a\\u0000b"}\n{"id":2,"v":"a\\ud800"}\n{"id":3,"v":"ok"}\n{"id":4,"v":"\\ud83c\\udf88"}\n' };

  it('are rejects, each by itself', () =>
    setting.migrate(tree({ 'a.ndjson $': 4 }, laid, { edit: (plan) => setType(plan, 'text') }), async (run) => {
      assert.deepEqual(
        run.rejects.map(({ provenance, code }) => [provenance, code]),
        [
          ['a.ndjson:1', 'nul-byte'],
          ['a.ndjson:2', 'invalid-text'],
        ],
      );
      assert.deepEqual(await run.cells('v', 'a'), ['ok', '🎈']);
    }));

  it('are kept by the policies, and counted', () =>
    setting.migrate(tree({ 'a.ndjson $': 4 }, laid, { options: { nulBytes: 'strip', invalidText: 'replace' } }), async (run) => {
      assert.deepEqual(await run.cells('v', 'a'), ['ab', 'a\ufffd\ufffd\ufffd', 'ok', '🎈']);
      assert.ok(Object.values(run.losses('a')).every((count) => count === 1));
    }));

  const nested = { 'a.ndjson': '{"id":1,"v":["a\\u0000"]}\n{"id":2,"v":["\\ud800"]}\n{"id":3,"v":["ok"]}\n' };

  it('inside of jsonb are rejects, and never stop the others', () =>
    setting.migrate(tree({ 'a.ndjson $': 3 }, nested, { edit: (plan) => setType(plan, 'jsonb') }), async (run) => {
      assert.deepEqual(
        run.rejects.map(({ provenance }) => provenance),
        ['a.ndjson:1', 'a.ndjson:2'],
      );
      assert.deepEqual(await run.cells('v', 'a'), ['["ok"]']);
    }));

  it('make a column of arrays one of texts, as they were written', () =>
    setting.migrate(tree({ 'a.ndjson $': 3 }, nested), async (run) => {
      assert.deepEqual(await run.cells('v', 'a'), ['["a\\u0000"]', '["\\ud800"]', '["ok"]']);
    }));

  function setType(plan: CaseRun['plan'], type: string): void {
    const column = plan.tables[0]?.columns?.find(({ to }) => to === 'v');
    Object.assign(column!, { type, convert: null });
  }
});

describeCase('J06', 'arrays of objects', (setting) => {
  const laid = {
    'u1/a.json': '{"id":1,"items":[{"k":1},{"k":2}]}',
    'u1/b.json': '{"id":2,"items":[]}',
    'u2/c.json': '{"id":3}',
    'u2/d.json': '{"id":4,"items":[{"k":9},{"k":8},{"k":null}]}',
  };

  it('are a child table with the parent and the place; an empty array is told from none', () =>
    setting.migrate(tree({ '*/*.json $': 4, '*/*.json $.items[*]': 5 }, laid), async (run) => {
      assert.deepEqual(await run.cells('items_count', 'tree'), ['2', '0', null, '3']);
      assert.deepEqual(
        await run.query(`SELECT tree_id::text, position::text, k::text FROM ${run.name('items')} ORDER BY tree_id, position`),
        [
          ['1', '0', '1'],
          ['1', '1', '2'],
          ['4', '0', '9'],
          ['4', '1', '8'],
          ['4', '2', null],
        ],
      );
      const { foreignKeys } = run.plan.tables.find(({ to }) => to === 'items')!;
      assert.deepEqual(
        foreignKeys?.map(({ references, orphans }) => [references, orphans]),
        [['tree', 'quarantine']],
      );
    }));

  it('in the elements of another array are a table below that one, with the place at each level', () => {
    const nested = {
      'u1/a.json': '{"id":1,"items":[{"k":1,"parts":[{"p":"x"},{"p":"y"}]},{"k":2,"parts":[]}]}',
      'u2/b.json': '{"id":2,"items":[{"k":3,"parts":[{"p":"z"}]}]}',
    };
    return setting.migrate(tree({ '*/*.json $': 2, '*/*.json $.items[*]': 3, '*/*.json $.items[*].parts[*]': 3 }, nested), async (run) => {
      assert.deepEqual(
        await run.query(
          `SELECT i.k::text, p.position::text, p.p FROM ${run.name('parts')} p JOIN ${run.name('items')} i
               ON i.tree_id = p.tree_id AND i.position = p.items_position ORDER BY 1, 2`,
        ),
        [
          ['1', '0', 'x'],
          ['1', '1', 'y'],
          ['3', '0', 'z'],
        ],
      );
      const { from, foreignKeys } = run.plan.tables.find(({ to }) => to === 'parts')!;
      assert.deepEqual(from, { files: '*/*.json', path: '$.items[*].parts', as: 'child', ordinal: 'position', parent: 'items' });
      assert.deepEqual(
        foreignKeys?.map(({ columns, references }) => [columns, references]),
        [[['tree_id', 'items_position'], 'items']],
      );
    });
  });

  it('of a document whose row is rejected are set aside with it', () =>
    setting.migrate(
      tree({ '*/*.json $': 4, '*/*.json $.items[*]': 5 }, laid, {
        edit: (plan) =>
          Object.assign(
            plan.tables.find(({ to }) => to === 'tree')!,
            { checks: ['id <> 1'] },
          ),
      }),
      async (run) => {
        assert.deepEqual(await run.cells('id', 'tree'), ['2', '3', '4']);
        assert.deepEqual(run.rejects.map(({ provenance }) => provenance).toSorted(), [
          'u1/a.json',
          'u1/a.json#/items/0',
          'u1/a.json#/items/1',
        ]);
      },
    ));
});

describeCase('J07', 'null first and an object later', (setting) => {
  for (const [first, second] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const)
    it(`gives the same columns with the null in ${first}`, () =>
      setting.migrate(
        tree(
          { '*.json $': 3 },
          { [`${first}.json`]: '{"id":1,"m":null}', [`${second}.json`]: '{"id":2,"m":{"x":1}}', 'c.json': '{"id":3,"m":{"x":2}}' },
        ),
        async (run) => {
          assert.deepEqual(typesOf(run, 'tree'), { file: 'text', id: 'bigint', m: 'jsonb' });
          assert.deepEqual(await run.cells('m', 'tree'), [null, '{"x": 1}', '{"x": 2}']);
        },
      ));
});

describeCase('J08', 'every way to write documents, in one folder', (setting) => {
  const laid = {
    'a.json': '{"id":1}',
    'b.ndjson': '{"id":2}\n{"id":3}\n',
    'c.json': '[{"id":4},\n {"id":5}]',
    'd.json': '\ufeff{"id":6}',
    'e.json': '{"id":7}{"id":8}',
    'notes.txt': 'words',
  };

  it('is one table', () =>
    setting.migrate(tree({ '* $': 8 }, laid), async (run) => {
      assert.deepEqual(await run.cells('id', 'tree'), ['1', '2', '3', '4', '5', '6', '7', '8']);
      assert.match((run.plan.notes ?? []).join('\n'), /notes\.txt, which is no JSON/);
    }));
});

describeCase('J09', 'folders that say something', (setting) => {
  const laid = { 'a/2024/u1.json': '{"id":"u1","n":1}', 'a/2025/u1.json': '{"id":"u1","n":2}', 'a/2025/u2.json': '{"id":"u2","n":3}' };

  it('are columns, and part of the key where an id comes twice', () =>
    setting.migrate(tree({ 'a/*/*.json $': 3 }, laid), async (run) => {
      assert.deepEqual(await run.query(`SELECT folder, id, n::text FROM ${run.name('tree')} ORDER BY n`), [
        ['2024', 'u1', '1'],
        ['2025', 'u1', '2'],
        ['2025', 'u2', '3'],
      ]);
      assert.ok(codesOf(run).includes('key-clash'));
      assert.deepEqual(run.plan.tables[0]?.primaryKey, ['folder', 'id']);
    }));

  it('are named by a pattern in the plan; an id that is a key by itself and comes twice is a reject, and nothing is overwritten', () =>
    setting.migrate(
      tree({ 'tree/a/*/*.json $': 3 }, laid, {
        edit: (plan) => {
          const [table] = plan.tables;
          Object.assign(plan.sources['main']!, { pattern: 'a/{year}/{name}.json' });
          table!.from = { files: 'tree/a/*/*.json', path: '$' };
          table!.columns = [
            { from: { path: 'year' }, to: 'year', type: 'integer', nullable: false },
            { from: '/id', to: 'id', type: 'text', nullable: false },
            { from: '/n', to: 'n', type: 'bigint' },
          ];
          table!.primaryKey = ['id'];
        },
      }),
      async (run) => {
        assert.deepEqual(await run.query(`SELECT year::text, id, n::text FROM ${run.name('tree')} ORDER BY n`), [
          ['2024', 'u1', '1'],
          ['2025', 'u2', '3'],
        ]);
        assert.deepEqual(
          run.rejects.map(({ provenance }) => provenance),
          ['2025/u1.json'].map((place) => `a/${place}`),
        );
      },
    ));
});

describeCase('J10', 'documents that are cut off, or nested too deeply', (setting) => {
  const deep = `{"id":3,"v":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
  const laid = {
    'a.json': '{"id":1,"v":[1]}',
    'b.json': '{"id":2,"v":[2',
    'c.json': deep,
    'd.json': '{"id":4,"v":[4]}',
    'e.json': '[{"id":5,"v":[5]},{"id":6,',
  };

  it('are rejects with their file and byte, and the others are loaded', () =>
    setting.migrate(tree({ '*.json $': 6 }, laid), async (run) => {
      assert.deepEqual(await run.cells('v', 'tree'), ['[1]', '[4]', '[5]']);
      assert.deepEqual(
        run.rejects.map(({ provenance, code }) => [provenance, code]),
        [
          ['b.json, byte 14', 'unreadable-document'],
          ['c.json, byte 1011', 'unreadable-document'],
          ['e.json#/1, byte 26', 'unreadable-document'],
        ],
      );
      assert.match(run.rejects[1]!.message, /nested more than 1000 levels deep/);
      assert.ok(codesOf(run).includes('broken-documents'));
    }));
});

describeCase('J11', 'keys that are no names', (setting) => {
  const long = 'k'.repeat(80);
  const laid = { 'a.ndjson': `${JSON.stringify({ '': 1, 'a.b': 2, ID: 3, id: 4, 'a/b': 5, [long]: 6 })}\n{"id":5}\n` };

  it('are columns of their own, and what was changed is told', () =>
    setting.migrate(tree({ 'a.ndjson $': 2 }, laid), async (run) => {
      const columns = Object.keys(typesOf(run, 'a'));
      assert.deepEqual(columns.slice(0, 5), ['id', 'empty', 'a.b', 'ID', 'a/b']);
      assert.deepEqual(
        await run.query(
          `SELECT "empty"::text AS a, "a.b"::text AS b, "ID"::text AS c, id::text AS d, "a/b"::text AS e FROM ${run.name('a')} ORDER BY id`,
        ),
        [
          ['1', '2', '3', '4', '5'],
          [null, null, null, '5', null],
        ],
      );
      assert.ok(codesOf(run).includes('renamed'));
    }));
});

describeCase('J12', 'dates of which one is none', (setting) => {
  const lines = Array.from({ length: 1_000 }, (_, i) =>
    JSON.stringify({ id: i, day: i === 500 ? '2024-13-01' : `2024-01-${String((i % 28) + 1).padStart(2, '0')}` }),
  );

  it('stay texts', () =>
    setting.migrate(tree({ 'a.ndjson $': 1_000 }, { 'a.ndjson': lines.join('\n') }), async (run) => {
      assert.equal(typesOf(run, 'a')['day'], 'text');
      assert.equal((await run.cells('day', 'a'))[500], '2024-13-01');
    }));
});
