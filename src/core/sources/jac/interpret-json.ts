import type { AccessLevel, Anchor, AnchorAccess, PythonValue } from './anchor.ts';
import { accessLevel, anchorKind, isInternal, requireId } from './anchor-class.ts';
import { isTagged } from './pickle/known-objects.ts';
import { RecordFault } from './record-fault.ts';
import { uuidText } from './uuid-text.ts';

type Fields = ReadonlyMap<string, PythonValue>;

/** The anchor that the JSON of a record holds (jaclang 0.14 to 0.35). `key`: id of the record. Throws RecordFault. */
export function interpretJsonAnchor(key: string, value: PythonValue): Anchor {
  const kind = isTagged(value) && value.tag === 'object' ? anchorKind(value.module, value.className) : null;
  if (!isTagged(value) || value.tag !== 'object' || kind === null) throw new RecordFault('it is no anchor');
  const { fields } = value;
  const archetype = fields.get('archetype');
  const id = requireId(idOf(fields.get('id')), key);
  if (archetype === undefined) throw new RecordFault('it holds an id and nothing else');
  if (!isTagged(archetype) || archetype.tag !== 'object') throw new RecordFault('what it holds is no object of a class');
  return {
    kind,
    id,
    className: archetype.className,
    module: archetype.module,
    rootId: rootOf(fields.get('root')),
    access: accessOf(fields.get('access')),
    fields: new Map([...archetype.fields].filter(([name]) => !isInternal(name))),
    edges: kind === 'node' ? idsOf(fields.get('edges')) : [],
    ends: kind === 'edge' ? endsOf(fields) : null,
  };
}

function idOf(value: PythonValue | undefined): string | null {
  return typeof value === 'string' ? uuidText(value) : null;
}

function rootOf(value: PythonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  const id = idOf(value);
  if (id === null) throw new RecordFault('its root has no id');
  return id;
}

function idsOf(value: PythonValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!isTagged(value) || value.tag !== 'list') throw new RecordFault('its edges are no list');
  return value.items.map((item) => {
    const id = idOf(item);
    if (id === null) throw new RecordFault('one of its edges has no id');
    return id;
  });
}

function endsOf(fields: Fields): NonNullable<Anchor['ends']> {
  const [source, target] = ['source', 'target'].map((end) => {
    const id = idOf(fields.get(end));
    if (id === null) throw new RecordFault(`it is an edge without a ${end}`);
    return id;
  }) as [string, string];
  return { source, target, undirected: fields.get('is_undirected') === true };
}

function accessOf(value: PythonValue | undefined): AnchorAccess | null {
  if (value === undefined || value === null) return null;
  const all = accessLevel(inDict(value, 'all'));
  if (all === null) throw new RecordFault('its permission is none');
  const roots = new Map<string, AccessLevel>();
  const anchors = inDict(inDict(value, 'roots'), 'anchors');
  for (const [root, held] of isTagged(anchors) && anchors.tag === 'dict' ? anchors.entries : []) {
    const [id, level] = [idOf(root), accessLevel(held)];
    if (id === null || level === null) throw new RecordFault('a permission in it is none');
    roots.set(id, level);
  }
  return { all, roots };
}

function inDict(value: PythonValue | undefined, key: string): PythonValue | undefined {
  if (!isTagged(value) || value.tag !== 'dict') return undefined;
  return value.entries.find(([name]) => name === key)?.[1];
}
