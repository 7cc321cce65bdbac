import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CatalogTable } from '../../../../../src/core/model/catalog.ts';
import { readTable, withTree } from '../../../../helpers/read-json.ts';

/** Name, then columns as "name declared" with ? where there may be nothing. */
function outline({ bareName, name, columns, primaryKey }: CatalogTable): unknown {
  return {
    name: `${name} as ${bareName}`,
    columns: columns.map((column) => `${column.name} ${column.declared}${column.nullable ? '?' : ''}`),
    key: primaryKey,
  };
}

const tablesOf = (files: Record<string, string>): Promise<readonly CatalogTable[]> =>
  withTree(files, async ({ snapshot }) => snapshot.tables);
const json = (value: unknown): string => JSON.stringify(value);

describe('tables of documents', () => {
  it('J01 a place of several kinds is jsonb, with how often each was there', async () => {
    const files = { 'a.json': '{"v":1}', 'b.json': '{"v":"x"}', 'c.json': '{"v":[1]}', 'd.json': '{"v":null}', 'e.json': '{"w":1}' };
    const [table] = await tablesOf(files);
    const column = table?.columns.find(({ name }) => name === '#json/v');
    assert.deepEqual([column?.bareName, column?.declared, column?.found], ['v', 'mixed', '1 array, 1 text, 1 integer, 1 null, 1 missing']);
    await withTree(files, async ({ source }) => {
      const rows = await readTable(source, table!.name, ['#json/v']);
      assert.deepEqual(
        rows.map(({ values }) => values[0]),
        ['1', '"x"', '[1]', 'null', null],
      );
    });
  });

  it('J02 numbers are counted as what they are', async () => {
    const [table] = await tablesOf({
      'a.ndjson': '{"i":9007199254740993,"d":0.1000000000000000055,"l":1}\n{"i":1,"d":2,"l":9223372036854775808}\n',
    });
    assert.deepEqual(outline(table!), { name: 'a.ndjson $ as a', columns: ['/i integer', '/d number', '/l number'], key: [] });
  });

  it('J03 null, nothing and an empty text are counted apart, and stay apart in JSON', async () => {
    const files = { 'a.ndjson': '{"o":{"x":1},"a":"y"}\n{}\n{"o":null,"a":null}\n{"o":{},"a":""}\n' };
    const [table] = await tablesOf(files);
    assert.deepEqual(
      table!.columns.map(({ name, found }) => [name, found]),
      [
        ['#json/o', '2 objects, 1 null, 1 missing'],
        ['/a', '2 texts, 1 null, 1 missing'],
      ],
    );
    await withTree(files, async ({ source }) => {
      const rows = await readTable(source, table!.name, ['#json/o', '/a']);
      assert.deepEqual(
        rows.map(({ values }) => values),
        [
          ['{"x":1}', 'y'],
          [null, null],
          ['null', null],
          ['{}', ''],
        ],
      );
    });
  });

  it('J06 arrays of objects are children with the key of their document and their place; [] is told from nothing', async () => {
    const files = {
      'a.ndjson': '{"id":1,"items":[{"k":1},{"k":2}]}\n{"id":2,"items":[]}\n{"id":3}\n{"id":4,"items":null}\n',
    };
    const [orders, items] = await tablesOf(files);
    assert.deepEqual(outline(orders!), { name: 'a.ndjson $ as a', columns: ['/id integer', '#count/items integer?'], key: ['/id'] });
    assert.deepEqual(outline(items!), {
      name: 'a.ndjson $.items[*] as items',
      columns: ['^/id integer', '#position integer', '/k integer'],
      key: ['^/id', '#position'],
    });
    assert.deepEqual([items?.rows, items?.foreignKeys[0]?.columns, items?.foreignKeys[0]?.orphans], [2, ['^/id'], 'quarantine']);
    await withTree(files, async ({ source }) => {
      assert.deepEqual(await readTable(source, items!.name, ['^/id', '#position', '/k']), [
        { place: 'a.ndjson:1#/items/0', values: [1n, 0n, 1n] },
        { place: 'a.ndjson:1#/items/1', values: [1n, 1n, 2n] },
      ]);
      const counts = await readTable(source, orders!.name, ['#count/items']);
      assert.deepEqual(
        counts.map(({ values }) => values[0]),
        [2n, 0n, null, null],
      );
    });
  });

  it('J06 arrays of objects in the elements of others are tables below them, with the place at each level', async () => {
    const deep = '[{"n":1,"tools":[{"t":"a","calls":[{"c":1},{"c":2}]},{"t":"b","calls":[]}]},{"n":2}]';
    const files = { 'a.ndjson': `{"id":1,"items":${deep}}\n{"id":2,"items":[{"n":3,"tools":[{"t":"c","calls":[{"c":3}]}]}]}\n` };
    const [, items, tools, calls] = await tablesOf(files);
    assert.deepEqual(outline(items!), {
      name: 'a.ndjson $.items[*] as items',
      columns: ['^/id integer', '#position integer', '/n integer', '#count/tools integer?'],
      key: ['^/id', '#position'],
    });
    assert.deepEqual(outline(tools!), {
      name: 'a.ndjson $.items[*].tools[*] as tools',
      columns: ['^/id integer', '#position^ integer', '#position integer', '/t string'],
      key: ['^/id', '#position^', '#position'],
    });
    assert.deepEqual(outline(calls!), {
      name: 'a.ndjson $.items[*].tools[*].calls[*] as calls',
      columns: ['^/id integer', '#position^^ integer', '#position^ integer', '#position integer', '/c integer'],
      key: ['^/id', '#position^^', '#position^', '#position'],
    });
    const [key] = calls!.foreignKeys;
    assert.deepEqual(
      [key?.references, key?.columns, key?.referencesColumns],
      [tools!.name, calls!.primaryKey.slice(0, 3), tools!.primaryKey],
    );
    await withTree(files, async ({ source }) => {
      assert.deepEqual(await readTable(source, calls!.name, ['^/id', '#position^^', '#position^', '#position', '/c']), [
        { place: 'a.ndjson:1#/items/0/tools/0/calls/0', values: [1n, 0n, 0n, 0n, 1n] },
        { place: 'a.ndjson:1#/items/0/tools/0/calls/1', values: [1n, 0n, 0n, 1n, 2n] },
        { place: 'a.ndjson:2#/items/0/tools/0/calls/0', values: [2n, 0n, 0n, 0n, 3n] },
      ]);
    });
  });

  it('J06 a value in the way of a path is told and not passed over', async () => {
    await withTree({ 'a.ndjson': '{"items":[1]}\n{"items":{"k":1}}\n{"items":null}\n{}\n[2]\n' }, async ({ source }) => {
      assert.deepEqual(await readTable(source, '*.ndjson $.items[*]', ['']), [
        { place: 'a.ndjson:1#/items/0', values: [1n] },
        { place: 'a.ndjson:2#/items', values: ['The document has an object where the path of the table wants an array'] },
        { place: 'a.ndjson:5', values: ['The document has an array where the path of the table wants an object'] },
      ]);
    });
  });

  it('J07 whichever file comes first, the columns are the same', async () => {
    const documents = ['{"a":null}', '{"a":{"x":1},"b":2}', '{"b":1.5,"a":{"x":2}}', '{"c":[]}'];
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(documents, { minLength: documents.length }), async (order) => {
        const tables = await tablesOf(Object.fromEntries(order.map((text, i) => [`${i}.json`, text])));
        seen.add(json(tables));
      }),
      { numRuns: 12 },
    );
    assert.equal(seen.size, 1);
  });

  it('J07 any documents in any order give the same tables', async () => {
    const key = fc.constantFrom('id', 'a', 'b', 'c', 'items', '');
    const value = fc.oneof(
      fc.constantFrom(null, 1, 1.5, 'x', true, [], {}),
      fc.array(fc.record({ k: fc.constantFrom(1, 'x') }), { maxLength: 2 }),
    );
    const files = fc.array(fc.tuple(fc.constantFrom('x', 'y'), fc.array(fc.dictionary(key, value), { minLength: 1, maxLength: 3 })), {
      minLength: 2,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), async (content, turn) => {
        const tables = (list: typeof content): Promise<readonly CatalogTable[]> =>
          // The folders stay; in each of them the files change places.
          tablesOf(
            Object.fromEntries(
              ['x', 'y'].flatMap((folder) =>
                list
                  .filter(([own]) => own === folder)
                  .map(([, values], i) => [`${folder}/${i}.ndjson`, `${values.map(json).join('\n')}\n`]),
              ),
            ),
          );
        const turned = content.map((_, i) => content[(i + turn) % content.length]!);
        // What tells files apart by their paths depends on the paths.
        const whole = (list: readonly CatalogTable[]): unknown =>
          list
            .map(({ rows, columns }) => ({ rows, columns: columns.filter(({ declared }) => declared !== 'path') }))
            .toSorted((a, b) => (json(a) < json(b) ? -1 : 1));
        assert.deepEqual(whole(await tables(turned)), whole(await tables(content)));
      }),
      { numRuns: 40 },
    );
  });

  it('J08 all ways to write documents may be mixed in one folder', async () => {
    const files = {
      'a.json': '{"id":1}',
      'b.ndjson': '{"id":2}\n{"id":3}\n',
      'c.json': '[{"id":4},\n {"id":5}]',
      'd.json': '\ufeff{"id":6}',
      'e.json': '{"id":7}{"id":8}',
    };
    const [table, ...others] = await tablesOf(files);
    assert.deepEqual([others.length, table?.rows], [0, 8]);
    await withTree(files, async ({ source }) => {
      const rows = await readTable(source, table!.name, ['/id', '#document', '#file']);
      assert.deepEqual(
        rows.map(({ place, values }) => [place, ...values]),
        [
          ['a.json', 1n, 0n, 'a.json'],
          ['b.ndjson:1', 2n, 0n, 'b.ndjson'],
          ['b.ndjson:2', 3n, 1n, 'b.ndjson'],
          ['c.json#/0', 4n, 0n, 'c.json'],
          ['c.json#/1', 5n, 1n, 'c.json'],
          ['d.json', 6n, 0n, 'd.json'],
          ['e.json:1', 7n, 0n, 'e.json'],
          ['e.json:2', 8n, 1n, 'e.json'],
        ],
      );
    });
  });

  it('J09 folders are columns, and an id that is twice is told and not a key by itself', async () => {
    const [table] = await tablesOf({ 'a/2024/u1.json': '{"id":"u1","n":1}', 'a/2025/u1.json': '{"id":"u1","n":2}' });
    assert.deepEqual(outline(table!), {
      name: 'a/*/u1.json $ as tree',
      columns: ['{folder} path', '/id string', '/n integer'],
      key: ['{folder}', '/id'],
    });
    assert.deepEqual(
      table?.warnings?.map(({ code }) => code),
      ['key-clash'],
    );
  });

  it('J09 a pattern names the parts of a path, also above the folder that is read', async () => {
    const files = { 'data/u1/c1.json': '{"id":"c1"}', 'data/u2/c1.json': '{"id":"c1"}', 'data/readme.json': '{"id":"c9"}' };
    await withTree(
      files,
      async ({ source }) => {
        assert.deepEqual(await readTable(source, 'data/*/*.json $', ['{user_id}', '{name}']), [
          { place: 'u1/c1.json', values: ['u1', 'c1'] },
          { place: 'u2/c1.json', values: ['u2', 'c1'] },
        ]);
        assert.deepEqual(await readTable(source, '*.json $', ['{user_id}']), [{ place: 'readme.json', values: [null] }]);
      },
      { location: 'data', settings: { pattern: 'data/{user_id}/{name}.json' } },
    );
    for (const pattern of [7, 'no names', '{a}/{a}.json', '{}'])
      await assert.rejects(
        withTree({ 'a.json': '{}' }, async () => undefined, { settings: { pattern } }),
        { code: 'invalid-source-setting' },
      );
  });

  it('J10 a file that is cut off is one broken row with its byte, and the others are read', async () => {
    await withTree(
      { 'a.json': '{"id":1}', 'b.json': '{"id":2,"x', 'c.json': '[{"id":3},{"id":4]', 'd.json': '{"id":5}' },
      async ({ source, snapshot }) => {
        assert.deepEqual(await readTable(source, '*.json $', ['/id']), [
          { place: 'a.json', values: [1n] },
          { place: 'b.json, byte 10', values: ['The document ends in the middle of a value (byte 10)'] },
          { place: 'c.json#/0', values: [3n] },
          { place: 'c.json#/1, byte 17', values: ['The document has no comma or } where one belongs (byte 17)'] },
          { place: 'd.json', values: [5n] },
        ]);
        assert.equal(snapshot.tables[0]?.warnings?.[0]?.code, 'broken-documents');
        const places: string[] = [];
        for await (const batch of source.readPlaces('*.json $', ['b.json, byte 10', 'd.json', 'c.json#/1, byte 17'], {
          columns: ['/id'],
          signal: new AbortController().signal,
        }))
          batch.rows.forEach((_, i) => places.push(batch.provenanceAt(i)));
        assert.deepEqual(places, ['b.json, byte 10', 'c.json#/1, byte 17', 'd.json']);
      },
    );
  });

  it('files of other shapes are tables of their own', async () => {
    const tables = await tablesOf({
      'rules.json': '{"rules":[{"id":"r1","metric":"m"},{"id":"r2","metric":"n"}]}',
      'users/1.json': '{"id":1,"name":"a","mail":"x"}',
      'users/2.json': '{"id":2,"name":"b","mail":null}',
      'orders/1.json': '{"id":1,"user":1,"total":2.5}',
      'orders/2.json': '{"id":2,"user":1}',
    });
    assert.deepEqual(tables.map(outline), [
      { name: 'orders/*.json $ as orders', columns: ['/id integer', '/user integer', '/total number?'], key: ['/id'] },
      { name: 'rules.json $.rules[*] as rules', columns: ['#position integer', '/id string', '/metric string'], key: ['#position'] },
      { name: 'users/*.json $ as users', columns: ['/id integer', '/name string', '/mail string?'], key: ['/id'] },
    ]);
  });

  it('a map of many similar objects is rows with the key as a column', async () => {
    const terms = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`term ${i}`, { definition: 'd', weight: i }]));
    const [table] = await tablesOf({ 'a.json': json({ terms }) });
    assert.deepEqual(outline(table!), {
      name: 'a.json $.terms.* as terms',
      columns: ['#key string', '/definition string', '/weight integer'],
      key: ['#key'],
    });
    const few = await tablesOf({ 'a.json': json({ terms: { a: { definition: 'd' }, b: { definition: 'd' } } }) });
    assert.deepEqual(outline(few[0]!), {
      name: 'a.json $ as a',
      columns: ['/terms/a/definition string', '/terms/b/definition string'],
      key: [],
    });
  });

  it('J11 keys of any name are columns of their own', async () => {
    const long = 'k'.repeat(80);
    const [table] = await tablesOf({ 'a.json': json({ '': 1, 'a.b': 2, ID: 3, id: 4, 'a/b': 5, [long]: 6 }) });
    assert.deepEqual(
      table!.columns.map(({ name, bareName }) => [name, bareName]),
      [
        ['/', 'empty'],
        ['/a.b', 'a.b'],
        ['/ID', 'ID'],
        ['/id', 'id'],
        ['/a~1b', 'a/b'],
        [`/${long}`, long],
      ],
    );
  });
});
