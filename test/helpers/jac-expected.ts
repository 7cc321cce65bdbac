import { readFile } from 'node:fs/promises';
import type { Anchor, AnchorReader, BrokenRecord, PythonValue } from '../../src/core/sources/jac/anchor.ts';

/** A graph as the Jac runtime itself reloaded it from a store; values of Python that JSON has no word for are objects with one key that begins with `$`. */
export interface ExpectedGraph {
  readonly nodes: readonly ExpectedNode[];
  readonly edges: readonly ExpectedEdge[];
}

export interface ExpectedNode {
  readonly id: string;
  readonly type: string;
  readonly module: string;
  readonly root: string | null;
  readonly access_all: number | null;
  readonly fields: Readonly<Record<string, Json>>;
}

export interface ExpectedEdge {
  readonly id: string;
  readonly type: string;
  readonly module: string;
  readonly source: string;
  readonly target: string;
  readonly is_undirected: boolean;
  readonly fields: Readonly<Record<string, Json>>;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Numbers keep what they were: `{ "$int": … }` in place of an integer, since JSON's 1.0 and 1 are one number here. */
export async function readExpected(path: string): Promise<ExpectedGraph> {
  const text = await readFile(path, 'utf8');
  // A string of JSON, or an integer that stands for itself.
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d+(?![\d.eE])/g, (part) =>
    part.startsWith('"') ? part : `{"$bigint":"${part}"}`,
  );
  return plainFacts(JSON.parse(marked) as ExpectedGraph);
}

/** What is no field has plain numbers. */
function plainFacts({ nodes, edges }: ExpectedGraph): ExpectedGraph {
  const plain = (value: unknown): number | null =>
    typeof value === 'object' && value !== null && '$bigint' in value ? Number(value.$bigint) : (value as number | null);
  return { nodes: nodes.map((node) => ({ ...node, access_all: plain(node.access_all) })), edges };
}

/** A reader of anchors that are in memory, each read anew. */
export function readerOf(records: readonly (Anchor | BrokenRecord)[]): AnchorReader {
  return { read: () => records, close() {} };
}

/** The anchors that such a graph must have come from; the order of a node's edges is that of their ids. */
export function anchorsOf({ nodes, edges }: ExpectedGraph): readonly Anchor[] {
  return [
    ...nodes.map((node): Anchor => ({
      kind: 'node',
      id: node.id,
      className: node.type,
      module: node.module,
      rootId: node.root,
      access: node.access_all === null ? null : { all: node.access_all, roots: new Map() },
      fields: valuesOf(node.fields),
      edges: edges.filter(({ source, target }) => source === node.id || target === node.id).map(({ id }) => id),
      ends: null,
    })),
    ...edges.map((edge): Anchor => ({
      kind: 'edge',
      id: edge.id,
      className: edge.type,
      module: edge.module,
      rootId: null,
      access: null,
      fields: valuesOf(edge.fields),
      edges: [],
      ends: { source: edge.source, target: edge.target, undirected: edge.is_undirected },
    })),
  ];
}

function valuesOf(fields: Readonly<Record<string, Json>>): ReadonlyMap<string, PythonValue> {
  return new Map(Object.entries(fields).map(([name, json]) => [name, valueOf(json)]));
}

/** The value that such JSON stands for. */
export function valueOf(json: Json): PythonValue {
  if (json === null || typeof json !== 'object') return json;
  if (isList(json)) return { tag: 'list', items: json.map(valueOf) };
  const [first] = Object.entries(json);
  return first?.[0].startsWith('$') === true
    ? taggedValue(json, ...first)
    : { tag: 'dict', entries: Object.entries(json).map(([key, value]) => [key, valueOf(value)]) };
}

function taggedValue(json: Readonly<Record<string, Json>>, tag: string, value: Json): PythonValue {
  const text = (): string => value as string;
  const items = (): readonly PythonValue[] => (value as readonly Json[]).map(valueOf);
  switch (tag) {
    case '$bigint':
      return BigInt(text());
    case '$float':
      return { nan: NaN, inf: Infinity, '-inf': -Infinity }[text()] ?? Number(text());
    case '$bytes':
      return Buffer.from(text(), 'hex');
    case '$datetime':
      return { tag: 'datetime', text: text(), zone: null };
    case '$date':
    case '$decimal':
    case '$uuid':
      return { tag: tag.slice(1) as 'date', text: text() };
    case '$timedelta':
      return timedelta(value);
    case '$set':
    case '$frozenset':
    case '$tuple':
      return { tag: tag.slice(1) as 'set', items: items() };
    case '$enum': {
      const [className, name, member] = value as readonly [string, string, Json];
      return { tag: 'enum', className, name, value: valueOf(member) };
    }
    case '$map':
      return { tag: 'dict', entries: (value as readonly (readonly [Json, Json])[]).map(([key, one]) => [valueOf(key), valueOf(one)]) };
    case '$object': {
      const dot = text().lastIndexOf('.');
      const fields = valuesOf(json['fields'] as Readonly<Record<string, Json>>);
      return { tag: 'object', module: text().slice(0, dot), className: text().slice(dot + 1), fields };
    }
    case '$ref':
      return { tag: 'node', id: text(), className: (json['$object'] as string).split('.').at(-1) ?? null };
    default:
      throw new Error(`unknown tag ${tag}`);
  }
}

function timedelta(value: Json): PythonValue {
  const total = Math.round(Number(value) * 1e6);
  const seconds = Math.floor(total / 1e6);
  return {
    tag: 'timedelta',
    days: Math.floor(seconds / 86_400),
    seconds: ((seconds % 86_400) + 86_400) % 86_400,
    microseconds: total - seconds * 1e6,
  };
}

function isList(json: object): json is readonly Json[] {
  return Array.isArray(json);
}
