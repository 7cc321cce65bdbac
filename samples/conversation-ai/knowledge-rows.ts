import type { SeededRandom } from '../seeded-random.ts';
import { topics } from './phrases.ts';
import { storeTime, type SampleRow } from './sample-row.ts';

/** 2019-03-01T00:00:00Z */
const firstFact = 1551398400;
const confidences = [0.1, 0.25, 0.5, 0.9, 0.999, 1, null] as const;
/** Facts whose time has nanoseconds that PostgreSQL does not have, and one from before 1970. */
const oddTimes = new Map([
  [40, '2023-05-06 07:08:09.123456789'],
  [41, '2023-05-06 07:08:09.000000001'],
  [42, '2023-05-06 07:08:09.999999500'],
  [43, '1961-04-12 06:07:00'],
]);

export function topicRows(): readonly SampleRow[] {
  return topics.map(({ name }, i) => ({ id: i + 1, name }));
}

/** Its own topic, and for some a second one. */
export function conversationTopicRows(random: SeededRandom, subjects: readonly number[]): readonly SampleRow[] {
  return subjects.flatMap((subject, i) => {
    const own = { conversation_id: i + 1, topic_id: subject + 1, relevance: 1 };
    if (!random.chance(0.4)) return [own];
    const second = (subject + random.integer(1, topics.length - 1)) % topics.length;
    return [own, { conversation_id: i + 1, topic_id: second + 1, relevance: random.pick([1 / 3, 0.1, 0.7000000000000001]) }];
  });
}

export function factRows(random: SeededRandom, count: number, conversations: number, partners: number): readonly SampleRow[] {
  return Array.from({ length: count }, (_, i) => {
    const id = i + 1;
    const topic = random.pick(topics);
    return {
      id,
      conversation_id: random.integer(1, conversations),
      partner_id: random.chance(0.2) ? null : random.integer(1, partners),
      fact: `Talks about ${topic.name}: ${random.pick(topic.phrases)}`,
      confidence: random.pick(confidences),
      valid_from: oddTimes.get(id) ?? (random.chance(0.3) ? null : storeTime(firstFact + id * 86_400)),
      created_at: storeTime(firstFact + id * 90_000),
    };
  });
}
