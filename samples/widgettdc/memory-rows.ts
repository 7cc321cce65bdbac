import type { SeededRandom } from '../seeded-random.ts';
import { firstSecond, isoTime, organisations, sentence, sqliteTime, topics, type SampleRow } from './sample-row.ts';

const dimensions = 384;
const entityCount = 660;

/** Texts that a careless loader cuts, unescapes or takes for NULL. */
const awkwardTexts = [
  '',
  ' ',
  '\\N',
  '\\.',
  'line one\r\nline two\r\n',
  'tab\there\tand\tthere',
  'back\\slash \\t \\n \\x41',
  '"quoted", \'single\' and ; semicolon',
  '🚀 emoji, e\u0301 combining, 👩‍👩‍👧 joined',
  'שלום עולם و مرحبا',
  '\u0001 control \u001f',
  'trailing spaces   ',
  'NULL',
  'null',
  '\ufeffbyte order mark',
  'a\\.\nb\n\\.\nc',
];

/** Metadata whose numbers, escapes or shape a careless JSON path changes. */
const awkwardMetadata = [
  '{}',
  '[]',
  '{"nothing": null}',
  '[true, "plain text"]',
  '{"nested": [{"a": {"b": [{}]}}]}',
  '[1, 2, [3, [4, [5]]]]',
  '{"big": 9007199254740993, "small": -9223372036854775808}',
  '{"price": 1.10, "rate": 0.1000000000000000055, "exp": 1e5, "tiny": 1.5E-7, "minus_zero": -0.0}',
  '{"escaped": "caf\\u00e9 \\ud83d\\ude80 \\" \\\\ \\/ \\n\\t"}',
  '{"ключ": "значение", "": "empty key", "a.b": {"c": [true, false, null]}}',
  '  { "spaced" :\n [ 1 , 2 ]\t}  ',
  '{"long": 123456789012345678901234567890.123456789}',
];

export function* memoryEntities(random: SeededRandom): Generator<SampleRow> {
  const centres = topics.map(() => direction(random));
  for (let id = 1; id <= entityCount; id++) {
    const topic = random.integer(0, topics.length - 1);
    const created = firstSecond + id * 7919;
    yield {
      org_id: random.pick(organisations),
      text: awkwardTexts[id - 20] ?? (id === 90 ? null : `${sentence(random)} #${topics[topic]}`),
      metadata: awkwardMetadata[id - 40] ?? metadata(random, topics[topic] as string),
      embedding: random.chance(0.2) ? null : embedding(random, centres[topic] as Float64Array),
      created_at: entityTime(id, created),
      updated_at: updateTime(random, id, created),
    };
  }
}

/** Before 1970, a date without a time, another zone, microseconds; else as SQLite's CURRENT_TIMESTAMP writes it. */
function entityTime(id: number, created: number): string {
  const oddTimes: Readonly<Record<number, string>> = {
    3: '1969-07-20 20:17:40',
    4: '1901-02-03T04:05:06Z',
    6: '2024-02-29',
    7: '2024-03-31T02:30:00+02:00',
    8: '2024-06-01 10:00:00.123456',
    9: '2038-01-19 03:14:08',
    10: '0999-12-31 23:59:59',
  };
  return oddTimes[id] ?? sqliteTime(created);
}

function updateTime(random: SeededRandom, id: number, created: number): string | null {
  // Three rows that a form wrote with an empty field.
  if (id === 15 || id === 16 || id === 17) return '';
  return random.chance(0.4) ? isoTime(created + random.integer(1, 900000)) : null;
}

function metadata(random: SeededRandom, topic: string): string | null {
  if (random.chance(0.1)) return null;
  const confidence = random.integer(0, 100) / 100;
  const facts = {
    topic,
    confidence,
    importance: random.integer(1, 5),
    agent: { name: random.pick(['pal', 'evolve', 'srag']), version: `1.${random.integer(0, 9)}` },
  };
  return JSON.stringify(random.chance(0.3) ? { ...facts, refs: [random.integer(1, 600), random.integer(1, 600)] } : facts);
}

/** Near the centre of its topic, length 1, little-endian float32. */
function embedding(random: SeededRandom, centre: Float64Array): Uint8Array {
  const noise = direction(random);
  const mixed = centre.map((x, i) => x + 0.6 * (noise[i] as number));
  const length = Math.sqrt(mixed.reduce((sum, x) => sum + x * x, 0));
  const bytes = new DataView(new ArrayBuffer(dimensions * 4));
  mixed.forEach((x, i) => bytes.setFloat32(i * 4, x / length, true));
  return new Uint8Array(bytes.buffer);
}

function direction(random: SeededRandom): Float64Array {
  const vector = new Float64Array(dimensions).map(() => random.fraction() + random.fraction() - 1);
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return vector.map((x) => x / length);
}

/** Strengths outside numeric(3,2): too large, or with more than two places. */
const oddStrengths: readonly (number | null)[] = [12.5, 0.333333333, 100, -10.25, 0.0000001, 9.999, 10, null, 99.99, 0.125];

const relationTypes = ['related_to', 'causes', 'contradicts', 'follows', 'mentions', 'part-of', ''];

export function* memoryRelations(random: SeededRandom): Generator<SampleRow> {
  for (let id = 1; id <= 1200; id++) {
    yield {
      // Entities that are deleted later, or never were, leave orphans behind.
      source_id: id % 400 === 0 ? 90000 + id : random.integer(1, entityCount),
      target_id: random.chance(0.02) ? null : random.integer(1, entityCount),
      relation_type: id === 12 ? 'r'.repeat(100) : random.pick(relationTypes),
      strength:
        id % 100 === 50 ? (oddStrengths[Math.floor(id / 100) % oddStrengths.length] as number | null) : random.integer(0, 100) / 100,
    };
  }
}

const tagWords = ['urgent', 'Urgent', 'follow-up', 'kunde', 'préférence', '優先', '🔥', 'tag with space', '#hash', 'a/b', '007'];

export function* memoryTags(random: SeededRandom): Generator<SampleRow> {
  for (let id = 1; id <= 1500; id++) {
    // Exactly 100 characters, most of them two UTF-16 units: varchar(100) counts characters.
    const tag = id === 77 ? 'x' + '🔥'.repeat(99) : random.pick([...tagWords, ...topics]);
    yield { entity_id: random.integer(1, entityCount), tag };
  }
}
