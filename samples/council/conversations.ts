import type { SeededRandom } from '../seeded-random.ts';
import { answers, models, questions } from './phrases.ts';

export interface StoredConversation {
  readonly id: string;
  readonly user_id?: string;
  readonly title?: string | null;
  readonly created_at?: string;
  readonly messages: readonly StoredMessage[];
}

export type StoredMessage =
  | { readonly role: 'user'; readonly content?: string | null }
  | {
      readonly role: 'assistant';
      readonly stage1: readonly { readonly model: string; readonly response: string }[];
      readonly stage2: readonly { readonly model: string; readonly ranking: string; readonly parsed_ranking: readonly string[] }[];
      readonly stage3: { readonly model: string; readonly response: string };
      readonly metadata?: object;
    };

/** 2024-11-03T08:15:00Z */
const firstDay = Date.UTC(2024, 10, 3, 8, 15);

/** What one user asked the council, oldest first. */
export function conversationsOf(random: SeededRandom, user: string, count: number): readonly StoredConversation[] {
  return Array.from({ length: count }, (_, number) => {
    const question = random.pick(questions);
    const started = firstDay + number * 86_400_000 * 9 + random.integer(0, 80_000) * 1_000 + random.integer(0, 999);
    return {
      id: uuidOf(random),
      user_id: user,
      title: question.title,
      // Python's isoformat(): microseconds, and no zone in the early files.
      created_at: `${new Date(started).toISOString().slice(0, -1)}${random.integer(0, 999).toString().padStart(3, '0')}${number < 3 ? '' : '+00:00'}`,
      messages: Array.from({ length: random.integer(1, 3) }, (_, turn) => [
        { role: 'user' as const, content: turn === 0 ? question.text : random.pick(questions).text },
        deliberate(random),
      ]).flat(),
    };
  });
}

/** Three stages: everybody answers, everybody ranks the answers, one of them sums up. */
function deliberate(random: SeededRandom): StoredMessage {
  const council = models.filter(() => random.chance(0.8));
  const present = council.length === 0 ? models.slice(0, 1) : council;
  const labels = present.map((_, i) => `Response ${String.fromCharCode(65 + i)}`);
  const scores = present.map((model) => ({ model, average_rank: random.integer(10, 40) / 10, rankings_count: present.length }));
  return {
    role: 'assistant',
    stage1: present.map((model) => ({ model, response: random.pick(answers) })),
    stage2: present.map((model) => {
      const order = labels.toSorted(() => random.fraction() - 0.5);
      return { model, ranking: `FINAL RANKING:\n${order.map((label, i) => `${i + 1}. ${label}`).join('\n')}`, parsed_ranking: order };
    }),
    stage3: { model: random.pick(models), response: random.pick(answers) },
    metadata: { label_to_model: Object.fromEntries(labels.map((label, i) => [label, present[i]])), aggregate_rankings: scores },
  };
}

/** As `uuid.uuid4()` prints them. */
function uuidOf(random: SeededRandom): string {
  const hex = Array.from({ length: 4 }, () => random.bits().toString(16).padStart(8, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
