import assert from 'node:assert/strict';
import { MigrationError } from '../../../src/core/errors.ts';
import type { PanelDeps } from '../../../src/panels/panel-deps.ts';
import { TextQueries } from '../../../src/panels/text-queries.ts';

const column = { schema: 'public', table: 'notes', column: 'embedding' };
const { signal } = new AbortController();

/** An endpoint that gives two dimensions, and what it was asked. */
function endpoint(model: string, address: string | null = 'http://127.0.0.1:11434/v1/embeddings') {
  const asked: string[] = [];
  const deps = {
    embedding: {
      endpoint: address === null ? null : { address, exposed: false },
      model,
      access: (wanted: { model?: string } = {}) =>
        address === null
          ? Promise.reject(new MigrationError('no-embedding-endpoint', { context: { what: 'endpoint' } }))
          : Promise.resolve({ address, model: wanted.model ?? model, apiKey: null }),
    },
    engines: {
      browse: (method: string, params: { endpoint: { model: string }; text: string }) => {
        asked.push(`${method} ${params.endpoint.model}: ${params.text}`);
        return Promise.resolve({ vector: Float32Array.of(0.5, params.text.length), dimensions: 2 });
      },
    },
  } as unknown as Pick<PanelDeps, 'embedding' | 'engines'>;
  return { deps, asked };
}

describe('texts that a panel searches with', () => {
  it('are sent once as long as they stay, to the model of the plan before that of the settings', async () => {
    const { deps, asked } = endpoint('usual');
    let planned: string | null = null;
    const texts = new TextQueries(deps, column, () => planned);
    const ask = (text: string) => texts.vectorOf(text, () => Promise.resolve(2), signal);
    assert.deepEqual(await ask('water'), { kind: 'vector', vector: '[0.5,5]' });
    assert.deepEqual(await ask('water'), { kind: 'vector', vector: '[0.5,5]' });
    await ask('fire');
    await ask('water');
    planned = 'of the plan';
    await ask('water');
    assert.deepEqual(asked, ['embedText usual: water', 'embedText usual: fire', 'embedText usual: water', 'embedText of the plan: water']);
    assert.deepEqual(texts.endpoint(), { origin: 'http://127.0.0.1:11434', model: 'of the plan', exposed: false });
  });

  it('go nowhere when the column cannot be read', async () => {
    const { deps, asked } = endpoint('usual');
    const texts = new TextQueries(deps, column, () => null);
    await assert.rejects(
      texts.vectorOf('water', () => Promise.reject(new MigrationError('no-such-target-table')), signal),
      (error) => error instanceof MigrationError && error.code === 'no-such-target-table',
    );
    assert.deepEqual(asked, []);
  });

  it('of another model are refused, and not remembered', async () => {
    const { deps, asked } = endpoint('usual');
    const texts = new TextQueries(deps, column, () => null);
    for (let i = 0; i < 2; i++)
      await assert.rejects(
        texts.vectorOf('water', () => Promise.resolve(384), signal),
        /Model "usual" gives vectors of 2 dimensions, and column "embedding" of public\.notes is made for those of 384/,
      );
    assert.equal(asked.length, 2);
    assert.deepEqual(await texts.vectorOf('water', () => Promise.resolve(0), signal), { kind: 'vector', vector: '[0.5,5]' });
  });

  it('have nowhere to go without an endpoint or a model', async () => {
    assert.equal(new TextQueries(endpoint('usual', null).deps, column, () => null).endpoint(), null);
    assert.equal(new TextQueries(endpoint('').deps, column, () => null).endpoint(), null);
    await assert.rejects(
      new TextQueries(endpoint('usual', null).deps, column, () => null).vectorOf('water', () => Promise.resolve(2), signal),
    );
  });
});
