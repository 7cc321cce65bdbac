import type { AccessLevel, Anchor, AnchorAccess, PythonValue } from './anchor.ts';
import { accessLevel, anchorKind, isInternal, requireId } from './anchor-class.ts';
import { PickleDict, PickleItems, PickleObject, type PickleValue } from './pickle/pickle-value.ts';
import { PythonValueReader } from './pickle/python-value-reader.ts';
import { RecordFault } from './record-fault.ts';
import { uuidOfInteger, uuidText } from './uuid-text.ts';

/** The anchor that the pickle of a record holds, in any of the shapes of jaclang 0.5 to 0.13. `key`: id of the record. Throws RecordFault. */
export function interpretAnchor(key: string, raw: PickleValue): Anchor {
  if (!(raw instanceof PickleObject)) throw new RecordFault(`it is no anchor but ${wordFor(raw)}`);
  const jac = oldAnchor(raw);
  if (jac !== null) return fromArchetype(key, raw, jac);
  const kind = kindOf(raw);
  if (kind === null) throw new RecordFault(`it is no anchor but ${wordFor(raw)}`);
  return fromAnchor(key, kind, stateOf(raw));
}

/** Shapes B and C (from 0.7.16): the object of the program is in the state of its anchor. */
function fromAnchor(key: string, kind: Anchor['kind'], state: PickleDict): Anchor {
  const id = requireId(idOf(state.get('id')), key);
  const archetype = state.get('archetype') ?? state.get('architype');
  if (archetype === undefined) throw new RecordFault('it holds an id and nothing else');
  if (!(archetype instanceof PickleObject) || archetype.name === null) throw new RecordFault('what it holds is no object of a class');
  const { module, name } = archetype.name;
  const edges = state.get('edge_ids') ?? state.get('edges');
  return {
    kind,
    id,
    className: name,
    module,
    rootId: rootOf(state.get('root')),
    access: accessOf(state.get('access')),
    fields: fieldsOf(stateOf(archetype)),
    edges: kind === 'node' ? idsOf(edges) : [],
    ends: kind === 'edge' ? endsOf(state) : null,
  };
}

/** Shape A (to 0.7.15): the anchor is a dict in the object of the program. */
function fromArchetype(key: string, raw: PickleObject, jac: PickleDict): Anchor {
  if (raw.name === null) throw new RecordFault('it is an object of no class');
  const kind = kindOfOld(jac);
  return {
    kind,
    id: requireId(idOf(jac.get('id')), key),
    className: raw.name.name,
    module: raw.name.module,
    rootId: null,
    access: null,
    fields: fieldsOf(stateOf(raw)),
    edges: kind === 'node' ? idsOf(jac.get('edge_ids')) : [],
    ends: kind === 'edge' ? endsOf(jac) : null,
  };
}

function kindOf(raw: PickleObject): Anchor['kind'] | null {
  return raw.name === null || raw.made !== 'new' ? null : anchorKind(raw.name.module, raw.name.name);
}

function kindOfOld(jac: PickleDict): Anchor['kind'] {
  return jac.get('edge_ids') !== undefined ? 'node' : jac.get('source_id') !== undefined ? 'edge' : 'object';
}

function oldAnchor(raw: PickleObject): PickleDict | null {
  const jac = raw.state instanceof PickleDict ? raw.state.get('_jac_') : undefined;
  return jac instanceof PickleDict ? jac : null;
}

const none = new PickleDict();

function stateOf(raw: PickleObject): PickleDict {
  if (raw.state === undefined || raw.state === null) return none;
  if (!(raw.state instanceof PickleDict)) throw new RecordFault(`the state of an object of class ${raw.name?.name ?? '?'} is no dict`);
  return raw.state;
}

function fieldsOf(state: PickleDict): ReadonlyMap<string, PythonValue> {
  const reader = new PythonValueReader(refer);
  const fields = new Map<string, PythonValue>();
  for (const [name, value] of state.entries()) {
    if (typeof name !== 'string') throw new RecordFault('it has a field whose name is no text');
    if (!isInternal(name)) fields.set(name, reader.read(value));
  }
  return fields;
}

/** A node or an edge inside of a field has a record of its own, and what stands here is a second copy of it. */
function refer(object: PickleObject): PythonValue | null {
  const state = object.state instanceof PickleDict ? object.state : none;
  const inner = state.get('__jac__');
  const old = oldAnchor(object);
  const own = kindOf(object) !== null;
  const anchor = own ? object : inner instanceof PickleObject ? inner : null;
  const kind = old !== null ? kindOfOld(old) : anchor === null ? null : kindOf(anchor);
  const id = old !== null ? idOf(old.get('id')) : anchor === null ? null : idOf(stateOf(anchor).get('id'));
  if (id === null || kind === null || (kind === 'object' && !own)) return null;
  const held = own ? (state.get('archetype') ?? state.get('architype')) : object;
  const name = held instanceof PickleObject ? held.name : null;
  if (kind === 'node') return { tag: 'node', id, className: name?.name ?? null };
  const args: PythonValue[] = [{ tag: 'uuid', text: id }];
  return {
    tag: 'foreign',
    module: name?.module ?? '',
    name: name?.name ?? (kind === 'edge' ? 'EdgeAnchor' : 'ObjectAnchor'),
    args,
    state: null,
  };
}

/** A UUID, or the id of an anchor of which only that is stored. */
function idOf(raw: PickleValue | undefined): string | null {
  if (typeof raw === 'string') return uuidText(raw);
  if (!(raw instanceof PickleObject) || !(raw.state instanceof PickleDict)) return null;
  if (kindOf(raw) !== null) return idOf(raw.state.get('id'));
  const number = raw.name?.name === 'UUID' ? raw.state.get('int') : undefined;
  return typeof number === 'bigint' ? uuidOfInteger(number) : null;
}

function rootOf(raw: PickleValue | undefined): string | null {
  if (raw === undefined || raw === null) return null;
  const id = idOf(raw);
  if (id === null) throw new RecordFault('its root has no id');
  return id;
}

function idsOf(raw: PickleValue | undefined): readonly string[] {
  if (raw === undefined || raw === null) return [];
  if (!(raw instanceof PickleItems)) throw new RecordFault('its edges are no list');
  return raw.items.map((item) => {
    const id = idOf(item);
    if (id === null) throw new RecordFault('one of its edges has no id');
    return id;
  });
}

/** Their ids, or anchors of which only the id is stored. */
function endsOf(state: PickleDict): NonNullable<Anchor['ends']> {
  const [source, target] = ['source', 'target'].map((end) => {
    const id = idOf(state.get(`${end}_id`)) ?? idOf(state.get(end));
    if (id === null) throw new RecordFault(`it is an edge without a ${end}`);
    return id;
  }) as [string, string];
  return { source, target, undirected: state.get('is_undirected') === true };
}

/** Permission: `all`, and `anchors` of `roots`. One that cannot be read is not passed over: what it forbids would be lost. */
function accessOf(raw: PickleValue | undefined): AnchorAccess | null {
  if (raw === undefined || raw === null) return null;
  const state = raw instanceof PickleObject ? stateOf(raw) : none;
  const all = levelOf(state.get('all'));
  if (all === null) throw new RecordFault('its permission is none');
  const roots = new Map<string, AccessLevel>();
  const held = state.get('roots');
  const anchors = held instanceof PickleObject ? stateOf(held).get('anchors') : undefined;
  for (const [root, value] of anchors instanceof PickleDict ? anchors.entries() : []) {
    const [id, level] = [idOf(root), levelOf(value)];
    if (id === null || level === null) throw new RecordFault('a permission in it is none');
    roots.set(id, level);
  }
  return { all, roots };
}

/** Python 3.11.2 writes getattr(AccessLevel, name), others AccessLevel(number). */
function levelOf(raw: PickleValue | undefined): AccessLevel | null {
  if (!(raw instanceof PickleObject) || !(raw.args instanceof PickleItems)) return accessLevel(raw);
  return accessLevel(raw.args.items.at(-1));
}

/** What a record is that is no anchor, for people. What is called is named; it never is. */
function wordFor(raw: PickleValue): string {
  if (raw instanceof PickleItems) return `a ${raw.tag}`;
  if (raw instanceof PickleDict) return 'a dict';
  if (!(raw instanceof PickleObject)) return raw === null || typeof raw !== 'object' ? `a plain value (${typeof raw})` : 'bytes or a name';
  const name = raw.name === null ? 'something without a name' : `${raw.name.module}.${raw.name.name}`;
  return raw.made === 'reduce' ? `a call of ${name}, which is not carried out` : `an object of class ${name}`;
}
