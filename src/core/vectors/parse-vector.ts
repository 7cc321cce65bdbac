import { MigrationError } from '../errors.ts';

/** Largest finite values of pgvector's two types. */
const largest = { vector: 3.4028234663852886e38, halfvec: 65504 } as const;

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * "[0.1, -2e-3]" as people copy it: brackets and commas may be missing, line breaks do not matter.
 * Throws `bad-query-vector` for what is no list of finite numbers that the type can hold.
 */
export function parseVector(text: string, type: 'vector' | 'halfvec' = 'vector'): Float32Array {
  const words = wordsOf(text);
  if (words.length === 0) throw refused('it has no numbers');
  return Float32Array.from(words, (word, i) => {
    if (!number.test(word)) throw refused(`component ${i + 1} is ${shown(word)}, which is no finite number`);
    const value = Number(word);
    if (Math.abs(value) > largest[type]) throw refused(`component ${i + 1} is ${shown(word)}, more than a ${type} can hold`);
    return value;
  });
}

/** As pgvector reads it. Each number reads back to the same float32. */
export function formatVector(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}

export function normOf(vector: Float32Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

function wordsOf(text: string): string[] {
  const trimmed = text.trim();
  const opens = trimmed.startsWith('[');
  if (opens !== trimmed.endsWith(']')) throw refused('it has only one of its two brackets');
  const inner = (opens ? trimmed.slice(1, -1) : trimmed).trim().replace(/,$/, '').trim();
  if (inner === '') return [];
  return inner.includes(',') ? inner.split(',').map((word) => word.trim()) : inner.split(/\s+/);
}

function shown(word: string): string {
  if (word === '') return 'empty';
  return `"${word.length > 30 ? `${word.slice(0, 30)}…` : word}"`;
}

function refused(detail: string): MigrationError {
  return new MigrationError('bad-query-vector', { context: { detail } });
}
