import type { SeededRandom } from '../seeded-random.ts';
import { embeddingNear, zeroEmbedding } from './embedding.ts';
import { oddTexts, sayAbout, topics } from './phrases.ts';
import { storeTime, type SampleRow } from './sample-row.ts';

/** 2019-02-03T04:05:06Z, the first conversation. */
const firstTalk = 1549166706;
/** No conversations from 2021-01-01 until 2022-01-01: a year without rows between two that have some. */
const [pauseBegins, pauseEnds] = [1609459200, 1640995200];
/** Conversations at the very borders of years, by their id. */
const borders = new Map([
  [60, '2022-12-31 23:59:59.999999'],
  [61, '2023-01-01 00:00:00.000000'],
  [62, '2024-02-29 12:00:00.500000'],
  [63, '2023-12-31 23:30:00.000000'],
]);

export interface Talk {
  readonly conversations: readonly SampleRow[];
  readonly messages: readonly SampleRow[];
  /** Topic of each conversation, by its place. */
  readonly subjects: readonly number[];
}

interface Parties {
  readonly users: number;
  readonly partners: number;
}

/** Conversations with what was said in them; a transcript is its messages one below the other. */
export function talk(random: SeededRandom, count: number, parties: Parties, meanings: readonly Float64Array[]): Talk {
  const conversations: SampleRow[] = [];
  const messages: SampleRow[] = [];
  const subjects: number[] = [];
  for (let id = 1; id <= count; id++) {
    const subject = random.integer(0, topics.length - 1);
    const started = startOf(id);
    const said = Array.from({ length: random.integer(1, 6) }, () => say(random, subject));
    for (const { speaker, content } of said)
      messages.push(message(random, { id: messages.length + 1, conversation: id, speaker, content }, started, meanings[subject]));
    conversations.push(conversation(random, id, parties, topics[subject]?.name ?? '', transcriptOf(id, said), started));
    subjects.push(subject);
  }
  return { conversations, messages, subjects };
}

/** Second of the start: every nine days and a bit, with the pause left out. */
function startOf(id: number): number {
  const second = firstTalk + id * 800_041;
  return second < pauseBegins ? second : second + (pauseEnds - pauseBegins);
}

interface Said {
  readonly speaker: string;
  readonly content: string;
}

function say(random: SeededRandom, subject: number): Said {
  const speaker = random.pick(['user', 'user', 'partner', 'partner', 'unknown']);
  const topic = random.chance(0.9) ? topics[subject] : random.pick(topics);
  return { speaker, content: topic === undefined ? '' : sayAbout(random, topic) };
}

function message(
  random: SeededRandom,
  { id, conversation, speaker, content }: Said & { readonly id: number; readonly conversation: number },
  started: number,
  meaning: Float64Array | undefined,
): SampleRow {
  const odd = id % 90 === 1 ? oddTexts[((id - 1) / 90) % oddTexts.length] : undefined;
  // Embeddings came with a later version of the prototype, and not for everything.
  const embedding =
    id === 400 ? zeroEmbedding() : id < 300 || random.chance(0.6) || meaning === undefined ? null : embeddingNear(random, meaning, 1.6);
  return {
    id,
    conversation_id: conversation,
    speaker,
    content: id === 400 ? '' : (odd ?? content),
    embedding,
    created_at: storeTime(started + id * 7, id % 11 === 0 ? 654321 : 0),
  };
}

/** The text of a long call; some conversations have none. */
function transcriptOf(id: number, said: readonly Said[]): string | null {
  if (id === 17) return null;
  if (id === 18) return '';
  const lines = said.map(({ speaker, content }) => `${speaker}: ${content}`).join('\n');
  return id === 19 ? `${lines}\n`.repeat(400) : lines;
}

function conversation(
  random: SeededRandom,
  id: number,
  { users, partners }: Parties,
  topic: string,
  transcript: string | null,
  started: number,
): SampleRow {
  const open = random.chance(0.05);
  return {
    id,
    user_id: random.integer(1, users),
    partner_id: random.chance(0.1) ? null : random.integer(1, partners),
    title: id % 23 === 0 ? null : `About ${topic}`,
    transcript,
    started_at: storeTime(started),
    ended_at: open ? null : storeTime(started + random.integer(20, 5_000)),
    created_at: borders.get(id) ?? storeTime(started, id % 4 === 0 ? 250000 : 0),
  };
}
