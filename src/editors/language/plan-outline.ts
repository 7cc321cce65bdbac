import { findNodeAtLocation, getNodeValue, parseTree, type Node } from 'jsonc-parser';

/** What can be read of a plan file, also while it is being typed and is no valid plan. Offsets in UTF-16 code units. */
export interface PlanOutline {
  readonly root: Node | undefined;
  /** By their name in the plan: the path as written, null when it is none or several. */
  readonly sources: ReadonlyMap<string, string | null>;
  readonly schema: string;
  readonly onReject: 'stop' | 'quarantine';
  readonly enums: readonly string[];
  /** `tables`, then `targetOnly`. */
  readonly tables: readonly OutlineTable[];
}

export interface OutlineTable {
  readonly list: 'tables' | 'targetOnly';
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  readonly source: string | null;
  /** Name in the source, null for documents and graphs. */
  readonly from: string | null;
  /** Name in the target; '' when it is not written yet. */
  readonly to: string;
  /** `schema.table`. */
  readonly label: string;
  readonly include: boolean;
  readonly columns: readonly OutlineColumn[];
}

export interface OutlineColumn {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  readonly from: string | null;
  readonly to: string;
  readonly type: string;
  readonly loss: string;
  readonly accept: boolean;
  readonly evidence: string;
  readonly expectedRejects: number;
}

export function outlinePlan(text: string): PlanOutline {
  // A byte order mark is no part of JSON; a blank in its place keeps every offset.
  const root = parseTree(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text, [], { allowTrailingComma: true });
  const schema = textAt(root, ['target', 'schema']) ?? 'public';
  const lists = (['tables', 'targetOnly'] as const).flatMap((list) =>
    childrenOf(root, [list]).map((node, index) => outlineTable(node, list, index, schema)),
  );
  return {
    root,
    sources: new Map(propertiesOf(root, ['sources']).map(({ key, value }) => [key, textAt(value, ['path'])])),
    schema,
    onReject: textAt(root, ['options', 'onReject']) === 'quarantine' ? 'quarantine' : 'stop',
    enums: childrenOf(root, ['enums']).flatMap((node) => textAt(node, ['name']) ?? []),
    tables: lists,
  };
}

/** The table that a path of the file is in: ['tables', 3, …]. */
export function tableOfPath(outline: PlanOutline, [list, index]: readonly (string | number)[]): OutlineTable | null {
  return outline.tables.find((table) => table.list === list && table.index === index) ?? null;
}

function outlineTable(node: Node, list: OutlineTable['list'], index: number, schema: string): OutlineTable {
  const to = textAt(node, ['to', 'table']) ?? textAt(node, ['to']) ?? '';
  return {
    list,
    index,
    offset: node.offset,
    length: node.length,
    source: textAt(node, ['source']),
    from: textAt(node, ['from']),
    to,
    label: `${textAt(node, ['to', 'schema']) ?? schema}.${to}`,
    include: valueAt(node, ['include']) !== false,
    columns: childrenOf(node, ['columns']).map(outlineColumn),
  };
}

function outlineColumn(node: Node, index: number): OutlineColumn {
  const rejects = valueAt(node, ['expectedRejects']);
  return {
    index,
    offset: node.offset,
    length: node.length,
    from: textAt(node, ['from']),
    to: textAt(node, ['to']) ?? '',
    type: textAt(node, ['type']) ?? '',
    loss: textAt(node, ['loss']) ?? 'exact',
    accept: valueAt(node, ['accept']) === true,
    evidence: textAt(node, ['evidence']) ?? '',
    expectedRejects: typeof rejects === 'number' && rejects > 0 ? rejects : 0,
  };
}

function nodeAt(node: Node | undefined, path: (string | number)[]): Node | undefined {
  return node === undefined ? undefined : findNodeAtLocation(node, path);
}

function valueAt(node: Node | undefined, path: (string | number)[]): unknown {
  const found = nodeAt(node, path);
  return found === undefined ? undefined : getNodeValue(found);
}

function textAt(node: Node | undefined, path: (string | number)[]): string | null {
  const value = valueAt(node, path);
  return typeof value === 'string' ? value : null;
}

function childrenOf(node: Node | undefined, path: (string | number)[]): readonly Node[] {
  const found = nodeAt(node, path);
  return found?.type === 'array' ? (found.children ?? []) : [];
}

function propertiesOf(
  node: Node | undefined,
  path: (string | number)[],
): readonly { readonly key: string; readonly value: Node | undefined }[] {
  const found = nodeAt(node, path);
  const properties = found?.type === 'object' ? (found.children ?? []) : [];
  return properties.map(({ children }) => ({ key: String(children?.[0]?.value), value: children?.[1] }));
}
