import { join } from 'node:path';
import Database from 'better-sqlite3';
import { InvalidText } from '../../src/core/model/source-value.ts';
import { sqliteSourceKind } from '../../src/core/sources/sqlite/sqlite-source-kind.ts';
import { describeSource } from './source-contract.ts';
import type { ContractRow } from './source-setting.ts';

const columns = 'whole INTEGER, real REAL, words TEXT, bytes BLOB';

const variants: Readonly<Record<string, { readonly table: string; readonly journal?: string }>> = {
  'INTEGER PRIMARY KEY': { table: `things (id INTEGER PRIMARY KEY, ${columns})` },
  'hidden rowid beside a text column called rowid': { table: `things (id INTEGER, ${columns}, rowid TEXT)` },
  'WITHOUT ROWID': { table: `things (id INTEGER, ${columns}, PRIMARY KEY (id)) WITHOUT ROWID` },
  'all names of the rowid taken': { table: `things (id INTEGER, ${columns}, rowid TEXT, _rowid_ TEXT, oid TEXT)` },
  'write-ahead log': { table: `things (id INTEGER PRIMARY KEY, ${columns})`, journal: 'wal' },
};

for (const [name, { table, journal }] of Object.entries(variants)) {
  describeSource(`SQLite, ${name}`, {
    kind: sqliteSourceKind,
    sql: true,
    invalidText: true,
    create: async (directory, rows) => createStore(join(directory, 'store.db'), table, journal ?? 'delete', rows),
    alter: async (path) => {
      const database = new Database(path);
      database.exec(`UPDATE things SET words = 'altered' WHERE id = 2`);
      database.close();
    },
  });
}

function createStore(path: string, table: string, journal: string, rows: readonly ContractRow[]): string {
  const database = new Database(path);
  database.pragma(`journal_mode = ${journal}`);
  database.exec(`CREATE TABLE ${table}`);
  const insert = database.prepare('INSERT INTO things (id, whole, real, words, bytes) VALUES (?, ?, ?, CAST(? AS TEXT), ?)');
  database.transaction(() => {
    for (const [id, whole, real, words, bytes] of rows)
      insert.run(id, whole, real, words instanceof InvalidText ? words.bytes : words, bytes);
  })();
  database.close();
  return path;
}
