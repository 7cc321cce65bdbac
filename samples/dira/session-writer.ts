import Database from 'better-sqlite3';
import { PickleInstance, uuidInstance, writePickle, type PickleValue } from './pickle-writer.ts';

/** A record of a session: a node, or an edge where it has ends. */
export interface SessionRecord {
  readonly id: string;
  readonly className: string;
  readonly fields: Readonly<Record<string, PickleValue>>;
  /** The root that it belongs to; null for a root itself. */
  readonly root: string | null;
  /** Of a node: its edges, in its own order. */
  readonly edges?: readonly string[];
  readonly ends?: { readonly source: string; readonly target: string; readonly undirected: boolean };
  /** What everybody may do: -1 nothing, 0 read, 1 connect, 2 write. */
  readonly access?: bigint;
  /** What single roots may do. */
  readonly accessOfRoots?: Readonly<Record<string, bigint>>;
}

const runtime = 'jaclang.pycore.archetype';

/**
 * Writes a session as jaclang 0.9.6 on Python 3.13 does: a shelf in an SQLite file, one pickle a record, in the order given. What is there of the same id is
 * replaced.
 */
export function writeSession(path: string, records: Iterable<SessionRecord>): void {
  const database = new Database(path);
  try {
    database.exec('CREATE TABLE IF NOT EXISTS Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)');
    const insert = database.prepare('REPLACE INTO Dict (key, value) VALUES (CAST(? AS BLOB), ?)');
    database.transaction(() => {
      for (const record of records) insert.run(record.id, writePickle(anchorOf(record)));
    })();
  } finally {
    database.close();
  }
}

function anchorOf(record: SessionRecord): PickleInstance {
  const { id, root, ends, edges = [] } = record;
  const common: [string, PickleValue][] = [
    ['id', uuidInstance(id)],
    ['archetype', archetypeOf(record)],
    ['root', root === null ? null : uuidInstance(root)],
    ['access', accessOf(record)],
    ['persistent', true],
  ];
  if (ends === undefined)
    return new PickleInstance(runtime, 'NodeAnchor', new Map([...common, ['edges', edges.map((edge) => stub('EdgeAnchor', edge))]]));
  const { source, target, undirected } = ends;
  return new PickleInstance(
    runtime,
    'EdgeAnchor',
    new Map<string, PickleValue>([
      ...common,
      ['source', stub('NodeAnchor', source)],
      ['target', stub('NodeAnchor', target)],
      ['is_undirected', undirected],
    ]),
  );
}

/** `Root` and the edge without a class of its own come from the runtime. */
function archetypeOf({ className, fields }: SessionRecord): PickleInstance {
  const module = ['Root', 'GenericEdge'].includes(className) ? runtime : '__main__';
  const entries = Object.entries(fields);
  return new PickleInstance(module, className, entries.length === 0 ? null : new Map(entries));
}

/** Another record is only named. */
function stub(kind: string, id: string): PickleInstance {
  return new PickleInstance(runtime, kind, new Map([['id', uuidInstance(id)]]));
}

function accessOf({ access = -1n, accessOfRoots = {} }: SessionRecord): PickleInstance {
  const roots = new PickleInstance(runtime, 'Access', new Map([['anchors', new Map(Object.entries(accessOfRoots))]]));
  return new PickleInstance(
    runtime,
    'Permission',
    new Map<string, PickleValue>([
      ['all', access],
      ['roots', roots],
    ]),
  );
}
