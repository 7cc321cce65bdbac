/** What the rows of a table of a graph are. */
export type GraphTable =
  /** Nodes of one class. */
  | { readonly node: string }
  /** Edges of one class from nodes of one class to nodes of one class; an end that is absent is no node of the store, or left open by a plan. */
  | { readonly edge: string; readonly source?: string | undefined; readonly target?: string | undefined }
  /** Objects of one class that were saved on their own. */
  | { readonly object: string }
  /** Everything as it was; users and their roots; records that cannot be read. */
  | { readonly graph: GraphList };

export type GraphEdges = Extract<GraphTable, { readonly edge: string }>;
export type GraphList = (typeof graphLists)[number];

export const graphLists = ['anchors', 'users', 'unreadable'] as const;

/** A column of a table of nodes that an edge fills: the id of the node at this end of the edge whose other end is the row. */
export interface EdgeEnd {
  readonly edge: GraphEdges;
  readonly end: 'source' | 'target';
}

/** What a record has beside its fields. */
export const reservedColumns = ['id', 'root_id', 'access', 'source_id', 'target_id', 'is_undirected', 'position', 'module'] as const;

/** The name of a table in the Source contract: `node Report`, `edge routed_to Report Organisation`, `edge about Report ?`, `object Note`, `users`. */
export function formatGraphTable(table: GraphTable): string {
  if ('graph' in table) return table.graph;
  if ('node' in table) return `node ${word(table.node)}`;
  return 'object' in table ? `object ${word(table.object)}` : formatEdges(table);
}

/** null when the text does not name a table of a graph. */
export function parseGraphTable(text: string): GraphTable | null {
  const list = graphLists.find((name) => name === text);
  if (list !== undefined) return { graph: list };
  const [kind, ...words] = text.split(' ');
  const names = words.map(unword);
  if (names.includes(null)) return null;
  const [name, source, target] = words.map((part, i) => (part === '?' ? undefined : (names[i] as string)));
  if (name === undefined) return null;
  if (kind === 'node' && words.length === 1) return { node: name };
  if (kind === 'object' && words.length === 1) return { object: name };
  if (kind !== 'edge' || words.length !== 3) return null;
  return { edge: name, ...(source !== undefined && { source }), ...(target !== undefined && { target }) };
}

/** The name of such a column in the Source contract: `source of edge filed Reporter Report`. */
export function formatEdgeEnd({ edge, end }: EdgeEnd): string {
  return `${end} of ${formatEdges(edge)}`;
}

/** null when the text does not name such a column. */
export function parseEdgeEnd(text: string): EdgeEnd | null {
  const [, end, rest] = /^(source|target) of (edge .+)$/s.exec(text) ?? [];
  const edge = rest === undefined ? null : parseGraphTable(rest);
  return edge === null || !('edge' in edge) ? null : { edge, end: end as EdgeEnd['end'] };
}

/** The one of some names of such columns that is meant, where an end that is left open may be any. null: none, or several. */
export function meantEdgeEnd(names: readonly string[], wanted: EdgeEnd): string | null {
  const fitting = names.filter((name) => {
    const found = parseEdgeEnd(name);
    return found?.end === wanted.end && fitsEdges(wanted.edge, found.edge);
  });
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/** A wanted end that is absent may be any. */
export function fitsEdges(wanted: GraphEdges, found: GraphEdges): boolean {
  return (
    wanted.edge === found.edge &&
    (wanted.source === undefined || wanted.source === found.source) &&
    (wanted.target === undefined || wanted.target === found.target)
  );
}

function formatEdges({ edge, source, target }: GraphEdges): string {
  return `edge ${word(edge)} ${end(source)} ${end(target)}`;
}

function end(name: string | undefined): string {
  return name === undefined ? '?' : word(name);
}

/** Classes are called by words of letters, digits and underscores; a name that only a damaged file has must not read as two, or as none. */
function word(name: string): string {
  return name === '' ? '%' : name.replace(/[%\s?]/gu, (character) => `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function unword(text: string): string | null {
  if (text === '%') return '';
  const name = text.replace(/%([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return text !== '' && (text === '?' || word(name) === text) ? name : null;
}
