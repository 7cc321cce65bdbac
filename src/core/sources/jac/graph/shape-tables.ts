import type { CatalogForeignKey } from '../../../model/catalog.ts';
import { formatGraphTable, type EdgeEnd, type GraphTable } from '../../../model/graph-names.ts';
import type { Connection } from '../../shared/sqlite/connection.ts';
import type { AllFacts, ClassFacts } from './class-facts.ts';
import { edgeNames, fieldColumns, moduleWarnings, recordColumns, type FieldColumn } from './record-columns.ts';
import type { EdgeTable } from './sort-edges.ts';
import { keyToNodes, toStoredTable, type ListedColumn, type StoredTable, type TableShape, type TakenNames } from './stored-table.ts';

/** A table that records of one class are rows of. */
export interface RecordTable {
  readonly table: StoredTable;
  readonly facts: ClassFacts;
  readonly fields: readonly FieldColumn[];
  /** Of edges: their number in "own edge". */
  readonly number: number | null;
  readonly ends: readonly { readonly end: EdgeEnd['end']; readonly number: number }[];
}

export interface ShapedTables {
  readonly records: readonly RecordTable[];
  /** Lists of everything, which are filled already. */
  readonly lists: readonly StoredTable[];
}

/** The tables of a graph: nodes, edges, objects and lists, each in the order of names. */
export function shapeTables(connection: Connection, facts: AllFacts, edges: readonly EdgeTable[]): ShapedTables {
  const taken: TakenNames = { stored: new Set(['anchors', 'users', 'unreadable']), bare: new Set() };
  const references = findReferences(connection);
  const nodes = facts.of('node').map((one) => nodeTable(one, edges, references, taken));
  const objects = facts.of('object').map((one) => objectTable(one, references, taken));
  const joins = facts.of('edge').flatMap((one) => edgeTables(one, edges, references, taken));
  const hasRoots = nodes.some(({ facts: { name } }) => name === 'Root');
  return { records: [...nodes, ...joins, ...objects], lists: listTables(connection, hasRoots, taken) };
}

/** Where the nodes of a field are all of one class: that class, by kind, class and field. */
type References = ReadonlyMap<string, string>;

function nodeTable(facts: ClassFacts, edges: readonly EdgeTable[], references: References, taken: TakenNames): RecordTable {
  const { name } = facts;
  const ends = edges.flatMap(({ edges: of, single, number }): { readonly end: EdgeEnd; readonly number: number }[] => [
    ...(of.target === name && of.source !== undefined && single.target ? [{ end: { edge: of, end: 'source' as const }, number }] : []),
    ...(of.source === name && of.target !== undefined && single.source ? [{ end: { edge: of, end: 'target' as const }, number }] : []),
  ]);
  const table = recordTable({ node: name }, [name], facts, { references, taken, ends: ends.map(({ end }) => end) });
  return { ...table, ends: ends.map(({ end: { end }, number }) => ({ end, number })) };
}

function objectTable(facts: ClassFacts, references: References, taken: TakenNames): RecordTable {
  return recordTable({ object: facts.name }, [facts.name, `${facts.name}_object`], facts, { references, taken });
}

function edgeTables(facts: ClassFacts, edges: readonly EdgeTable[], references: References, taken: TakenNames): readonly RecordTable[] {
  const own = edges.filter(({ edges: { edge } }) => edge === facts.name);
  return own.map(({ edges: of, number, rows, dangling }, i): RecordTable => {
    const keys = [
      ...(of.source === undefined ? [] : [keyToNodes('source_id', of.source, 'cascade')]),
      ...(of.target === undefined ? [] : [keyToNodes('target_id', of.target, 'cascade')]),
    ];
    const warnings =
      dangling === 0
        ? []
        : [
            {
              code: 'dangling-edges',
              message: `${dangling} of ${rows} edges ${facts.name} have an end that is no node of the store; they are kept.`,
            },
          ];
    const table = recordTable(of, edgeNames(of, own.length === 1), facts, { references, taken, keys, rows, warnings, isFirst: i === 0 });
    return { ...table, number };
  });
}

interface Making {
  readonly references: References;
  readonly taken: TakenNames;
  readonly ends?: readonly EdgeEnd[];
  readonly keys?: readonly CatalogForeignKey[];
  readonly rows?: number;
  readonly warnings?: NonNullable<TableShape['warnings']>;
  /** What is to be said of a class is said with its first table. */
  readonly isFirst?: boolean;
}

function recordTable(
  table: GraphTable,
  bareNames: readonly string[],
  facts: ClassFacts,
  { references, taken, ends = [], keys = [], rows = facts.records, warnings = [], isFirst = true }: Making,
): RecordTable {
  const fields = fieldColumns(facts);
  const toNodes = fields.flatMap(({ field, name, word }) => {
    const node = word === 'node' ? references.get(referenceKey(facts.kind, facts.name, field)) : undefined;
    return node === undefined ? [] : [keyToNodes(name, node, 'no action')];
  });
  const shape: TableShape = {
    table,
    bareNames,
    columns: [...recordColumns(facts), ...fields.map(toListed)],
    primaryKey: ['id'],
    foreignKeys: [...keys, ...toNodes],
    ends,
    rows,
    warnings: [...warnings, ...(isFirst ? moduleWarnings(facts) : [])],
  };
  return { table: toStoredTable(shape, taken), facts, fields, number: null, ends: [] };
}

function toListed({ name, bareName, declared, nullable, found }: FieldColumn): ListedColumn {
  return { name, ...(bareName !== undefined && { bareName }), declared, nullable, ...(found !== undefined && { found }) };
}

function findReferences(connection: Connection): References {
  const rows = connection
    .prepare(
      `SELECT r.kind, r.class, r.field, min(a.class) AS node FROM "own reference" r LEFT JOIN anchors a ON a.id = r.node AND a.kind = 'node'
       GROUP BY 1, 2, 3 HAVING min(a.class) = max(a.class)`,
    )
    .all() as { readonly kind: string; readonly class: string; readonly field: string; readonly node: string }[];
  return new Map(rows.map((row) => [referenceKey(row.kind, row.class, row.field), row.node]));
}

function referenceKey(...parts: readonly [kind: string, className: string, field: string]): string {
  return JSON.stringify(parts);
}

/** `users` and `unreadable` only where there are some. */
function listTables(connection: Connection, hasRoots: boolean, taken: TakenNames): readonly StoredTable[] {
  const count = (name: string): number => Number(connection.prepare(`SELECT count(*) FROM ${name}`).pluck().get());
  const shapes = [usersShape(count('users'), hasRoots), anchorsShape(count('anchors')), unreadableShape(count('unreadable'))];
  return shapes
    .filter(({ rows, optional }) => rows > 0 || optional === true)
    .map((shape) => ({ ...toStoredTable(shape, { ...taken, stored: new Set() }), stored: formatGraphTable(shape.table) }));
}

function usersShape(rows: number, hasRoots: boolean): TableShape {
  return {
    table: { graph: 'users' },
    bareNames: ['users', 'jac_users'],
    columns: [
      { name: 'name', declared: 'name', nullable: false },
      { name: 'root_id', declared: 'UUID', nullable: true },
    ],
    primaryKey: ['name'],
    foreignKeys: hasRoots ? [keyToNodes('root_id', 'Root', 'cascade')] : [],
    rows,
  };
}

function anchorsShape(rows: number): TableShape {
  const column = (name: string, declared: string, nullable = false): ListedColumn => ({ name, declared, nullable });
  return {
    table: { graph: 'anchors' },
    bareNames: ['anchors', 'jac_anchors'],
    columns: [
      column('id', 'UUID'),
      column('kind', 'name'),
      column('class', 'name'),
      column('module', 'name'),
      column('root_id', 'UUID', true),
      column('source', 'UUID', true),
      column('target', 'UUID', true),
      column('undirected', 'bool', true),
      column('access', 'object', true),
      column('edges', 'object', true),
      column('fields', 'object'),
    ],
    primaryKey: ['id'],
    rows,
    optional: true,
  };
}

function unreadableShape(rows: number): TableShape {
  return {
    table: { graph: 'unreadable' },
    bareNames: ['unreadable', 'jac_unreadable'],
    columns: [
      { name: 'number', declared: 'int', nullable: false },
      { name: 'key', declared: 'name', nullable: false },
      { name: 'byte', declared: 'int', nullable: true },
      { name: 'reason', declared: 'name', nullable: false },
    ],
    primaryKey: ['number'],
    rows,
    warnings: [
      {
        code: 'unreadable-records',
        message: `${rows} ${rows === 1 ? 'record' : 'records'} of the store cannot be read; the rows of this table are rejects that tell which and why.`,
      },
    ],
  };
}
