import assert from 'node:assert/strict';
import { MigrationError } from '../../../../../src/core/errors.ts';
import { parseEndpoint } from '../../../../../src/core/vectors/embedding/embedding-endpoint.ts';

describe('address of an embedding endpoint', () => {
  const taken: readonly (readonly [text: string, address: string, exposed: boolean])[] = [
    ['http://localhost:11434/v1', 'http://localhost:11434/v1/embeddings', false],
    ['http://127.0.0.1:1234/v1/', 'http://127.0.0.1:1234/v1/embeddings', false],
    ['http://[::1]:8080', 'http://[::1]:8080/embeddings', false],
    ['http://127.1', 'http://127.0.0.1/embeddings', false],
    ['https://api.example/v1/embeddings', 'https://api.example/v1/embeddings', false],
    ['http://10.0.0.5:8080/v1', 'http://10.0.0.5:8080/v1/embeddings', true],
    ['http://127.0.0.1.example/v1', 'http://127.0.0.1.example/v1/embeddings', true],
    ['http://localhost.example', 'http://localhost.example/embeddings', true],
  ];
  for (const [text, address, exposed] of taken) it(text, () => assert.deepEqual(parseEndpoint(text), { address, exposed }));

  const refused: readonly (readonly [text: string, reason: RegExp])[] = [
    ['127.0.0.1:8080', /http:\/\/ or https:\/\//],
    ['ftp://host/v1', /http:\/\/ or https:\/\//],
    ['https://hunter2@host/v1', /user name or a password/],
    ['https://user:hunter2@host/v1', /user name or a password/],
    ['https://host/v1?key=hunter2', /query or a fragment/],
    ['https://host/v1#hunter2', /query or a fragment/],
  ];
  for (const [text, reason] of refused) {
    it(`refuses ${text}`, () => {
      assert.throws(
        () => parseEndpoint(text),
        (error) => error instanceof MigrationError && error.code === 'bad-embedding-endpoint' && reason.test(error.message),
      );
      assert.throws(
        () => parseEndpoint(text),
        (error) => !JSON.stringify(error).includes('hunter2'),
      );
    });
  }
});
