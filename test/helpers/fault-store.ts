import Database from 'better-sqlite3';
import { SeededRandom } from '../../samples/seeded-random.ts';
import type { OracleTable } from './oracle.ts';

/** Three tables: parents, children with a foreign key, and rows without any key, where a row that came twice would go unnoticed by the server. */
const schema = `
  CREATE TABLE devices (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE readings (id INTEGER PRIMARY KEY AUTOINCREMENT, device_id INTEGER NOT NULL REFERENCES devices(id), ratio REAL, count INTEGER, at DATETIME, note TEXT);
  CREATE TABLE events (number INTEGER, device_id INTEGER, note TEXT);`;

const deviceRows = 1000;

/** Writes a store with `rows` rows in `readings` and `events` together. About 200 bytes a row, so that 200,000 rows are many chunks. */
export function buildFaultStore(path: string, rows: number): void {
  const random = new SeededRandom(7);
  const store = new Database(path);
  store.pragma('journal_mode = OFF');
  store.exec(schema);
  const note = (id: number): string => `${id} ${'æ🚀\t\\N '.repeat(random.integer(5, 25))}`;
  store.transaction(() => {
    const device = store.prepare('INSERT INTO devices VALUES (?, ?)');
    for (let id = 1; id <= deviceRows; id++) device.run(id, `device ${id}`);
    const reading = store.prepare('INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?)');
    for (let id = 1; id <= readingRows(rows); id++) {
      const at = new Date(1.6e12 + id * 1000).toISOString();
      reading.run(
        id * 2,
        random.integer(1, deviceRows),
        random.fraction(),
        random.integer(-5, 5),
        at,
        random.chance(0.1) ? null : note(id),
      );
    }
    const event = store.prepare('INSERT INTO events VALUES (?, ?, ?)');
    for (let number = 1; number <= rows - readingRows(rows); number++) event.run(number, random.integer(1, deviceRows), note(number));
  })();
  store.close();
}

/** How the oracle reads them. */
export const faultTables: readonly OracleTable[] = [
  { source: 'devices', target: 'public.devices', columns: { id: 'integer', name: 'text' } },
  {
    source: 'readings',
    target: 'public.readings',
    columns: { id: 'integer', device_id: 'integer', ratio: 'real', count: 'integer', at: 'instant', note: 'text' },
  },
  { source: 'events', target: 'public.events', columns: { number: 'integer', device_id: 'integer', note: 'text' } },
];

/** All rows of a store made with `rows`. */
export function faultRows(rows: number): number {
  return rows + deviceRows;
}

function readingRows(rows: number): number {
  return Math.floor(rows * 0.6);
}
