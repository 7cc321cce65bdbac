/** A schema as it was read: of a source or of a target. Names are exactly as stored. Cloneable. */
export interface Catalog {
  readonly tables: readonly CatalogTable[];
  readonly views: readonly CatalogObject[];
  readonly triggers: readonly CatalogObject[];
  /** What was seen and deliberately left out, with the reason (shadow tables, internal tables). */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

export interface CatalogObject {
  readonly name: string;
  readonly schema: string | null;
  readonly table: string | null;
  readonly definition: string;
}

export interface CatalogTable {
  /** As the source calls it: tables of several schemas may carry their schema in it. */
  readonly name: string;
  /** Without its schema, where `name` carries one. */
  readonly bareName?: string;
  /** null where the store has no schemas, or for the one that every store has. */
  readonly schema: string | null;
  readonly columns: readonly CatalogColumn[];
  /** Empty when there is no primary key. */
  readonly primaryKey: readonly string[];
  readonly uniques: readonly CatalogUnique[];
  readonly checks: readonly CatalogCheck[];
  readonly foreignKeys: readonly CatalogForeignKey[];
  readonly indexes: readonly CatalogIndex[];
  /** Next value the store itself would hand out (AUTOINCREMENT high-water mark + 1), null when it keeps none. */
  readonly nextIdentity: bigint | null;
  /** Exact row count, null when not counted. */
  readonly rows: number | null;
  /** In a table without a primary key: what the store calls the number that it gives each row, an integer of 64 bits that is read like a column. */
  readonly rowNumber?: string;
  /** Facts a person should know: "WITHOUT ROWID", "STRICT". */
  readonly notes: readonly string[];
  /** What a person should decide before the rows are moved. */
  readonly warnings?: readonly { readonly code: string; readonly message: string }[];
  /** The store finds words in these texts by an index of its own. */
  readonly fullText?: CatalogFullText;
  /** Its name and those of its columns say where rows and values are in documents (`document-names.ts`). */
  readonly documents?: true;
  /** Its name says which nodes or edges of a graph are its rows (`graph-names.ts`). */
  readonly graph?: true;
  /** Of nodes: columns that edges fill and only a plan asks for, by name (`graph-names.ts`). */
  readonly edgeEnds?: readonly string[];
  /** Its rows are records that cannot be read: a run that leaves it out would not tell them. */
  readonly unreadable?: true;
  /** A plan lists it and leaves it out until a person says otherwise. */
  readonly optional?: true;
}

export interface CatalogFullText {
  /** Name of the store's index: the table itself, or another one over its texts. */
  readonly name: string;
  readonly columns: readonly string[];
  /** How it cuts texts into words, as declared: "porter unicode61"; '' when nothing is declared. */
  readonly tokenizer: string;
}

export interface CatalogColumn {
  readonly name: string;
  /** What a person would call it, where `name` says more than that. */
  readonly bareName?: string;
  /** What the store found in place of the value, by kind: "3 texts, 1 null, 2 missing". */
  readonly found?: string;
  /** Declared type, verbatim; '' when none was declared. For a PostgreSQL target, format_type(). */
  readonly declared: string;
  readonly nullable: boolean;
  /** SQL text of the default in the dialect of the store, null when none. */
  readonly default: string | null;
  readonly generated: { readonly expression: string; readonly stored: boolean } | null;
  /** The store numbers this column itself (INTEGER PRIMARY KEY, identity, serial). */
  readonly identity: boolean;
  readonly collation: string | null;
  /** Of vectors: the distance that the store searches them by, where it says so. */
  readonly metric?: 'cosine' | 'l2' | 'l1';
  /** The column takes one of some labels only. */
  readonly enumType?: CatalogEnum;
}

export interface CatalogEnum {
  /** null where the type was written into the column's declaration. */
  readonly name: string | null;
  /** In their order, which is the one that they are compared by. */
  readonly labels: readonly string[];
}

export interface CatalogUnique {
  readonly name: string | null;
  readonly columns: readonly string[];
  /** Collation per column, null where default. */
  readonly collations: readonly (string | null)[];
}

export interface CatalogCheck {
  readonly name: string | null;
  readonly expression: string;
}

export type ForeignKeyAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface CatalogForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly references: string;
  readonly referencesSchema: string | null;
  /** Never empty: an implicit reference is resolved to the parent's primary key. */
  readonly referencesColumns: readonly string[];
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
  readonly deferrable: boolean;
  /** What becomes of rows whose parent is missing, where the store has an opinion. */
  readonly orphans?: 'quarantine';
}

export interface CatalogIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly method: string | null;
  readonly parts: readonly CatalogIndexPart[];
  readonly where: string | null;
  readonly definition: string | null;
}

export interface CatalogIndexPart {
  /** Column name, or null when `expression` is set. */
  readonly column: string | null;
  readonly expression: string | null;
  readonly descending: boolean;
  readonly collation: string | null;
}
