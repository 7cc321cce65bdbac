import assert from 'node:assert/strict';
import { endpointError, secondsToWait } from '../../../../../src/core/vectors/embedding/endpoint-error.ts';

const asked = { address: 'http://127.0.0.1/v1/embeddings', model: 'm', key: 'sk-secret', now: Date.parse('2026-01-01T00:00:00Z') };

describe('what an endpoint refuses', () => {
  /** Status, body, code, kind, and what the message says; after the answers of the servers named. */
  const answers: readonly (readonly [status: number, body: string, code: string, kind: string, words: RegExp])[] = [
    [
      401,
      '{"error":{"message":"Incorrect API key provided: sk-secret.","code":"invalid_api_key"}}',
      'embedding-key-refused',
      'terminal',
      /provided: …\.$/,
    ],
    [403, '', 'embedding-key-refused', 'terminal', /refuses the key \(status 403\)\.$/],
    [404, '{"error":{"message":"model \\"m\\" not found, try pulling it first"}}', 'no-such-embedding-model', 'terminal', /pulling it/],
    [
      404,
      '{"error":{"message":"The model `m` does not exist","code":"model_not_found"}}',
      'no-such-embedding-model',
      'terminal',
      /no model "m"/,
    ],
    [400, '{"error":"No models loaded. Please load a model"}', 'no-such-embedding-model', 'terminal', /No models loaded/],
    [404, '404 page not found', 'embedding-endpoint-wrong', 'terminal', /404 page not found/],
    [405, '', 'embedding-endpoint-wrong', 'terminal', /status 405/],
    [400, '{"error":{"message":"This model\'s maximum context length is 8192 tokens"}}', 'embedding-text-refused', 'row', /8192 tokens/],
    [
      413,
      '{"error":"batch size 64 > maximum allowed batch size 32","error_type":"Validation"}',
      'embedding-text-refused',
      'row',
      /batch size/,
    ],
    [422, '{"detail":[{"loc":["body"]}]}', 'embedding-text-refused', 'row', /status 422/],
    [429, '{"message":"slow down"}', 'embedding-endpoint-busy', 'transient', /slow down/],
    [429, '{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}', 'embedding-endpoint-busy', 'terminal', /quota/],
    [500, 'null', 'embedding-endpoint-busy', 'transient', /status 500/],
    [502, '<html>sk-secret</html>', 'embedding-endpoint-busy', 'transient', /status 502\)\.$/],
  ];
  for (const [status, body, code, kind, words] of answers) {
    it(`${status} ${body.slice(0, 60)}`, () => {
      const error = endpointError({ status, body, retryAfter: null, location: null }, asked);
      assert.deepEqual([error.code, error.kind], [code, kind]);
      assert.match(error.message, words);
      assert.ok(!JSON.stringify([error.message, error.context]).includes('sk-secret'));
    });
  }

  it('tells a key that is missing from one that is wrong', () => {
    assert.match(
      endpointError({ status: 401, body: '', retryAfter: null, location: null }, { ...asked, key: null }).message,
      /asks for a key/,
    );
  });

  it('reads Retry-After as seconds and as a date', () => {
    const { now } = asked;
    assert.deepEqual(
      ['7', ' 0.5 ', 'Thu, 01 Jan 2026 00:01:30 GMT', 'Wed, 31 Dec 2025 00:00:00 GMT', 'soon', null].map((text) =>
        secondsToWait(text, now),
      ),
      [7, 0.5, 90, 0, null, null],
    );
  });
});
