/**
 * What a Jac store holds, whatever the form of its file: every node, every edge and every object that was saved on its own is an anchor, a record
 * under its own id. There is no order and no index among them.
 */
export interface Anchor {
  readonly kind: 'node' | 'edge' | 'object';
  /** UUID in lower case with dashes. */
  readonly id: string;
  /** Name of the class in the Jac program, `Root` and `GenericEdge` among them. */
  readonly className: string;
  /** Module of the class as the file spells it, for example `__main__`. */
  readonly module: string;
  /** Id of the root (the user) that the anchor belongs to; null where the file says nothing. */
  readonly rootId: string | null;
  /** null in files that know no permissions. */
  readonly access: AnchorAccess | null;
  /** In the order of the file, without what the runtime keeps for itself. */
  readonly fields: ReadonlyMap<string, PythonValue>;
  /** Of a node: ids of its edges, in its own order. Edges are records of their own; this list only tells the order and serves as a check. */
  readonly edges: readonly string[];
  /** Of an edge. */
  readonly ends: { readonly source: string; readonly target: string; readonly undirected: boolean } | null;
}

export interface AnchorAccess {
  /** What everybody may do. */
  readonly all: AccessLevel;
  /** What single roots may do, by id. */
  readonly roots: ReadonlyMap<string, AccessLevel>;
}

/** -1 no access, 0 read, 1 connect, 2 write. */
export type AccessLevel = number;

/** A value of a Python program, told apart as Python does. A number is a float, a bigint an int of any size. */
export type PythonValue = null | boolean | bigint | number | string | Uint8Array | TaggedValue;

export type TaggedValue =
  | { readonly tag: 'list' | 'tuple' | 'set' | 'frozenset'; readonly items: readonly PythonValue[] }
  /** Keys of any kind, in their order. */
  | { readonly tag: 'dict'; readonly entries: readonly (readonly [PythonValue, PythonValue])[] }
  /** ISO 8601 with as many digits as Python would print; a datetime has an offset where it has a zone. `zone`: its name where it has one. */
  | { readonly tag: 'datetime'; readonly text: string; readonly zone: string | null }
  | { readonly tag: 'date' | 'time'; readonly text: string }
  | { readonly tag: 'timedelta'; readonly days: number; readonly seconds: number; readonly microseconds: number }
  /** Digits as Python prints them, NaN and Infinity among them. */
  | { readonly tag: 'decimal'; readonly text: string }
  | { readonly tag: 'uuid'; readonly text: string }
  /** The file has the name or the value of a member, or both, which depends on the version of Python that wrote it. */
  | { readonly tag: 'enum'; readonly className: string; readonly name: string | null; readonly value: PythonValue }
  /** An object of a Jac or Python class that has no record of its own. */
  | { readonly tag: 'object'; readonly module: string; readonly className: string; readonly fields: ReadonlyMap<string, PythonValue> }
  /** A node that is held in a field: it has a record of its own. */
  | { readonly tag: 'node'; readonly id: string; readonly className: string | null }
  /** What the file would have Python call or build: never done. `args` and `state` as far as they could be read. */
  | {
      readonly tag: 'foreign';
      readonly module: string;
      readonly name: string;
      readonly args: readonly PythonValue[];
      readonly state: PythonValue;
    };

/** A record that could not be read: it is listed and kept out, and the others go on. */
export interface BrokenRecord {
  /** As far as the key could be read. */
  readonly key: string;
  /** Byte of the file where the value begins; null in an SQLite store. */
  readonly offset: number | null;
  readonly reason: string;
}

/** Where the records of a store come from. A store is read as often as needed, in the order of the file, each record once. */
export interface AnchorReader {
  /** Anchors, and records that are none. Throws `cancelled`; a damaged file throws a named diagnosis. Records are not kept. */
  read(signal: AbortSignal): Iterable<Anchor | BrokenRecord>;
  close(): void;
}
