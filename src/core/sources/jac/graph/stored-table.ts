import type { CatalogForeignKey, CatalogTable } from '../../../model/catalog.ts';
import { formatEdgeEnd, formatGraphTable, type EdgeEnd, type GraphTable } from '../../../model/graph-names.ts';

/** A table of the database that a store is translated into. Cloneable. */
export interface StoredTable {
  /** As the Source contract has it. */
  readonly catalog: CatalogTable;
  /** Its name in the database, where two names that differ in case only are one. */
  readonly stored: string;
  /** Columns of the database with the word for what they hold; some of them are not in the catalog. */
  readonly columns: readonly StoredColumn[];
}

export interface StoredColumn {
  readonly name: string;
  readonly declared: string;
}

/** A column that the catalog lists. */
export interface ListedColumn extends StoredColumn {
  readonly nullable: boolean;
  readonly bareName?: string;
  readonly found?: string;
}

export interface TableShape {
  readonly table: GraphTable;
  /** What it may be called in the target, the first that is free. */
  readonly bareNames: readonly string[];
  readonly columns: readonly ListedColumn[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys?: readonly CatalogForeignKey[];
  /** Columns that only a plan asks for. */
  readonly ends?: readonly EdgeEnd[];
  readonly rows: number;
  readonly warnings?: readonly { readonly code: string; readonly message: string }[];
  readonly optional?: true;
}

/** Names that are taken, in lower case. */
export interface TakenNames {
  readonly stored: Set<string>;
  readonly bare: Set<string>;
}

export function toStoredTable(shape: TableShape, taken: TakenNames): StoredTable {
  const { table, columns, ends = [], warnings = [] } = shape;
  const name = formatGraphTable(table);
  return {
    stored: freeName([name], taken.stored),
    columns: [
      ...columns.map(({ name: own, declared }) => ({ name: own, declared })),
      ...ends.map((end) => ({ name: formatEdgeEnd(end), declared: 'node' })),
    ],
    catalog: {
      name,
      bareName: freeName(shape.bareNames, taken.bare),
      schema: null,
      columns: columns.map((column) => ({ ...column, default: null, generated: null, identity: false, collation: null })),
      primaryKey: shape.primaryKey,
      uniques: [],
      checks: [],
      foreignKeys: shape.foreignKeys ?? [],
      indexes: [],
      nextIdentity: null,
      rows: shape.rows,
      notes: [],
      ...(warnings.length > 0 && { warnings }),
      graph: true,
      ...(ends.length > 0 && { edgeEnds: ends.map(formatEdgeEnd) }),
      ...(shape.optional === true && { optional: true }),
      ...(name === 'unreadable' && { unreadable: true as const }),
    },
  };
}

/** A key to the nodes of a class. */
export function keyToNodes(column: string, node: string, onDelete: CatalogForeignKey['onDelete']): CatalogForeignKey {
  return {
    name: null,
    columns: [column],
    references: formatGraphTable({ node }),
    referencesSchema: null,
    referencesColumns: ['id'],
    onDelete,
    onUpdate: 'no action',
    deferrable: false,
  };
}

/** The first of some names that is free, whatever its case, or the last with a number; it is taken from then on. */
export function freeName(wishes: readonly string[], taken: Set<string>): string {
  const last = wishes.at(-1) ?? '';
  let name = wishes.find((wish) => !taken.has(wish.toLowerCase()));
  for (let n = 2; name === undefined; n++) if (!taken.has(`${last}.${n}`.toLowerCase())) name = `${last}.${n}`;
  taken.add(name.toLowerCase());
  return name;
}
