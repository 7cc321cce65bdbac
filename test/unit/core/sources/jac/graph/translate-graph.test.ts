import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Anchor, BrokenRecord, PythonValue } from '../../../../../../src/core/sources/jac/anchor.ts';
import type { StoredTable } from '../../../../../../src/core/sources/jac/graph/stored-table.ts';
import { translateGraph } from '../../../../../../src/core/sources/jac/graph/translate-graph.ts';
import type { RecordProgress } from '../../../../../../src/core/sources/source.ts';
import { JacSource } from '../../../../../../src/core/sources/jac/jac-source.ts';
import type { JacSnapshot } from '../../../../../../src/core/sources/jac/jac-snapshot.ts';
import { openForReading } from '../../../../../../src/core/sources/shared/sqlite/connection.ts';
import { SqliteSource } from '../../../../../../src/core/sources/sqlite/sqlite-source.ts';
import { InvalidText, UnreadableRecord, type SourceValue } from '../../../../../../src/core/model/source-value.ts';
import { edgeAnchor, idOf, nodeAnchor, readerOf } from '../../../../../helpers/jac-anchors.ts';

const never = new AbortController().signal;

describe('a graph as tables', () => {
  let folder: string;
  let made = 0;
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'sluice-graph-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  interface Translated {
    readonly tables: readonly StoredTable[];
    readonly source: JacSource;
  }

  async function translated(records: readonly (Anchor | BrokenRecord)[], work: (graph: Translated) => Promise<void>): Promise<void> {
    const path = join(folder, `${made++}.sqlite`);
    const tables = await translateGraph(readerOf(records), [], path, { signal: never });
    const snapshot = { location: 'main.session', path, tables, measured: {}, capabilities: { sql: true } } as unknown as JacSnapshot;
    const source = new JacSource(snapshot, new SqliteSource(openForReading(path), snapshot));
    try {
      await work({ tables, source });
    } finally {
      await source.close();
    }
  }

  async function rowsOf(
    { source }: Translated,
    table: string,
    ...columns: readonly string[]
  ): Promise<readonly (readonly SourceValue[])[]> {
    const rows: (readonly SourceValue[])[] = [];
    for await (const batch of source.readBatches(table, { columns, signal: never })) rows.push(...batch.rows);
    return rows;
  }

  /** The value of a field `v` of one node, as it is declared and read. */
  async function kept(...values: readonly PythonValue[]): Promise<readonly [declared: string, read: readonly SourceValue[]]> {
    let result: readonly [string, readonly SourceValue[]] = ['', []];
    await translated(
      values.map((v, i) => nodeAnchor(i + 1, 'N', { v })),
      async (graph) => {
        const read = await rowsOf(graph, 'node N', 'v');
        result = [graph.tables[0]?.catalog.columns.find(({ name }) => name === 'v')?.declared ?? '', read.map(([value]) => value ?? null)];
      },
    );
    return result;
  }

  const list = (...items: readonly PythonValue[]): PythonValue => ({ tag: 'list', items });
  const naive: PythonValue = { tag: 'datetime', text: '2025-01-02T03:04:05', zone: null };
  const zoned: PythonValue = { tag: 'datetime', text: '2025-01-02T03:04:05+03:00', zone: 'Africa/Nairobi' };
  const values: readonly (readonly [string, readonly PythonValue[], string, readonly SourceValue[]])[] = [
    ['truth', [true, false, null], 'bool', [true, false, null]],
    ['ints', [1n, -(2n ** 63n)], 'int', [1n, -(2n ** 63n)]],
    ['large ints', [1n, 2n ** 64n], 'int beyond 64 bits', [1n, 2n ** 64n]],
    ['floats', [0.5, -0, NaN, Infinity, -Infinity], 'float', [0.5, -0, NaN, Infinity, -Infinity]],
    ['floats and ints that a float holds', [0.5, 3n], 'float', [0.5, 3]],
    ['floats and ints that none holds', [0.5, 2n ** 53n + 1n], 'Decimal', [0.5, 2n ** 53n + 1n]],
    [
      'Decimals',
      [
        { tag: 'decimal', text: '1.50' },
        { tag: 'decimal', text: 'NaN' },
      ],
      'Decimal',
      ['1.50', NaN],
    ],
    ['a NaN that signals', [{ tag: 'decimal', text: 'sNaN' }], 'object', ['{"$decimal":"sNaN"}']],
    ['texts', ['007', '', 'a\0b'], 'str', ['007', '', 'a\0b']],
    ['bytes', [Buffer.from('ff00', 'hex'), Buffer.alloc(0)], 'bytes', [Buffer.from('ff00', 'hex'), Buffer.alloc(0)]],
    ['times', [naive], 'datetime', ['2025-01-02T03:04:05']],
    ['times with and without a zone', [naive, zoned], 'datetime with time zone', ['2025-01-02T03:04:05', '2025-01-02T03:04:05+03:00']],
    ['times of day', [{ tag: 'time', text: '03:04:05' }], 'time', ['03:04:05']],
    ['times of day with a zone', [{ tag: 'time', text: '03:04:05+03:00' }], 'time with time zone', ['03:04:05+03:00']],
    ['spans', [{ tag: 'timedelta', days: -1, seconds: 86_399, microseconds: 7 }], 'timedelta', ['P-1DT86399.000007S']],
    ['members', [{ tag: 'enum', className: 'U', name: 'HIGH', value: 'high' }], 'Enum', ['high']],
    ['members by name', [{ tag: 'enum', className: 'U', name: 'HIGH', value: null }], 'Enum', ['HIGH']],
    ['nodes', [{ tag: 'node', id: idOf(1), className: 'N' }], 'node', [idOf(1)]],
    ['lists of numbers', [list(1n, 2.5)], 'list', ['[1,2.5]']],
    ['empty lists only', [list()], 'list', ['[]']],
    ['several kinds', [1n, 'a', { tag: 'tuple', items: [1n] }], 'object', ['1', '"a"', '{"$tuple":[1]}']],
    ['nothing', [null], 'None', [null]],
  ];
  for (const [title, given, declared, read] of values)
    it(`keeps ${title}`, async () => assert.deepEqual(await kept(...given), [declared, read]));

  it('keeps half a pair of surrogates as text that is not valid', async () => {
    const [, [value]] = await kept('a\ud800b');
    assert.ok(value instanceof InvalidText);
    assert.equal(Buffer.from(value.bytes).toString('hex'), '61eda08062');
  });

  it('keeps any text, any int and any float', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.bigInt(), fc.double()), async (value) => {
        const [, [read]] = await kept(value);
        assert.ok(Object.is(read, value), String(value));
      }),
      { numRuns: 40 },
    ));

  it('reads an empty list as no embedding where all others are embeddings, and else as it is', async () => {
    const embedding = list(...Array.from({ length: 16 }, (_, i) => i / 8));
    assert.deepEqual((await kept(embedding, list()))[1].at(-1), null);
    assert.deepEqual((await kept(list(1, 2, 3), list()))[1], ['[1.0,2.0,3.0]', '[]']);
    assert.deepEqual((await kept(embedding, list(1, 2), list()))[1].at(-1), '[]');
  });

  it('is the same whatever the order of the records', async () => {
    const records = [
      nodeAnchor(1, 'N', { b: 1n, a: 'x' }),
      nodeAnchor(2, 'N', { c: null, a: 'y' }),
      nodeAnchor(6, 'N', { z: 1n, d: 2n }),
      nodeAnchor(7, 'N', { y: 1n }),
      nodeAnchor(3, 'M'),
      edgeAnchor(4, 'e', [1, 3]),
      edgeAnchor(5, 'e', [2, 9]),
    ];
    const catalogs: unknown[] = [];
    for (const order of [records, records.toReversed()])
      await translated(order, async ({ source }) => void catalogs.push(await source.introspect()));
    assert.deepEqual(catalogs[0], catalogs[1]);
  });

  it('tells fields that are missing from those that are None, and a field from what every record has', () =>
    translated([nodeAnchor(1, 'N', { id: 7n, a: null, A: 'x' }), nodeAnchor(2, 'N', { id: 8n })], async (graph) => {
      const columns = graph.tables[0]?.catalog.columns.slice(3);
      assert.deepEqual(
        columns?.map(({ name, found, nullable }) => [name, found, nullable]),
        [
          ['fields.id', '2 int', false],
          ['a', '1 None, 1 missing', true],
          ['fields.A', '1 str, 1 missing', true],
        ],
      );
      assert.deepEqual(await rowsOf(graph, 'node N', 'fields.id', 'id'), [
        [7n, idOf(1)],
        [8n, idOf(2)],
      ]);
    }));

  it('sorts edges by the classes of their ends; those with an end that is gone go where the others go, if that is one place', () =>
    translated(
      [
        nodeAnchor(1, 'A', {}, { edges: [idOf(12), idOf(11)] }),
        nodeAnchor(2, 'B'),
        edgeAnchor(11, 'one', [1, 2]),
        edgeAnchor(12, 'one', [1, 99]),
        edgeAnchor(13, 'two', [1, 2]),
        edgeAnchor(14, 'two', [1, 1]),
        edgeAnchor(15, 'two', [1, 99]),
        edgeAnchor(16, 'two', [98, 2]),
        edgeAnchor(17, 'none', [98, 99]),
      ],
      async (graph) => {
        const found = graph.tables
          .filter(({ catalog: { name } }) => name.startsWith('edge'))
          .map(({ catalog: { name, bareName, rows } }) => [name, bareName, rows]);
        assert.deepEqual(found, [
          ['edge none ? ?', 'none', 1],
          ['edge one A B', 'one', 2],
          ['edge two A A', 'two_A_A', 1],
          ['edge two A B', 'two_A_B', 2],
          ['edge two A ?', 'two_A', 1],
        ]);
        assert.deepEqual(await rowsOf(graph, 'edge one A B', 'id', 'target_id', 'position'), [
          [idOf(11), idOf(2), 1n],
          [idOf(12), idOf(99), 0n],
        ]);
        assert.deepEqual(await rowsOf(graph, 'edge one ? ?', 'id'), [[idOf(11)], [idOf(12)]], 'ends that are left open');
        await assert.rejects(rowsOf(graph, 'edge two A B ?', 'id'), { code: 'no-such-source-table' });
        await assert.rejects(rowsOf(graph, 'edge two ? ?', 'id'), { code: 'no-such-source-table' }, 'which of three is open');
      },
    ));

  it('gives a node the other end of its only edge', () =>
    translated(
      [
        nodeAnchor(1, 'A'),
        nodeAnchor(2, 'B'),
        nodeAnchor(3, 'B'),
        nodeAnchor(4, 'B'),
        edgeAnchor(11, 'e', [1, 2]),
        edgeAnchor(13, 'f', [1, 2]),
        edgeAnchor(14, 'f', [5, 2]),
        nodeAnchor(5, 'A'),
        edgeAnchor(12, 'e', [1, 3]),
      ],
      async (graph) => {
        assert.deepEqual(await rowsOf(graph, 'node B', 'source of edge e A B'), [[idOf(1)], [idOf(1)], [null]]);
        assert.deepEqual(await rowsOf(graph, 'node B', 'source of edge e ? ?'), [[idOf(1)], [idOf(1)], [null]]);
        assert.deepEqual(await rowsOf(graph, 'node A', 'target of edge f A B'), [[idOf(2)], [idOf(2)]]);
        await assert.rejects(rowsOf(graph, 'node B', 'source of edge f A B'), { code: 'edge-not-single' });
        await assert.rejects(rowsOf(graph, 'node A', 'target of edge e A B'), { code: 'edge-not-single' });
      },
    ));

  it('has no key to nodes of several classes', () =>
    translated(
      [
        nodeAnchor(1, 'A', { one: { tag: 'node', id: idOf(2), className: 'B' }, any: { tag: 'node', id: idOf(2), className: null } }),
        nodeAnchor(2, 'B'),
        nodeAnchor(3, 'A', { any: { tag: 'node', id: idOf(1), className: null } }),
      ],
      async ({ tables }) =>
        assert.deepEqual(
          tables[0]?.catalog.foreignKeys.map(({ columns, references }) => [columns, references]),
          [[['one'], 'node B']],
        ),
    ));

  it('tells classes of one name from several modules by a column, and says so', () =>
    translated([nodeAnchor(1, 'N', { a: 1n }), nodeAnchor(2, 'N', { b: 2n }, { module: 'main' })], async (graph) => {
      assert.deepEqual(await rowsOf(graph, 'node N', 'module', 'a', 'b'), [
        ['__main__', 1n, null],
        ['main', null, 2n],
      ]);
      assert.equal(graph.tables[0]?.catalog.warnings?.[0]?.code, 'same-class-name');
    }));

  it('hands records that cannot be read over as such, a second one of an id among them', () =>
    translated([nodeAnchor(1, 'N'), { key: 'abc', offset: 17, reason: 'it is cut short' }, edgeAnchor(1, 'e', [1, 1])], async (graph) => {
      const rows = await rowsOf(graph, 'unreadable', 'reason');
      assert.deepEqual(
        rows.map(([record]) => record instanceof UnreadableRecord && record.reason),
        ['it is cut short', 'Another record before this edge e has the same id'],
      );
      assert.equal((await rowsOf(graph, 'anchors', 'id')).length, 1);
      assert.ok(!graph.tables.some(({ catalog: { name } }) => name.startsWith('edge')));
    }));

  it('gives no row for a class of which nothing is there, and an error for a name of nothing', () =>
    translated([nodeAnchor(1, 'N')], async (graph) => {
      assert.deepEqual(await rowsOf(graph, 'node Other', 'whatever'), []);
      assert.equal(await graph.source.countRows('edge e A B', null), 0);
      await assert.rejects(rowsOf(graph, 'N', 'id'), { code: 'no-such-source-table' });
      await assert.rejects(rowsOf(graph, 'node N', 'nothing'), { code: 'no-such-source-column' });
    }));

  it('tells how many records are read, and then how many of them are written', async () => {
    const told: RecordProgress[] = [];
    const records = Array.from({ length: 600 }, (_, i) => nodeAnchor(i, 'N'));
    await translateGraph(readerOf(records), [], join(folder, 'told.sqlite'), { signal: never, onRecords: (one) => told.push(one) });
    assert.deepEqual(told, [
      { records: 256, of: null },
      { records: 512, of: null },
      { records: 600, of: null },
      { records: 256, of: 600 },
      { records: 512, of: 600 },
      { records: 600, of: 600 },
    ]);
  });

  it('ends within a few hundred records when it is cancelled', async () => {
    const stop = new AbortController();
    let read = 0;
    const reader = {
      *read() {
        for (; ; read++) {
          if (read === 1_000) setImmediate(() => stop.abort());
          yield nodeAnchor(read, 'N');
        }
      },
      close() {},
    };
    await assert.rejects(translateGraph(reader, [], join(folder, 'cancelled.sqlite'), { signal: stop.signal }), { code: 'cancelled' });
    assert.ok(read < 2_000, String(read));
  });
});
