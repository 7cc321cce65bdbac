/**
 * Builds the WidgetTDC sample store: the same bytes each time (no clock, no randomness but a seeded one).
 * `node samples/widgettdc/build.ts [FILE]`; without FILE the committed `widget-tdc.db` is written anew.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SeededRandom } from '../seeded-random.ts';
import { decisions, evolutionKpis, palFocusWindows, palStressLevels } from './agent-rows.ts';
import { memoryEntities, memoryRelations, memoryTags } from './memory-rows.ts';
import { rawDocuments, structuredFacts } from './document-rows.ts';
import type { SampleRow } from './sample-row.ts';

type RowMaker = (random: SeededRandom) => Iterable<SampleRow>;

const tables: readonly (readonly [string, RowMaker])[] = [
  ['memory_entities', memoryEntities],
  ['memory_relations', memoryRelations],
  ['memory_tags', memoryTags],
  ['raw_documents', rawDocuments],
  ['structured_facts', structuredFacts],
  ['decisions', decisions],
  ['evolution_kpis', evolutionKpis],
  ['pal_focus_windows', palFocusWindows],
  ['pal_stress_levels', palStressLevels],
];

/** Writes the store to `path`, replacing what is there. */
export function buildWidgetTdc(path: string): void {
  rmSync(path, { force: true });
  const store = new Database(path);
  // The prototype never switched foreign keys on; that is where its orphans come from.
  store.pragma('foreign_keys = OFF');
  store.exec(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'));
  store.transaction(() => fillTables(store))();
  store.exec('VACUUM');
  store.close();
}

function fillTables(store: Database.Database): void {
  for (const [position, [table, makeRows]] of tables.entries()) {
    // A generator of its own for each table, so that a change in one leaves the others as they were.
    for (const row of makeRows(new SeededRandom(1000 + position))) insertRow(store, table, row);
  }
  deleteOldRows(store);
}

function insertRow(store: Database.Database, table: string, row: SampleRow): void {
  const names = Object.keys(row);
  store.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(...Object.values(row));
}

/** What users deleted: gaps in the ids, AUTOINCREMENT marks above max(id), and relations that point nowhere. */
function deleteOldRows(store: Database.Database): void {
  store.exec(`
    DELETE FROM memory_entities WHERE id % 37 = 2 OR id > 640;
    DELETE FROM memory_tags WHERE entity_id NOT IN (SELECT id FROM memory_entities);
    DELETE FROM memory_relations WHERE id BETWEEN 700 AND 719;
    DELETE FROM decisions WHERE id IN (13, 14) OR id > 118;
    DELETE FROM pal_stress_levels WHERE id % 101 = 0;
  `);
}

if (import.meta.main) buildWidgetTdc(process.argv[2] ?? join(import.meta.dirname, 'widget-tdc.db'));
