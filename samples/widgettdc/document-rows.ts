import type { SeededRandom } from '../seeded-random.ts';
import { firstSecond, isoTime, organisations, sentence, sqliteTime, topics, type SampleRow } from './sample-row.ts';

const documentCount = 160;

export function* rawDocuments(random: SeededRandom): Generator<SampleRow> {
  for (let id = 1; id <= documentCount; id++) {
    const ingested = firstSecond + id * 50021;
    yield {
      org_id: random.pick(organisations),
      // Exactly 500 characters: one more and varchar(500) refuses.
      title: id === 31 ? 'ü'.repeat(500) : id === 32 ? null : `${random.pick(topics)} notes ${id}`,
      content: documentText(random, id),
      source: random.pick(['slack', 'e-mail', 'https://example.org/wiki?id=1&x=ø', 'upload:C:\\docs\\new.txt', null]),
      ingested_at: id % 3 === 0 ? isoTime(ingested) : sqliteTime(ingested),
    };
  }
}

function documentText(random: SeededRandom, id: number): string | null {
  if (id === 50) return longText(random, 100_000);
  if (id === 51) return '';
  if (id === 52) return null;
  if (id === 53) return 'col a\tcol b\r\n1\t2\r\n\\N\t\\N\r\n\\.\r\n';
  const sentences: string[] = [];
  for (let i = random.integer(1, 6); i > 0; i--) sentences.push(sentence(random));
  return sentences.join('\n');
}

/** At least `length` characters, among them ones of one to four bytes. */
function longText(random: SeededRandom, length: number): string {
  let text = '';
  while (text.length < length) text += `${sentence(random)} æøå €\u{1f4be}\n`;
  return text;
}

export function* structuredFacts(random: SeededRandom): Generator<SampleRow> {
  for (let id = 1; id <= 900; id++) {
    yield {
      org_id: random.pick(organisations),
      subject: id === 5 ? 's'.repeat(500) : `${random.pick(['user', 'order', 'Order', 'service'])}:${random.integer(1, 200)}`,
      predicate: random.pick(['owns', 'depends on', 'has_status', 'is a', 'prefers']),
      object: factObject(random, id),
      doc_id: random.chance(0.1) ? null : random.integer(1, documentCount),
    };
  }
}

/** Texts that look like numbers, dates or truth values and must stay texts. */
function factObject(random: SeededRandom, id: number): string | null {
  const lookAlikes = ['00123', '1e5', '+1', '3.10', 'true', '2024-02-30', '{bad json', '0x1F', 'NaN', '-0'];
  if (id % 60 === 0) return null;
  if (id % 61 === 0) return '';
  return random.chance(0.2)
    ? random.pick(lookAlikes)
    : random.pick(['active', 'retired', `widget ${random.integer(1, 50)}`, 'dansk: blåbærgrød']);
}
