import assert from 'node:assert/strict';
import { SecretMask } from '../../../../src/host/engines/secret-mask.ts';
import { EmbeddingSettings } from '../../../../src/host/embedding/embedding-settings.ts';
import { FakeMemory, FakeSecrets } from '../../../helpers/fake-engines.ts';

const key = 'sk-Zx91-not-to-be-seen';
const local = 'http://127.0.0.1:11434/v1';

describe('the embedding endpoint of a user', () => {
  let settings: { endpoint: string; model: string };
  let memory: FakeMemory;
  let secrets: FakeSecrets;
  let trusted: boolean;
  let embedding: EmbeddingSettings;

  beforeEach(() => {
    settings = { endpoint: '', model: '' };
    trusted = true;
    [memory, secrets] = [new FakeMemory(), new FakeSecrets()];
    embedding = new EmbeddingSettings({
      endpoint: () => settings.endpoint,
      model: () => settings.model,
      saveSettings: async (endpoint, model) => void (settings = { endpoint, model }),
      secrets,
      memory,
      isAllowed: () => trusted,
    });
  });

  it('is none until one is set', async () => {
    assert.equal(embedding.endpoint, null);
    await assert.rejects(embedding.access(), { code: 'no-embedding-endpoint', message: 'No endpoint for embeddings is set.' });
    settings.endpoint = local;
    await assert.rejects(embedding.access(), { code: 'no-embedding-endpoint', message: 'No model for embeddings is set.' });
    assert.equal((await embedding.access({ model: 'planned' })).model, 'planned');
  });

  it('is given with its key, and tells when it changes', async () => {
    let told = 0;
    embedding.onDidChange(() => (told += 1));
    await embedding.save({ endpoint: local, model: 'small', key });
    assert.equal(told, 1);
    assert.deepEqual(await embedding.access(), { address: `${local}/embeddings`, model: 'small', apiKey: key });
    assert.deepEqual(embedding.endpoint, { address: `${local}/embeddings`, exposed: false });
  });

  it('gives the key to the origin that it was saved for, whatever the settings say later', async () => {
    await embedding.save({ endpoint: local, model: 'small', key });
    for (const other of ['http://127.0.0.1:11435/v1', 'https://127.0.0.1:11434/v1', 'http://127.0.0.1.evil.example:11434/v1']) {
      settings.endpoint = other;
      assert.equal((await embedding.access()).apiKey, null, other);
      assert.equal(await embedding.hasKey(other), false);
    }
    settings.endpoint = 'http://127.0.0.1:11434/another/path';
    assert.equal((await embedding.access()).apiKey, key);
  });

  it('keeps the key in the secret storage alone', async () => {
    await embedding.save({ endpoint: local, model: 'small', key });
    assert.deepEqual([...secrets.values], [['sluice.embeddingKey.http://127.0.0.1:11434', key]]);
    assert.deepEqual([...memory.values], [['sluice.embeddingKeyOrigins', ['http://127.0.0.1:11434']]]);
    const shown = JSON.stringify([settings, [...memory.values], embedding.endpoint, embedding.model, embedding.keyOrigins, embedding]);
    assert.doesNotMatch(shown, new RegExp(key));
  });

  it('masks the key in whatever an engine says', async () => {
    await embedding.save({ endpoint: local, model: 'small', key });
    const mask = new SecretMask();
    mask.learn({ endpoint: await embedding.access(), text: 'a text' });
    assert.equal(mask.apply(`refused ${key} for a text`), 'refused *** for a text');
    assert.equal(new SecretMask().apply(`authorization: Bearer ${key}, {"apiKey":"${key}"}`), 'authorization: Bearer ***, {"apiKey":***}');
  });

  it('refuses an address that holds a secret, without repeating it, and keeps nothing of it', async () => {
    for (const endpoint of [`http://user:${key}@127.0.0.1/v1`, `http://127.0.0.1/v1?key=${key}`]) {
      await assert.rejects(embedding.save({ endpoint, model: 'small', key }), (error: Error & { code: string }) => {
        assert.equal(error.code, 'bad-embedding-endpoint');
        assert.doesNotMatch(error.message, new RegExp(key));
        return true;
      });
    }
    assert.deepEqual([settings.endpoint, [...secrets.values], [...memory.values]], ['', [], []]);
  });

  it('keeps the key when only the model changes, and forgets it when asked', async () => {
    await embedding.save({ endpoint: local, model: 'small', key });
    await embedding.save({ endpoint: local, model: 'large', key: null });
    assert.equal((await embedding.access()).apiKey, key);
    await embedding.forgetKey('http://127.0.0.1:11434');
    assert.equal((await embedding.access()).apiKey, null);
    assert.deepEqual([[...secrets.values], embedding.keyOrigins], [[], []]);
  });

  it('is none in a workspace that is not trusted', async () => {
    await embedding.save({ endpoint: local, model: 'small', key });
    trusted = false;
    assert.equal(embedding.endpoint, null);
    await assert.rejects(embedding.access(), { code: 'workspace-not-trusted' });
  });
});
