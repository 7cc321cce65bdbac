/**
 * Builds the Conversation AI sample store: the same rows each time (no clock, no randomness but a seeded one).
 * `node samples/conversation-ai/build.ts [FILE]`; without FILE the committed `conversation_ai.db` is written anew.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { SeededRandom } from '../seeded-random.ts';
import { centres } from './embedding.ts';
import { conversationTopicRows, factRows, topicRows } from './knowledge-rows.ts';
import { partnerRows, userRows } from './people-rows.ts';
import { topics } from './phrases.ts';
import type { SampleTable } from './sample-row.ts';
import { talk } from './talk-rows.ts';

const [users, partners, conversations, facts] = [40, 60, 240, 420];

/** Writes the store to `path`, replacing what is there. */
export async function buildConversationAi(path: string): Promise<void> {
  for (const name of [path, `${path}.wal`]) rmSync(name, { force: true });
  const instance = await DuckDBInstance.create(path, {
    threads: '1',
    storage_compatibility_version: 'v1.2.0',
    default_block_size: '16384',
  });
  try {
    const connection = await instance.connect();
    try {
      await connection.run(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'));
      await connection.run('BEGIN');
      for (const table of sampleTables()) await fillTable(connection, table);
      await deleteOldRows(connection);
      await connection.run('COMMIT');
      await connection.run('CHECKPOINT');
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A generator of its own for each part, so that a change in one leaves the others as they were. */
function sampleTables(): readonly SampleTable[] {
  const meanings = centres(new SeededRandom(2000), topics.length);
  const faces = centres(new SeededRandom(2001), 5);
  const said = talk(new SeededRandom(2003), conversations, { users, partners }, meanings);
  const table = (name: SampleTable['name'], rows: SampleTable['rows'], numbered = rows.length): SampleTable => ({ name, rows, numbered });
  return [
    table('users', userRows(new SeededRandom(2004), users)),
    table('conversation_partners', partnerRows(new SeededRandom(2005), partners, users, faces)),
    table('conversations', said.conversations),
    table('messages', said.messages),
    table('topics', topicRows()),
    table('conversation_topics', conversationTopicRows(new SeededRandom(2006), said.subjects), 0),
    table('extracted_facts', factRows(new SeededRandom(2007), facts, conversations, partners)),
  ];
}

async function fillTable(connection: DuckDBConnection, { name, rows, numbered }: SampleTable): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const insert = await connection.prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  for (const row of rows) {
    insert.bind(columns.map((column) => row[column] ?? null));
    await insert.run();
  }
  if (numbered > 0) await connection.run(`SELECT max(nextval('${name}_id_seq')) FROM range(${numbered})`);
}

/** What users deleted: gaps in the ids, sequences ahead of the last id, and messages and facts of conversations that are gone. */
async function deleteOldRows(connection: DuckDBConnection): Promise<void> {
  await connection.run(`
    DELETE FROM conversations WHERE id IN (7, 101) OR id > 236;
    DELETE FROM conversation_topics WHERE conversation_id NOT IN (SELECT id FROM conversations);
    DELETE FROM messages WHERE conversation_id > 236 OR id % 97 = 0;
    DELETE FROM extracted_facts WHERE conversation_id > 236 OR id % 83 = 0;
  `);
}

if (import.meta.main) await buildConversationAi(process.argv[2] ?? join(import.meta.dirname, 'conversation_ai.db'));
