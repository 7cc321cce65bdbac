import type { SeededRandom } from '../seeded-random.ts';
import { embeddingNear } from './embedding.ts';
import { storeTime, type SampleRow } from './sample-row.ts';

const firstNames = ['Anna', 'Bo', 'Chloë', 'Dmitri', 'Eşref', 'Fatou', 'Grace', 'Hiro', 'Iñaki', 'Jürgen', '明', 'Łucja'] as const;
const lastNames = ['Berg', "O'Brien", 'García', 'Nowak', 'van der Meer', 'Öz', '佐藤', 'Smith-Jones'] as const;
const relationships = ['friend', 'sister', 'colleague', 'mother', 'neighbour', 'ex', '', null] as const;

/** 2018-05-01T00:00:00Z */
const firstSignUp = 1525132800;

export function userRows(random: SeededRandom, count: number): readonly SampleRow[] {
  return Array.from({ length: count }, (_, i) => {
    const id = i + 1;
    const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`;
    const email = random.chance(0.2) ? null : `user${id}${id % 7 === 0 ? '+test' : ''}@example.org`;
    return { id, name, email, created_at: storeTime(firstSignUp + id * 1_234_567, id % 5 === 0 ? 123456 : 0) };
  });
}

/** A third of them have a picture, and so an embedding of it. */
export function partnerRows(random: SeededRandom, count: number, users: number, faces: readonly Float64Array[]): readonly SampleRow[] {
  return Array.from({ length: count }, (_, i) => {
    const id = i + 1;
    return {
      id,
      user_id: random.integer(1, users),
      name: `${random.pick(firstNames)} ${random.pick(lastNames)}`,
      relationship: random.pick(relationships),
      image_embedding: random.chance(0.35) ? embeddingNear(random, random.pick(faces), 1) : null,
      created_at: storeTime(firstSignUp + id * 987_654, id % 3 === 0 ? 1 : 0),
    };
  });
}
