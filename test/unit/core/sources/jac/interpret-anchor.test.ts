import assert from 'node:assert/strict';
import type { Anchor } from '../../../../../src/core/sources/jac/anchor.ts';
import { interpretAnchor } from '../../../../../src/core/sources/jac/interpret-anchor.ts';
import { interpretJsonAnchor } from '../../../../../src/core/sources/jac/interpret-json.ts';
import { readPickle } from '../../../../../src/core/sources/jac/pickle/read-pickle.ts';
import { readPythonJson } from '../../../../../src/core/sources/jac/python-json.ts';
import { RecordFault } from '../../../../../src/core/sources/jac/record-fault.ts';
import { call, dict, global, instance, integer, list, none, op, pickle, text, uuid } from '../../../../helpers/pickle-writer.ts';

const id = (digit: number): string => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;
const me = id(1);
const module = 'jaclang.runtimelib.archetype';

const read = (value: Uint8Array): Anchor => interpretAnchor(me, readPickle(pickle(value)));
const stub = (name: string, of: number): Buffer => instance(module, name, dict({ id: uuid(id(of)) }));
const level = (number: number): Buffer => call(module, 'AccessLevel', integer(number));
const permission = (all: Uint8Array, roots: Readonly<Record<string, Uint8Array>> = {}): Buffer =>
  instance(module, 'Permission', dict({ all, roots: instance(module, 'Access', dict({ anchors: dict(roots) })) }));
const report = instance('main', 'Report', dict({ title: text('a'), _seen: op(0x88), __jac__: none }));
const node = (more: Readonly<Record<string, Uint8Array>> = {}, within = module): Buffer =>
  instance(within, 'NodeAnchor', dict({ id: uuid(me), archetype: report, ...more }));
const edge = (more: Readonly<Record<string, Uint8Array>> = {}): Buffer =>
  instance(module, 'EdgeAnchor', dict({ id: uuid(me), archetype: instance(module, 'GenericEdge'), ...more }));

const expected: Anchor = {
  kind: 'node',
  id: me,
  className: 'Report',
  module: 'main',
  rootId: null,
  access: null,
  fields: new Map([['title', 'a']]),
  edges: [],
  ends: null,
};

describe('interpretAnchor', () => {
  it('X03 reads a node with root, permissions and the order of its edges, whatever else the runtime keeps', () => {
    const roots = { [id(8)]: level(2), [id(7)]: call('builtins', 'getattr', global(module, 'AccessLevel'), text('CONNECT')) };
    const value = node({
      root: uuid(id(9)),
      access: permission(level(-1), roots),
      edges: list(stub('EdgeAnchor', 4), stub('EdgeAnchor', 3)),
      topology_index_data: op('C', 1, 0),
    });
    const access = {
      all: -1,
      roots: new Map([
        [id(8), 2],
        [id(7), 1],
      ]),
    };
    assert.deepEqual(read(value), { ...expected, rootId: id(9), access, edges: [id(4), id(3)] });
  });

  it('X06 knows the runtime by its name, wherever it keeps its classes', () => {
    for (const within of ['jaclang', 'jaclang.core.construct', 'jaclang.runtimelib.architype', 'jaclang.jac0core.archetype'])
      assert.deepEqual(read(node({}, within)), expected, within);
    for (const within of ['jaclangs.archetype', 'main', 'x.jaclang'])
      assert.throws(() => read(node({}, within)), /an object of class .*NodeAnchor/);
    const old = instance(
      module,
      'NodeAnchor',
      dict({ name: text('Report'), id: uuid(me), architype: report, edges: list(), edge_ids: list(uuid(id(4))) }),
    );
    assert.deepEqual(read(old), { ...expected, edges: [id(4)] });
  });

  it('X04 reads an edge by stubs and by ids', () => {
    const ends = { source: id(2), target: id(3), undirected: true };
    const generic: Anchor = { ...expected, kind: 'edge', className: 'GenericEdge', module, fields: new Map(), ends };
    assert.deepEqual(read(edge({ source: stub('NodeAnchor', 2), target: stub('NodeAnchor', 3), is_undirected: op(0x88) })), generic);
    const byIds = edge({ source: none, target: none, source_id: uuid(id(2)), target_id: uuid(id(3)), is_undirected: op(0x89) });
    assert.deepEqual(read(byIds), { ...generic, ends: { ...ends, undirected: false } });
  });

  it('X06 reads the objects of 0.7.15 and before, which hold their anchors', () => {
    const of = (jac: Readonly<Record<string, Uint8Array>>): Anchor =>
      read(instance('main', 'Report', dict({ _jac_: dict({ id: uuid(me), ...jac }), title: text('a') })));
    assert.deepEqual(of({ edge_ids: list(uuid(id(4))) }), { ...expected, edges: [id(4)] });
    const ends = { source: id(2), target: id(3), undirected: false };
    assert.deepEqual(of({ source_id: uuid(id(2)), target_id: uuid(id(3)) }), { ...expected, kind: 'edge', ends });
    assert.deepEqual(of({}), { ...expected, kind: 'object' });
  });

  it('reads an object that was saved on its own', () => {
    for (const name of ['ObjectAnchor', 'Anchor', 'WalkerAnchor'])
      assert.deepEqual(read(instance(module, name, dict({ id: uuid(me), archetype: report }))), { ...expected, kind: 'object' });
  });

  it('X07 refers to a node in a field, and copies what has no record', () => {
    const inner = instance(module, 'NodeAnchor', dict({ id: uuid(id(5)), edges: list(stub('EdgeAnchor', 6)) }));
    const fields = dict({
      facility: instance('main', 'Facility', dict({ name: text('x'), __jac__: inner })),
      whole: instance(module, 'NodeAnchor', dict({ id: uuid(id(5)), archetype: report })),
      stub: stub('NodeAnchor', 5),
      old: instance('main', 'Facility', dict({ _jac_: dict({ id: uuid(id(5)), edge_ids: list() }) })),
      route: instance('main', 'routed_to', dict({ __jac__: stub('EdgeAnchor', 6) })),
      point: instance('main', 'Point', dict({ lat: integer(1), __jac__: stub('ObjectAnchor', 7) })),
    });
    const value = instance(module, 'NodeAnchor', dict({ id: uuid(me), archetype: instance('main', 'Report', fields) }));
    const route = { tag: 'foreign', module: 'main', name: 'routed_to', args: [{ tag: 'uuid', text: id(6) }], state: null };
    assert.deepEqual(Object.fromEntries(read(value).fields), {
      facility: { tag: 'node', id: id(5), className: 'Facility' },
      whole: { tag: 'node', id: id(5), className: 'Report' },
      stub: { tag: 'node', id: id(5), className: null },
      old: { tag: 'node', id: id(5), className: 'Facility' },
      route,
      point: { tag: 'object', module: 'main', className: 'Point', fields: new Map([['lat', 1n]]) },
    });
  });

  const wrong: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['X02 a call', call('os', 'system', text('id')), /a call of os\.system, which is not carried out/],
    ['X02 a call of the runtime’s own classes', call(module, 'NodeAnchor', text('id')), /a call of .*NodeAnchor/],
    ['a list', list(), /no anchor but a list/],
    ['a number', integer(1), /plain value \(bigint\)/],
    ['an object of something that is no class', op('N)', 0x81), /something without a name/],
    ['X05 a stub', stub('NodeAnchor', 1), /an id and nothing else/],
    ['an anchor of another record', instance(module, 'NodeAnchor', dict({ id: uuid(id(2)), archetype: report })), /its id is 2222/],
    ['an anchor without an id', instance(module, 'NodeAnchor', dict({ archetype: report })), /has no id/],
    ['an anchor of a number', instance(module, 'NodeAnchor', dict({ id: uuid(me), archetype: integer(1) })), /no object of a class/],
    ['an anchor whose state is a list', instance(module, 'NodeAnchor', list()), /no dict/],
    ['an edge without a target', edge({ source: stub('NodeAnchor', 2), target: none }), /without a target/],
    ['an edge in a list that has no id', node({ edges: list(integer(1)) }), /one of its edges has no id/],
    ['edges that are no list', node({ edges: integer(1) }), /edges are no list/],
    ['a root that is none', node({ root: integer(1) }), /root has no id/],
    ['a permission that is none', node({ access: integer(1) }), /permission is none/],
    ['a level that there is not', node({ access: permission(level(9)) }), /permission is none/],
    ['a permission for nobody', node({ access: permission(level(0), { me: level(0) }) }), /permission in it is none/],
    ['a field that is named by a number', node({ archetype: instance('main', 'R', op('}(KKNu')) }), /name is no text/],
  ];
  for (const [name, value, message] of wrong)
    it(`refuses ${name}`, () =>
      assert.throws(
        () => read(value),
        (error) => error instanceof RecordFault && message.test(error.message),
      ));
});

describe('interpretJsonAnchor', () => {
  const archetype = { __type__: 'Report', __module__: 'main', title: 'a', _seen: true };
  const json = (more: object, type = 'NodeAnchor'): Anchor =>
    interpretJsonAnchor(
      me,
      readPythonJson(Buffer.from(JSON.stringify({ __type__: type, __module__: 'jaclang.jac0core.archetype', id: me, archetype, ...more }))),
    );

  it('X10 reads nodes, edges and permissions', () => {
    const access = { all: -1, roots: { anchors: { [id(8)]: 2, [id(7)]: 'READ' } } };
    const roots = new Map([
      [id(8), 2],
      [id(7), 0],
    ]);
    assert.deepEqual(json({ root: id(9), access, edges: [id(4)] }), {
      ...expected,
      rootId: id(9),
      access: { all: -1, roots },
      edges: [id(4)],
    });
    const ends = { source: id(2), target: id(3), undirected: true };
    assert.deepEqual(json({ source: id(2), target: id(3), is_undirected: true }, 'EdgeAnchor'), { ...expected, kind: 'edge', ends });
    assert.equal(json({}, 'Anchor').kind, 'object');
  });

  for (const [name, more, message, type] of [
    ['another class', {}, /no anchor/, 'Report'],
    ['an anchor of another record', { id: id(2) }, /its id is 2222/],
    ['an anchor without an object', { archetype: undefined }, /nothing else/],
    ['an anchor of a dict', { archetype: {} }, /no object of a class/],
    ['an edge without a source', { target: id(3) }, /without a source/, 'EdgeAnchor'],
    ['edges that are no list', { edges: {} }, /no list/],
    ['an edge that is no id', { edges: [1] }, /one of its edges/],
    ['a root that is none', { root: 'me' }, /root has no id/],
    ['a permission that is none', { access: {} }, /permission is none/],
    ['a permission for nobody', { access: { all: 0, roots: { anchors: { me: 0 } } } }, /permission in it/],
  ] as const)
    it(`refuses ${name}`, () =>
      assert.throws(
        () => json(more, type),
        (error) => error instanceof RecordFault && message.test(error.message),
      ));
});
