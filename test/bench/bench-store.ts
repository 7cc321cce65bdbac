import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SeededRandom } from '../../samples/seeded-random.ts';

/** One table of the benchmark: how SQLite declares it, how PostgreSQL does, how many rows, and what is in them. */
export interface BenchTable {
  readonly name: string;
  readonly group: 'scalars' | 'vectors';
  readonly rows: number;
  readonly sqlite: string;
  readonly postgres: string;
  readonly makeRow: (id: number, random: SeededRandom) => BenchRow;
}

interface BenchRow {
  readonly stored: readonly (string | number | bigint | Uint8Array | null)[];
  /** The same values as COPY's text format wants them. */
  readonly exported: readonly string[];
}

export interface BenchStore {
  readonly folder: string;
  /** The SQLite file with all tables. */
  readonly store: string;
  readonly tables: readonly BenchTable[];
  /** The pre-exported text of a table for `\copy`. */
  readonly exportOf: (table: BenchTable) => string;
}

// Part of the cache folder's name: raise it when rows change.
const version = 3;
const dimensions = 384;

/** The seeded store and its text exports, from the cache under the temporary folder or made now. `scale` 1 = full size. */
export function benchStore(scale: number, say: (line: string) => void): BenchStore {
  const tables = benchTables(scale);
  const folder = join(tmpdir(), `sluice-bench-v${version}-${scale}`);
  if (!existsSync(folder)) {
    say(`building the store in ${folder}`);
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    buildStore(unfinished, tables);
    renameSync(unfinished, folder);
  }
  return { folder, store: join(folder, 'bench.db'), tables, exportOf: (table) => join(folder, `${table.name}.txt`) };
}

function benchTables(scale: number): readonly BenchTable[] {
  const mixedRows = Math.round(500_000 * scale);
  return [
    {
      name: 'mixed',
      group: 'scalars',
      rows: mixedRows,
      sqlite: `id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT, e_mail TEXT, amount REAL, quantity INTEGER, big INTEGER, active BOOLEAN,
        created_at DATETIME, note TEXT`,
      postgres: `id bigint NOT NULL, code text NOT NULL, name text, e_mail text, amount double precision, quantity bigint, big bigint, active boolean,
        created_at timestamptz, note text`,
      makeRow: mixedRow,
    },
    {
      name: 'narrow',
      group: 'scalars',
      rows: Math.round(750_000 * scale),
      sqlite: 'id INTEGER PRIMARY KEY, mixed_id INTEGER NOT NULL REFERENCES mixed(id), kind INTEGER, score REAL',
      postgres: 'id bigint NOT NULL, mixed_id bigint NOT NULL, kind bigint, score double precision',
      makeRow: (id, random) => {
        const values = [id, random.integer(1, mixedRows), random.integer(0, 9), random.fraction()];
        return { stored: values, exported: values.map(String) };
      },
    },
    {
      name: 'vectors',
      group: 'vectors',
      rows: Math.round(50_000 * scale),
      sqlite: 'id INTEGER PRIMARY KEY, embedding BLOB NOT NULL',
      postgres: `id bigint NOT NULL, embedding vector(${dimensions}) NOT NULL`,
      makeRow: vectorRow,
    },
  ];
}

const words = ['alpha', 'bravo', 'Čeština', 'delta', 'Ærø', 'foxtrot', '東京', 'hotel', 'india', 'juliett'];

function mixedRow(id: number, random: SeededRandom): BenchRow {
  const code = `C-${random.bits().toString(16).padStart(8, '0')}`;
  const name = `${random.pick(words)} ${random.pick(words)} ${id}`;
  const address = random.chance(0.1) ? null : `user${id}@example.org`;
  const amount = random.integer(-1_000_000, 9_000_000) / 100;
  // pgloader fails on what is beyond its 62-bit integers; here it is to be measured at work.
  const big = BigInt(random.bits()) * 268435456n;
  const active = random.integer(0, 1);
  const at = new Date((1_600_000_000 + random.integer(0, 150_000_000)) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const note = random.chance(0.4) ? null : `note ${random.pick(words)}\twith a tab and ${random.bits()} in it`;
  const quantity = random.integer(0, 10_000);
  return {
    stored: [id, code, name, address, amount, quantity, big, active, at, note],
    exported: [
      String(id),
      code,
      name,
      address ?? '\\N',
      String(amount),
      String(quantity),
      String(big),
      active === 1 ? 't' : 'f',
      `${at}+00`,
      note?.replaceAll('\t', '\\t') ?? '\\N',
    ],
  };
}

function vectorRow(id: number, random: SeededRandom): BenchRow {
  const vector = new Float32Array(dimensions).map(() => (random.fraction() - 0.5) * 0.2);
  return { stored: [id, new Uint8Array(vector.buffer)], exported: [String(id), `[${Array.from(vector, shortestFloat).join(',')}]`] };
}

/** As pgvector prints a float4: no more digits than are needed to read the same one back. */
function shortestFloat(value: number): string {
  const short = value.toPrecision(8);
  return Math.fround(Number(short)) === value ? short : value.toPrecision(9);
}

function buildStore(folder: string, tables: readonly BenchTable[]): void {
  const store = new Database(join(folder, 'bench.db'));
  store.pragma('journal_mode = OFF');
  for (const [seed, table] of tables.entries()) {
    store.exec(`CREATE TABLE ${table.name} (${table.sqlite})`);
    fillTable(store, table, join(folder, `${table.name}.txt`), new SeededRandom(seed + 1));
  }
  store.pragma('journal_mode = DELETE');
  store.close();
}

function fillTable(store: Database.Database, table: BenchTable, exportPath: string, random: SeededRandom): void {
  const file = openSync(exportPath, 'w');
  const columns = table.sqlite.split(',').length;
  const insert = store.prepare(`INSERT INTO ${table.name} VALUES (${Array(columns).fill('?').join(', ')})`);
  store.transaction(() => {
    let lines: string[] = [];
    for (let id = 1; id <= table.rows; id++) {
      const row = table.makeRow(id, random);
      insert.run(...row.stored);
      lines.push(row.exported.join('\t'));
      if (lines.length < 1000 && id < table.rows) continue;
      writeSync(file, `${lines.join('\n')}\n`);
      lines = [];
    }
  })();
  closeSync(file);
}
