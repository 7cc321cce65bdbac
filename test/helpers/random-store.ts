import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { PlanInput, PlanOptions } from '../../src/core/plan/plan-schema.ts';
import { goodValues, randomValue, type Kind } from './random-values.ts';

/** A random SQLite store as data, so that fast-check can make it smaller, with the options it is planned with. */
export interface RandomStore {
  readonly tables: readonly RandomTable[];
  readonly options: Pick<PlanOptions, 'identifiers' | 'emptyText' | 'nulBytes' | 'invalidText' | 'timestamps'>;
  /** Types that a person writes into the plan, which then turns values away. */
  readonly forced: readonly { readonly column: number; readonly type: string }[];
}

interface RandomTable {
  readonly name: string;
  readonly key: 'none' | 'rowid' | 'autoincrement' | 'column' | 'composite';
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  readonly columns: readonly RandomColumn[];
  /** Values as SQL, in the order of the columns. */
  readonly rows: readonly (readonly string[])[];
  /** Good rows beside them. */
  readonly good: 0 | 150 | 500;
  readonly indexes: readonly RandomIndex[];
  /** Position of a table at or before this one, counted back; null = no foreign key. */
  readonly refersBack: number | null;
  readonly action: string;
  readonly generated: 'none' | 'VIRTUAL' | 'STORED';
}

interface RandomColumn {
  readonly name: string;
  readonly declared: string;
  readonly kind: Kind;
  readonly rule:
    '' | ' NOT NULL' | ' UNIQUE' | ' COLLATE NOCASE' | ' DEFAULT 5' | " DEFAULT 'x'" | ' DEFAULT CURRENT_TIMESTAMP' | ' DEFAULT (1 + 2)';
}

interface RandomIndex {
  readonly columns: readonly number[];
  readonly form: 'plain' | 'unique' | 'descending' | 'partial' | 'lower' | 'nocase';
}

/** Names that need quotes, are words of SQL, are too long for PostgreSQL, or mean something to one of the databases. */
const long = 'a_name_that_is_much_longer_than_the_sixty_three_bytes_of_postgresql';
const names = fc.constantFrom(
  ...[
    'a',
    'B',
    'value',
    'order',
    'Select',
    'user',
    'group',
    'With Space',
    'ünïcödé',
    'say "hi"',
    "it's",
    'a.b',
    '日本語',
    '🎈',
    'tab\there',
  ],
  ...[`${long}_1`, `${long}_2`, 'rowid', 'oid', 'ctid', 'xmin', '1st', '%s', 'back\\slash', '$1', 'null', 'CamelCase', 'é'.repeat(40)],
);

/** Declared types beside the kind of value that they promise. */
const declarations: readonly (readonly [Kind, readonly string[]])[] = [
  ['integer', ['INTEGER', 'INT', 'BIGINT', 'SMALLINT', 'UNSIGNED BIG INT', 'int(5)', 'TINYINT', '']],
  ['real', ['REAL', 'DOUBLE PRECISION', 'FLOAT', 'double', '']],
  ['decimal', ['DECIMAL(10,2)', 'NUMERIC', 'NUMERIC(5)', 'MONEY', 'DECIMAL(4, 4)']],
  ['text', ['TEXT', 'VARCHAR(10)', 'CLOB', 'CHAR(3)', 'STRING', 'fancy type', '', 'ANY']],
  ['blob', ['BLOB', 'BINARY', '', 'LONGBLOB']],
  ['flag', ['BOOLEAN', 'BOOL', 'BIT']],
  ['date', ['DATE', 'TEXT']],
  ['time', ['TIME', 'TEXT']],
  ['datetime', ['DATETIME', 'TIMESTAMP', 'TIMESTAMPTZ', 'TEXT']],
  ['epoch-s', ['DATETIME', 'TIMESTAMP', 'INTEGER']],
  ['epoch-ms', ['DATETIME', 'TIMESTAMP', 'DATE']],
  ['julian', ['DATETIME', 'REAL']],
  ['json', ['JSON', 'TEXT', 'JSONB']],
  ['uuid', ['UUID', 'GUID', 'TEXT']],
  ['vector', ['F32_BLOB(3)', 'BLOB', 'VECTOR(3)', 'TEXT']],
];
const strictTypes: Readonly<Partial<Record<Kind, string>>> = { integer: 'INTEGER', real: 'REAL', text: 'TEXT', blob: 'BLOB' };

const column: fc.Arbitrary<RandomColumn> = fc.constantFrom(...declarations).chain(([kind, declared]) =>
  fc.record({
    name: names,
    declared: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...declared) }, { weight: 1, arbitrary: anyDeclaration() }),
    kind: fc.constant(kind),
    rule: fc.oneof(
      { weight: 4, arbitrary: fc.constant('' as const) },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          ' NOT NULL' as const,
          ' UNIQUE' as const,
          ' COLLATE NOCASE' as const,
          ' DEFAULT 5' as const,
          " DEFAULT 'x'" as const,
          ' DEFAULT CURRENT_TIMESTAMP' as const,
          ' DEFAULT (1 + 2)' as const,
        ),
      },
    ),
  }),
);

const table: fc.Arbitrary<RandomTable> = fc
  .uniqueArray(column, { minLength: 1, maxLength: 5, selector: ({ name }) => name.toLowerCase() })
  .chain((columns) =>
    fc.record({
      name: names,
      key: fc.constantFrom('rowid' as const, 'none' as const, 'autoincrement' as const, 'column' as const, 'composite' as const),
      withoutRowid: fc.boolean(),
      strict: fc.nat({ max: 5 }).map((dice) => dice === 5),
      columns: fc.constant(columns),
      rows: fc.array(fc.tuple(...columns.map(({ kind }) => randomValue(kind))), { maxLength: 8 }),
      good: fc.constantFrom(0 as const, 150 as const, 500 as const),
      indexes: fc.array(randomIndex(columns.length), { maxLength: 2 }),
      refersBack: fc.option(fc.nat({ max: 2 }), { freq: 2 }),
      action: fc.constantFrom('', ' ON DELETE CASCADE', ' ON UPDATE SET NULL', ' DEFERRABLE INITIALLY DEFERRED'),
      generated: fc.oneof(
        { weight: 4, arbitrary: fc.constant('none' as const) },
        { weight: 1, arbitrary: fc.constantFrom('VIRTUAL' as const, 'STORED' as const) },
      ),
    }),
  );

const forcedTypes = [
  ...[
    'smallint',
    'integer',
    'bigint',
    'double precision',
    'numeric',
    'numeric(8,2)',
    'boolean',
    'text',
    'varchar(4)',
    'bytea',
    'uuid',
    'date',
    'time',
  ],
  ...['timestamp', 'timestamptz', 'jsonb', 'vector(3)'],
];

export const randomStore: fc.Arbitrary<RandomStore> = fc.record({
  tables: fc.uniqueArray(table, { minLength: 1, maxLength: 3, selector: ({ name }) => name.toLowerCase() }),
  options: fc.record({
    identifiers: fc.constantFrom('preserve' as const, 'preserve' as const, 'lower' as const, 'snake' as const),
    emptyText: fc.constantFrom('null' as const, 'keep' as const),
    nulBytes: fc.constantFrom('reject' as const, 'strip' as const, 'replace' as const, 'bytea' as const),
    invalidText: fc.constantFrom('reject' as const, 'latin1' as const, 'replace' as const, 'bytea' as const),
    timestamps: fc.constantFrom('timestamptz' as const, 'timestamp' as const),
  }),
  forced: fc.array(fc.record({ column: fc.nat({ max: 20 }), type: fc.constantFrom(...forcedTypes) }), { maxLength: 2 }),
});

/** Lays the forced types over columns that no key, index or default needs as they are. */
export function forceTypes(plan: PlanInput, { forced }: RandomStore): void {
  const free = plan.tables.flatMap((table) => {
    const used = JSON.stringify([
      table.primaryKey,
      table.uniques,
      table.foreignKeys,
      table.indexes,
      table.checks,
      table.columns?.map(({ generated }) => generated),
      plan.tables.map(({ foreignKeys }) => foreignKeys),
    ]);
    return (table.columns ?? []).filter(
      (column) => column.identity !== true && (column.generated ?? null) === null && !isNamed(column.to, used),
    );
  });
  for (const { column, type } of forced) {
    const own = free[column % Math.max(1, free.length)];
    if (own !== undefined) Object.assign(own, { type, convert: null, loss: 'exact', accept: false, default: null });
  }
}

/** As a name in JSON, or quoted in SQL that stands in JSON. */
function isNamed(name: string, json: string): boolean {
  return [name, quote(name)].some((form) => json.includes(JSON.stringify(form).slice(1, -1)));
}

function anyDeclaration(): fc.Arbitrary<string> {
  return fc.constantFrom(...declarations.flatMap(([, declared]) => declared));
}

function randomIndex(columns: number): fc.Arbitrary<RandomIndex> {
  return fc.record({
    columns: fc.uniqueArray(fc.nat({ max: columns - 1 }), { minLength: 1, maxLength: 2 }),
    form: fc.constantFrom(
      'plain' as const,
      'unique' as const,
      'descending' as const,
      'partial' as const,
      'lower' as const,
      'nocase' as const,
    ),
  });
}

/** The store as a script; whatever of it SQLite itself refuses is left out. */
export function storeStatements({ tables }: RandomStore): readonly string[] {
  return tables.flatMap((own, at) => tableStatements(own, tables, at));
}

export function buildRandomStore(path: string, store: RandomStore): void {
  const database = new Database(path);
  database.pragma('foreign_keys = OFF');
  database.exec('BEGIN');
  for (const statement of storeStatements(store)) {
    try {
      database.exec(statement);
    } catch (error) {
      // A value that a STRICT table, a key or a function refuses; the rest of the store is as good without it.
      if (!(error instanceof Database.SqliteError)) throw error;
    }
  }
  database.exec('COMMIT');
  database.close();
}

function tableStatements(own: RandomTable, tables: readonly RandomTable[], at: number): readonly string[] {
  const table = quote(own.name);
  const listed = own.columns.map(({ name }) => quote(name)).join(', ');
  const numbers = `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${own.good})`;
  const good = own.columns.map(({ kind }) => goodValues[kind]).join(', ');
  return [
    createTable(own, tables, at),
    ...(own.good === 0 ? [] : [`INSERT OR IGNORE INTO ${table} (${listed}) ${numbers} SELECT ${good} FROM c`]),
    ...own.rows.map((row) => `INSERT OR IGNORE INTO ${table} (${listed}) VALUES (${row.join(', ')})`),
    ...own.indexes.map((index, i) => createIndex(own, index, i)),
    ...fillReferences(own, tables, at),
  ];
}

function createTable(own: RandomTable, tables: readonly RandomTable[], at: number): string {
  const key = keyColumns(own);
  const parts = [
    ...(own.key === 'rowid' || own.key === 'autoincrement'
      ? [`"id" INTEGER PRIMARY KEY${own.key === 'rowid' ? '' : ' AUTOINCREMENT'}`]
      : []),
    ...own.columns.map((column) => `${quote(column.name)} ${typeOf(own, column)}${column.rule}`),
    ...referenceColumns(own, tables, at).map(({ name, declared }) => `${quote(name)} ${declared}`),
    ...(own.generated === 'none' ? [] : [`"made" TEXT GENERATED ALWAYS AS (typeof(${quote(own.columns[0]!.name)})) ${own.generated}`]),
    ...(own.key === 'column' || own.key === 'composite' ? [`PRIMARY KEY (${key.map(({ name }) => quote(name)).join(', ')})`] : []),
    ...foreignKey(own, tables, at),
  ];
  const suffix = [...(isWithoutRowid(own) ? ['WITHOUT ROWID'] : []), ...(own.strict ? ['STRICT'] : [])].join(', ');
  return `CREATE TABLE ${quote(own.name)} (${parts.join(', ')}) ${suffix}`;
}

function typeOf({ strict }: RandomTable, { kind, declared }: RandomColumn): string {
  return strict ? (strictTypes[kind] ?? 'ANY') : declared;
}

function isWithoutRowid({ withoutRowid, key }: RandomTable): boolean {
  return withoutRowid && (key === 'column' || key === 'composite');
}

function keyColumns(own: RandomTable): readonly { readonly name: string; readonly declared: string }[] {
  if (own.key === 'none') return [];
  if (own.key === 'rowid' || own.key === 'autoincrement') return [{ name: 'id', declared: 'INTEGER' }];
  return own.columns.slice(0, own.key === 'column' ? 1 : 2).map((column) => ({ name: column.name, declared: typeOf(own, column) }));
}

function parentOf(own: RandomTable, tables: readonly RandomTable[], at: number): RandomTable | null {
  const parent = own.refersBack === null ? undefined : tables[at - own.refersBack];
  return parent === undefined || keyColumns(parent).length === 0 ? null : parent;
}

function referenceColumns(
  own: RandomTable,
  tables: readonly RandomTable[],
  at: number,
): readonly { readonly name: string; readonly declared: string }[] {
  const parent = parentOf(own, tables, at);
  if (parent === null) return [];
  return keyColumns(parent).map(({ declared }, i) => ({ name: `ref ${i}`, declared: own.strict ? 'ANY' : declared }));
}

function foreignKey(own: RandomTable, tables: readonly RandomTable[], at: number): readonly string[] {
  const parent = parentOf(own, tables, at);
  const columns = referenceColumns(own, tables, at).map(({ name }) => quote(name));
  return parent === null ? [] : [`FOREIGN KEY (${columns.join(', ')}) REFERENCES ${quote(parent.name)}${own.action}`];
}

/** Most rows get a parent, one an orphan's reference. */
function fillReferences(own: RandomTable, tables: readonly RandomTable[], at: number): readonly string[] {
  const parent = parentOf(own, tables, at);
  if (parent === null) return [];
  const columns = referenceColumns(own, tables, at).map(({ name }) => quote(name));
  const keys = keyColumns(parent).map(({ name }) => quote(name));
  const first = `SELECT ${keys.join(', ')} FROM ${quote(parent.name)} LIMIT 1`;
  const update = `UPDATE ${quote(own.name)} SET (${columns.join(', ')}) = `;
  const orphan = `(SELECT ${columns.map(() => '999').join(', ')}) WHERE ${quote(own.columns[0]!.name)} = (SELECT min(${quote(own.columns[0]!.name)}) FROM ${quote(own.name)})`;
  return [`${update}(${first})`, ...(own.rows.length % 3 === 0 ? [`${update}${orphan}`] : [])];
}

function createIndex(own: RandomTable, { columns, form }: RandomIndex, position: number): string {
  const named = columns.map((at) => quote(own.columns[at]?.name ?? own.columns[0]!.name));
  const terms = { lower: `lower(${named[0]})`, nocase: `${named[0]} COLLATE NOCASE`, descending: `${named.join(', ')} DESC` };
  const list = form in terms ? terms[form as keyof typeof terms] : named.join(', ');
  const where = form === 'partial' ? ` WHERE ${named[0]} IS NOT NULL` : '';
  return `CREATE ${form === 'unique' ? 'UNIQUE ' : ''}INDEX ${quote(`index ${position} of ${own.name}`)} ON ${quote(own.name)} (${list})${where}`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
