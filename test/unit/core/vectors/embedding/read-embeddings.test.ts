import assert from 'node:assert/strict';
import { MigrationError } from '../../../../../src/core/errors.ts';
import { readEmbeddings } from '../../../../../src/core/vectors/embedding/read-embeddings.ts';

describe('answers of an embedding endpoint', () => {
  const answer = (data: unknown, rest: object = {}): string => JSON.stringify({ data, ...rest });
  const entry = (index: number | undefined, ...embedding: readonly unknown[]): object => ({ index, embedding });

  it('are ordered by their index, or by their place where there is none', () => {
    const found = readEmbeddings(answer([entry(1, 3, 4), entry(0, 1, 2.5)], { usage: { total_tokens: 9 } }), 2);
    assert.deepEqual(
      [found.vectors.map((vector) => [...vector]), found.tokens],
      [
        [
          [1, 2.5],
          [3, 4],
        ],
        9,
      ],
    );
    const plain = readEmbeddings(answer([entry(undefined, 1), entry(undefined, 2)]), 2);
    assert.deepEqual([plain.vectors.map((vector) => [...vector]), plain.tokens], [[[1], [2]], null]);
  });

  const faults: readonly (readonly [body: string, code: string, words: RegExp])[] = [
    ['', 'embedding-answer-malformed', /it is empty/],
    ['<html>', 'embedding-answer-malformed', /not JSON/],
    ['null', 'embedding-answer-malformed', /no list "data"/],
    ['{"data":{}}', 'embedding-answer-malformed', /no list "data"/],
    [answer([entry(0, 1)]), 'embedding-answer-malformed', /1 embeddings for 2 texts/],
    [answer([entry(0, 1), entry(0, 1)]), 'embedding-answer-malformed', /two embeddings with the index 0/],
    [answer([entry(0, 1), entry(2, 1)]), 'embedding-answer-malformed', /index of its entry 2/],
    [answer([entry(0, 1), entry(0.5, 1)]), 'embedding-answer-malformed', /index of its entry 2/],
    [answer([entry(0, 1), null]), 'embedding-answer-malformed', /text 2 is no list/],
    [answer([entry(0, 1), { index: 1, embedding: 'AACAPw==' }]), 'embedding-answer-malformed', /text 2 is no list/],
    [answer([entry(0, 1), entry(1)]), 'embedding-answer-malformed', /text 2 is empty/],
    [answer([entry(0, 1), entry(1, '1')]), 'embedding-answer-malformed', /component 1 .* no number/],
    [answer([entry(0, 1), entry(1, 1, 2)]), 'embedding-answer-malformed', /different lengths \(1 and 2\)/],
    [answer([entry(0, 1), entry(1, null)]), 'embedding-not-finite', /is null/],
    [answer([entry(0, 1), entry(1, 1e39)]), 'embedding-not-finite', /float32/],
    ['{"data":[{"index":0,"embedding":[1, NaN, 2]}]}', 'embedding-not-finite', /is NaN/],
    ['{"data":[{"index":0,"embedding":[-Infinity]}]}', 'embedding-not-finite', /is -Infinity/],
  ];
  for (const [body, code, words] of faults) {
    it(body.slice(0, 70) || '(empty)', () =>
      assert.throws(
        () => readEmbeddings(body, 2),
        (error) => error instanceof MigrationError && error.code === code && words.test(error.message),
      ),
    );
  }
});
