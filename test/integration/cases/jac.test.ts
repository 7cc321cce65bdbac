import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { writeSession, type SessionRecord } from '../../../samples/dira/session-writer.ts';
import { parseGraphTable } from '../../../src/core/model/graph-names.ts';
import { describeCase, type CaseRun, type CaseSetting, type CaseStore, type ForeignStore } from '../../helpers/case-setting.ts';
import { anchorsOf, expectedGraph, jacFolder, jacVariants, withVariant, type ExpectedGraph } from '../../helpers/jac-fixtures.ts';
import { assertSameJson, compareGraph, type Compared } from '../../helpers/jac-target.ts';

const root = '00000000-0000-0000-0000-000000000000';
const compared: string[] = [];

/** A store that jaclang wrote; what the runtime does not reach from its root is counted beside. */
function variant(name: string, rest: Partial<CaseStore> & { readonly others?: Readonly<Record<string, number>> } = {}): CaseStore {
  const { others = {}, ...store } = rest;
  return {
    make: {
      create: async (folder) => {
        cpSync(join(jacFolder, name), folder, { recursive: true });
        return join(folder, jacVariants[name] ?? 'main.session');
      },
      count: async (_location, tables) => tables.map((table) => [table, others[table] ?? countOf(expectedGraph(name), table)] as const),
    },
    ...store,
  };
}

function countOf({ nodes, edges }: ExpectedGraph, name: string): number {
  const table = parseGraphTable(name);
  if (table === null || 'object' in table || 'graph' in table) return -1;
  if ('node' in table) return nodes.filter(({ type }) => type === table.node).length;
  const classOf = (id: string): string | undefined => nodes.find((node) => node.id === id)?.type;
  return edges.filter(
    ({ type, source, target }) => type === table.edge && classOf(source) === table.source && classOf(target) === table.target,
  ).length;
}

/** A store of ours; `counts` of its rows, by table. */
function session(records: readonly SessionRecord[], counts: Readonly<Record<string, number>>, rest: Partial<CaseStore> = {}): CaseStore {
  const make: ForeignStore = {
    create: async (folder) => {
      writeSession(join(folder, 'main.session'), records);
      return join(folder, 'main.session');
    },
    count: async (_location, tables) => tables.map((table) => [table, counts[table] ?? -1] as const),
  };
  return { make, ...rest };
}

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

function node(number: number, className: string, fields: SessionRecord['fields'], rest: Partial<SessionRecord> = {}): SessionRecord {
  return { id: idOf(number), className, fields, root, ...rest };
}

function edge(
  number: number,
  className: string,
  [source, target]: readonly [number, number],
  fields: SessionRecord['fields'] = {},
): SessionRecord {
  return { id: idOf(number), className, fields, root, ends: { source: idOf(source), target: idOf(target), undirected: false } };
}

const typesOf = (run: CaseRun, table: string): Record<string, string | undefined> =>
  Object.fromEntries((run.plan.tables.find(({ to }) => to === table)?.columns ?? []).map(({ to, type }) => [to, type]));

/** The target knows nothing of forms of files: on the slow one the first of them will do. */
function someOf({ target }: CaseSetting, names: readonly string[]): readonly string[] {
  return target === 'embedded' ? names.slice(0, 1) : names;
}

async function isTheGraph(run: CaseRun, name: string): Promise<Compared> {
  const result = await compareGraph(run, expectedGraph(name));
  compared.push(`${name}: ${result.nodes} nodes, ${result.edges} edges, ${result.fields} fields`);
  return result;
}

after(() => console.log([...new Set(compared)].map((line) => `      ${line}`).join('\n')));

describeCase('X01', 'one store in the forms of every library', (setting) => {
  const forms = ['shelve-gdbm-0.9.6', 'shelve-ndbm-bdb-0.9.6', 'shelve-dumb-0.9.6-py312', 'shelve-sqlite3-wal-0.9.6-py313'];
  for (const name of someOf(setting, forms))
    it(`${name} gives the graph`, () =>
      setting.migrate(variant(name), async (run) => {
        assert.deepEqual(await isTheGraph(run, name), { nodes: 51, edges: 82, fields: 330 });
        assert.equal(typesOf(run, 'Report')['embedding'], 'vector(384)');
      }));
});

describeCase('X02', 'pickles that would have Python do something', (setting) => {
  it('are rejects that tell which and why; nothing is carried out, and what is good arrives', () =>
    setting.migrate(
      variant('hostile-dumb', { others: { 'node Root': 1, 'node Facility': 1, unreadable: unreadable.length } }),
      async (run) => {
        assert.deepEqual(
          run.result.tables.map(({ to, rowsWritten, rowsRejected }) => [to.split('.')[1], rowsWritten, rowsRejected]).toSorted(),
          [
            ['Facility', 1, 0],
            ['Root', 1, 0],
            ['unreadable', 0, unreadable.length],
          ],
        );
        assert.deepEqual(new Set(run.rejects.map(({ code }) => code)), new Set(['unreadable-record']));
        assert.deepEqual(
          run.rejects.map(({ provenance }) => provenance.replace(/, byte \d+$/, '')).toSorted(),
          unreadable.map((key) => `record ${key}`),
        );
        assert.ok(run.planned.warnings.some(({ code }) => code === 'unreadable-records'));
      },
    ));

  it('refuse a run whose rows must all arrive', async () => {
    const error = await setting.refuse(variant('hostile-dumb', { options: { onReject: 'stop' } }), 'rejects-expected');
    assert.match(error.message, /unreadable/);
  });

  const unreadable = Array.from({ length: 11 }, (_, i) => `${String(i + 1).padStart(8, '0')}-0000-4000-8000-000000000000`);
});

const cities = [
  node(1, 'City', { name: 'Nairobi' }, { edges: [idOf(13), idOf(11), idOf(12)], access: 0n }),
  node(2, 'City', { name: 'Thika' }, { edges: [idOf(12)] }),
  node(3, 'Road', { name: 'A2' }, { edges: [idOf(11)] }),
  node(4, 'Road', { name: 'A3' }, { edges: [idOf(13)] }),
  edge(11, 'on', [1, 3], { km: 4n }),
  edge(12, 'next_to', [1, 2]),
  edge(13, 'on', [1, 4], { km: 7n }),
];
const citiesCounted = { 'node City': 2, 'node Road': 2, 'edge on City Road': 2, 'edge next_to City City': 1 };

describeCase('X03', 'nodes', (setting) => {
  it('are rows under their ids, and edges between them rows with keys to both of their nodes and a place among the edges of the first', () =>
    setting.migrate(session(cities, citiesCounted), async (run) => {
      assert.deepEqual(typesOf(run, 'on'), {
        id: 'uuid',
        source_id: 'uuid',
        target_id: 'uuid',
        is_undirected: 'boolean',
        position: 'bigint',
        root_id: 'uuid',
        access: 'jsonb',
        km: 'bigint',
      });
      const on = await run.query(
        `SELECT c.name, r.name AS road, position::int, km::int, is_undirected FROM ${run.name('on')} JOIN ${run.name('City')} c ON c.id = source_id JOIN ${run.name('Road')} r ON r.id = target_id ORDER BY position`,
      );
      assert.deepEqual(on, [
        ['Nairobi', 'A3', 0, 7, false],
        ['Nairobi', 'A2', 1, 4, false],
      ]);
      assert.deepEqual(await run.cells('access', 'City'), ['{"all": 0, "roots": {}}', '{"all": -1, "roots": {}}']);
      const keys = run.plan.tables.find(({ to }) => to === 'on')?.foreignKeys;
      assert.deepEqual(
        keys?.map(({ columns, references, onDelete }) => [columns, references, onDelete]),
        [
          [['source_id'], 'City', 'cascade'],
          [['target_id'], 'Road', 'cascade'],
        ],
      );
    }));
});

describeCase('X04', 'edges', (setting) => {
  it('of which no node has several can be a column of the node, when the plan says so', () =>
    setting.migrate(
      session(
        cities,
        { 'node City': 2, 'node Road': 2, 'edge next_to City City': 1 },
        {
          edit: (plan) => {
            const road = plan.tables.find(({ to }) => to === 'Road');
            road?.columns?.push({
              from: { edge: { edge: 'on', source: 'City', target: 'Road' }, end: 'source' },
              to: 'city_id',
              type: 'uuid',
            });
            Object.assign(road!, { foreignKeys: [{ columns: ['city_id'], references: 'City', referencesColumns: ['id'] }] });
            plan.tables = plan.tables.filter(({ to }) => to !== 'on');
          },
        },
      ),
      async (run) => assert.deepEqual(await run.cells('city_id', 'Road'), [idOf(1), idOf(1)]),
    ));

  it('of which a node has several cannot', async () => {
    const store = session(
      cities,
      {},
      {
        edit: (plan) =>
          plan.tables.find(({ to }) => to === 'City')?.columns?.push({ from: { edge: 'on', end: 'target' }, to: 'road_id', type: 'uuid' }),
      },
    );
    assert.match((await setting.refuse(store, 'edge-not-single')).message, /more than one/);
  });
});

describeCase('X05', 'edges to nodes that are gone', (setting) => {
  const records = [node(1, 'City', {}), node(3, 'Road', {}), edge(11, 'on', [1, 3]), edge(12, 'on', [1, 99]), edge(13, 'lost', [98, 99])];
  const counts = { 'node City': 1, 'node Road': 1, 'edge on City Road': 2, 'edge lost ? ?': 1 };

  it('are kept and told, with the key left open', () =>
    setting.migrate(session(records, counts, { unmade: [] }), async (run) => {
      assert.deepEqual(await run.cells('target_id', 'on'), [idOf(3), idOf(99)]);
      assert.deepEqual(await run.cells('source_id', 'lost'), [idOf(98)]);
      assert.ok(run.planned.warnings.some(({ code, message }) => code === 'dangling-edges' && /^1 of 2 edges on/.test(message)));
      assert.match(run.reportText, /99/);
    }));

  it('are set aside when the plan says so', () =>
    setting.migrate(
      session(records, counts, {
        edit: (plan) =>
          plan.tables.find(({ to }) => to === 'on')?.foreignKeys?.forEach((key) => Object.assign(key, { orphans: 'quarantine' })),
      }),
      async (run) => {
        assert.deepEqual(await run.cells('target_id', 'on'), [idOf(3)]);
        assert.deepEqual(
          run.rejects.map(({ provenance }) => provenance),
          [`record ${idOf(12)}`],
        );
      },
    ));
});

describeCase('X06', 'classes as each version spells them', (setting) => {
  for (const name of someOf(setting, ['shelve-gdbm-0.7.15', 'shelve-gdbm-0.7.16', 'shelve-gdbm-0.8.0']))
    it(`${name} gives the graph`, () => setting.migrate(variant(name), async (run) => void (await isTheGraph(run, name))));
});

describeCase('X07', 'values that JSON has no word for', (setting) => {
  it('have types of their own, or say in jsonb what they are', () =>
    setting.migrate(variant('exotic-gdbm-0.9.6'), async (run) => {
      await isTheGraph(run, 'exotic-gdbm-0.9.6');
      const { id: _id, root_id: _root, access: _access, ...types } = typesOf(run, 'Report');
      assert.deepEqual(types, {
        title: 'text',
        urgency: 'text',
        submitted_at: 'timestamptz',
        day: 'date',
        took: 'interval',
        cost: 'numeric',
        tags: 'jsonb',
        fz: 'jsonb',
        pair: 'jsonb',
        blob: 'bytea',
        barr: 'bytea',
        point: 'jsonb',
        ref_uuid: 'uuid',
        facility: 'uuid',
        big: 'numeric',
        nums: 'jsonb',
        od: 'jsonb',
        dd: 'jsonb',
        intkeys: 'jsonb',
        selfref: 'jsonb',
        note: 'text',
      });
      const key = run.plan.tables.find(({ to }) => to === 'Report')?.foreignKeys;
      assert.deepEqual(
        key?.map(({ columns, references }) => [columns, references]),
        [[['facility'], 'Facility']],
      );
    }));
});

describeCase('X08', 'several roots', (setting) => {
  const name = 'serve-sqlite3-0.8.10-py313';

  it('are kept, and so is who may do what; of users only their names and roots', () =>
    setting.migrate(variant(name, { others: { 'node Root': 3, users: 2 } }), async (run) => {
      await isTheGraph(run, name);
      const users = await run.query(
        `SELECT u.name, r.id::text AS id FROM ${run.name('users')} u JOIN ${run.name('Root')} r ON r.id = u.root_id`,
      );
      assert.equal(users.length, 2);
      assert.deepEqual(typesOf(run, 'users'), { name: 'text', root_id: 'uuid' });
    }));

  it('may have rights of their own', () =>
    setting.migrate(
      session([node(1, 'City', {}, { root: idOf(7), access: 0n, accessOfRoots: { [idOf(8)]: 2n } })], { 'node City': 1 }),
      async (run) => {
        assert.deepEqual(await run.cells('root_id', 'City'), [idOf(7)]);
        assert.deepEqual(await run.cells('access', 'City'), [`{"all": 0, "roots": {"${idOf(8)}": 2}}`]);
      },
    ));
});

describeCase('X09', 'the graph as it was', (setting) => {
  const name = 'exotic-gdbm-0.9.6';

  it('is one table of anchors, when the plan includes it, from which it can be made again', () =>
    setting.migrate(
      variant(name, {
        others: { anchors: 8 },
        edit: (plan) => plan.tables.forEach((table) => (table.include = table.to === 'anchors')),
      }),
      async (run) => {
        const rows = await run.query(
          `SELECT id::text, kind, class, module, root_id::text, source::text, target::text, undirected, edges::text, access::text, fields::text FROM ${run.name('anchors')} ORDER BY id`,
        );
        const { anchors } = withVariant(name, anchorsOf);
        assert.equal(rows.length, anchors.size);
        for (const [id, kind, className, module, rootId, source, target, undirected, edges] of rows) {
          const anchor = anchors.get(String(id))!;
          const { ends } = anchor;
          assert.deepEqual([kind, className, module, rootId], [anchor.kind, anchor.className, anchor.module, anchor.rootId]);
          assert.deepEqual([source, target, undirected], [ends?.source ?? null, ends?.target ?? null, ends?.undirected ?? null]);
          assert.deepEqual(edges === null ? [] : JSON.parse(String(edges)), anchor.edges);
        }
        const expected = expectedGraph(name);
        const fields = new Map(rows.map((row) => [String(row[0]), String(row[10])]));
        for (const { id, fields: own } of [...expected.nodes, ...expected.edges]) assertSameJson(fields.get(id) ?? '', own);
      },
    ));
});

describeCase('X10', 'databases of the runtime itself', (setting) => {
  for (const name of someOf(setting, ['sqlite-json-0.14.1', 'sqlite-pickle-0.9.15']))
    it(`${name} is a graph, and no plain database`, () =>
      setting.migrate(variant(name), async (run) => {
        assert.equal(Object.values(run.plan.sources)[0]?.kind, 'jac');
        await isTheGraph(run, name);
      }));
});
