import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly created_at: string;
  readonly messages: readonly { readonly role: string; readonly content: string; readonly score: number }[];
}

/** Documents of one folder. */
const each = 1_000;

/** A tree `<user>/<id>.json` of documents, each a conversation with up to three messages of so many words. */
export function writeTree(root: string, documents: number, words: number): void {
  const folders = Math.max(2, Math.ceil(documents / each));
  for (let folder = 0; folder < folders; folder++) mkdirSync(join(root, `user_${folder}`), { recursive: true });
  for (let number = 0; number < documents; number++) {
    const id = `c${String(number).padStart(7, '0')}`;
    writeFileSync(join(root, `user_${number % folders}`, `${id}.json`), JSON.stringify(conversation(id, number, words), null, 1));
  }
}

function conversation(id: string, number: number, words: number): Conversation {
  const messages = Array.from({ length: number % 4 }, (_, position) => ({
    role: position % 2 === 0 ? 'user' : 'assistant',
    content: `message ${position} of "${number}", ünïcödé 🎉 ${'lorem '.repeat(words)}`,
    score: position / 7,
  }));
  return { id, title: `Conversation ${number}`, created_at: new Date(1.7e12 + number * 1000).toISOString(), messages };
}

/** Rows of both tables: how many, and the order-free sum of their hashes. */
export interface TreeContent {
  readonly documents: readonly [rows: number, sum: string];
  readonly messages: readonly [rows: number, sum: string];
}

/** What the files hold, by JSON.parse and readdir, which share nothing with Sluice. */
export function contentOfTree(root: string): TreeContent {
  const [documents, messages] = [new Summed(), new Summed()];
  for (const folder of readdirSync(root))
    for (const file of readdirSync(join(root, folder))) {
      const { id, title, created_at, messages: own } = JSON.parse(readFileSync(join(root, folder, file), 'utf8')) as Conversation;
      documents.add([folder, file.replace('.json', ''), id, title, created_at]);
      for (const [position, { role, content, score }] of own.entries()) messages.add([id, position, role, content, String(score)]);
    }
  return { documents: documents.total, messages: messages.total };
}

/** What the target holds, by psql. `base`: table of the documents. */
export async function contentOfTarget(psql: (sql: string) => Promise<string>, base: string): Promise<TreeContent> {
  const time = `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const documents = await psql(`SELECT json_build_array(folder, file, id, title, ${time}) FROM ${base}`);
  const messages = await psql(`SELECT json_build_array(${base}_id, position, role, content, score::text) FROM messages`);
  return { documents: summedLines(documents), messages: summedLines(messages) };
}

function summedLines(text: string): readonly [number, string] {
  const summed = new Summed();
  for (const line of text.split('\n')) if (line !== '') summed.add(JSON.parse(line) as unknown[]);
  return summed.total;
}

class Summed {
  #rows = 0;
  #sum = 0n;

  add(row: readonly unknown[]): void {
    this.#rows++;
    this.#sum += createHash('sha256').update(JSON.stringify(row)).digest().readBigUInt64LE();
  }

  get total(): readonly [number, string] {
    return [this.#rows, String(this.#sum)];
  }
}
