/**
 * Builds the Council sample store, a tree of JSON files: the same bytes each time (no clock, no randomness but a seeded one).
 * `node samples/council/build.ts [FOLDER]`; without FOLDER the committed `data` and `usage` are written anew.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SeededRandom } from '../seeded-random.ts';
import { conversationsOf, type StoredConversation } from './conversations.ts';
import { cutShort, idOfTwoUsers, oddConversations, withExactNumbers } from './odd-files.ts';
import { usageOf } from './usage.ts';

const users = ['ada', 'björn', 'chen.wei', 'dalia', 'emeka', 'fatima', 'guest-0017', 'hana', 'ivo', 'jun'] as const;

/** Writes `data` and `usage` into `folder`, replacing what is there. */
export function buildCouncil(folder: string): void {
  for (const part of ['data', 'usage']) rmSync(join(folder, part), { recursive: true, force: true });
  for (const [number, user] of users.entries()) {
    // A generator of its own for each user, so that a change in one leaves the others as they were.
    const conversations = conversationsOf(new SeededRandom(3000 + number), user, 9);
    for (const conversation of conversations) writeConversation(folder, user, conversation);
    writeText(
      join(folder, 'usage', `${user}.json`),
      JSON.stringify(usageOf(new SeededRandom(3100 + number), user, conversations.length), null, 2),
    );
  }
  for (const conversation of oddConversations('ada')) writeConversation(folder, 'ada', conversation);
  // Somebody copied a conversation to a colleague by hand.
  for (const user of ['hana', 'jun']) writeConversation(folder, user, idOfTwoUsers(user));
  const { name, text } = cutShort;
  writeText(join(folder, 'data', 'ivo', name), text);
}

function writeConversation(folder: string, user: string, conversation: StoredConversation): void {
  // Early versions wrote without blanks.
  const indent = conversation.id.startsWith('0') ? undefined : 2;
  writeText(join(folder, 'data', user, `${conversation.id}.json`), withExactNumbers(JSON.stringify(conversation, null, indent)));
}

function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

if (import.meta.main) buildCouncil(process.argv[2] ?? import.meta.dirname);
