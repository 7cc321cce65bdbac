import Database from 'better-sqlite3';
import { checkForms, generatedForms, indexForms, quote, type IndexForm } from './random-expressions.ts';
import { strictTypes, type RandomColumn, type RandomIndex, type RandomStore, type RandomTable } from './random-store.ts';
import { goodValues } from './random-values.ts';

/** The store as a script; whatever of it SQLite itself refuses is left out. */
export function storeStatements({ tables, fullText }: RandomStore): readonly string[] {
  return [
    ...tables.flatMap((own, at) => tableStatements(own, tables, at)),
    ...tables.flatMap((own, at) => fillReferences(own, tables, at)),
    ...(fullText === null ? [] : fullTextStatements(fullText)),
  ];
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

/** CHECKs of each table as SQLite has them. */
export function storeChecks({ tables }: RandomStore): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(tables.map((own) => [own.name, checksOf(own)]));
}

function tableStatements(own: RandomTable, tables: readonly RandomTable[], at: number): readonly string[] {
  const table = quote(own.name);
  const listed = own.columns.map(({ name }) => quote(name)).join(', ');
  const numbers = `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${own.good})`;
  const good = own.columns.map(({ kind }) => goodValues[kind]).join(', ');
  return [
    createTable(own, tables, at),
    ...(own.good === 0 ? [] : [`INSERT OR IGNORE INTO ${table} (${listed}) ${numbers} SELECT ${good} FROM c`]),
    // As a program does that mends a store: rows that break a CHECK come in.
    'PRAGMA ignore_check_constraints = ON',
    ...own.rows.map((row) => `INSERT OR IGNORE INTO ${table} (${listed}) VALUES (${row.join(', ')})`),
    'PRAGMA ignore_check_constraints = OFF',
    ...own.indexes.map((index, i) => createIndex(own, index, i)),
  ];
}

function fullTextStatements({ module, texts }: NonNullable<RandomStore['fullText']>): readonly string[] {
  return [
    `CREATE VIRTUAL TABLE "Full text" USING ${module}(title, body)`,
    ...texts.map((text, i) => `INSERT INTO "Full text" (title, body) VALUES ('title ${i}', ${text})`),
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
    ...generatedColumn(own),
    ...(own.key === 'column' || own.key === 'composite' ? [`PRIMARY KEY (${key.map(({ name }) => quote(name)).join(', ')})`] : []),
    ...(own.unique === null ? [] : [`UNIQUE (${own.unique.map((column) => nameAt(own, column)).join(', ')})`]),
    ...checksOf(own).map((check, i) => `CONSTRAINT "check ${i}" CHECK (${check})`),
    ...foreignKey(own, tables, at),
  ];
  const suffix = [...(isWithoutRowid(own) ? ['WITHOUT ROWID'] : []), ...(own.strict ? ['STRICT'] : [])].join(', ');
  return `CREATE TABLE ${quote(own.name)} (${parts.join(', ')}) ${suffix}`;
}

function generatedColumn(own: RandomTable): readonly string[] {
  if (own.generated === null) return [];
  const [type, expression] = generatedForms[own.generated.form];
  return [`"made" ${own.strict ? 'ANY' : type} GENERATED ALWAYS AS (${expression(nameAt(own, 0), nameAt(own, 1))}) ${own.generated.kind}`];
}

function checksOf(own: RandomTable): readonly string[] {
  return own.checks.map(({ columns: [a, b], form }) => checkForms[form](nameAt(own, a), nameAt(own, b)));
}

/** Quoted; the first column where there are not so many. */
function nameAt({ columns }: RandomTable, at: number): string {
  return quote((columns[at] ?? columns[0]!).name);
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
  const parent = own.refers === null ? null : tables[(at + own.refers) % tables.length]!;
  return parent === null || keyColumns(parent).length === 0 ? null : parent;
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

function createIndex(own: RandomTable, { columns: [a = 0, b = a], form }: RandomIndex, position: number): string {
  const { unique, terms, where }: IndexForm = indexForms[form];
  const [first, second] = [nameAt(own, a), nameAt(own, b)];
  const list = terms === null ? [...new Set([first, second])].join(', ') : terms(first, second);
  const name = quote(`index ${position} of ${own.name}`);
  return `CREATE ${unique === true ? 'UNIQUE ' : ''}INDEX ${name} ON ${quote(own.name)} (${list})${where === undefined ? '' : ` WHERE ${where(first, second)}`}`;
}
