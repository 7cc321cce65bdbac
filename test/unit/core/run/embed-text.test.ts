import assert from 'node:assert/strict';
import type { EngineDeps } from '../../../../src/core/engine-deps.ts';
import { embedText } from '../../../../src/core/run/embed-text.ts';
import { startEmbeddingServer, type EmbeddingServer } from '../../../helpers/embedding-server.ts';
import { embedByWords, wordDimensions } from '../../../helpers/word-vectors.ts';

const apiKey = 'sk-query-key';

describe('embedText', () => {
  let server: EmbeddingServer;
  let said: string[];
  let deps: EngineDeps;
  const signal = new AbortController().signal;
  const say = (line: string): void => void said.push(line);

  beforeEach(async () => {
    server = await startEmbeddingServer();
    said = [];
    deps = {
      clock: { now: () => Date.now(), elapsed: () => performance.now() },
      log: { debug: say, info: say, warn: say, error: say },
    } as unknown as EngineDeps;
  });
  afterEach(() => server.close());

  const ask = (text: string, key: string | null = apiKey) =>
    embedText({ endpoint: { address: server.url, model: 'small', apiKey: key }, text, signal }, deps);

  it('gives the vector of the model', async () => {
    const { vector, dimensions } = await ask('water main burst');
    assert.equal(dimensions, wordDimensions);
    assert.deepEqual(vector, Float32Array.from(embedByWords('water main burst')!));
    assert.deepEqual(server.asked, [
      { path: '/v1/embeddings', authorization: `Bearer ${apiKey}`, model: 'small', input: ['water main burst'] },
    ]);
  });

  it('sends no key where there is none', async () => {
    await ask('water', null);
    assert.equal(server.asked[0]!.authorization, undefined);
  });

  it('asks nobody for an empty text', async () => {
    await assert.rejects(ask('  \n'), { code: 'bad-usage' });
    assert.equal(server.asked.length, 0);
  });

  it('says that the key is refused, in words without it', async () => {
    server.faults.push({ kind: 'status', status: 401, body: JSON.stringify({ error: { message: `Incorrect API key: ${apiKey}` } }) });
    await assert.rejects(ask('water'), (error: Error & { code: string; remedy: string }) => {
      assert.equal(error.code, 'embedding-key-refused');
      assert.match(error.remedy, /Set Embedding Endpoint/);
      assert.doesNotMatch(JSON.stringify([error.message, error, said]), new RegExp(apiKey));
      return true;
    });
  });
});
