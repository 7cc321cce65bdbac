import { MigrationError } from '../../core/errors.ts';
import type { EmbeddingAccess } from '../../core/index.ts';
import { parseEndpoint, type EmbeddingEndpoint } from '../../core/vectors/embedding/embedding-endpoint.ts';
import { Emitter } from '../emitter.ts';
import type { Embedding, NewEmbeddingEndpoint } from '../host.ts';
import type { Memory } from '../targets/memory.ts';
import type { Secrets } from '../targets/saved-targets.ts';

export interface EmbeddingSurroundings {
  /** Values of the user's settings; '' = none. What a workspace says does not count. */
  readonly endpoint: () => string;
  readonly model: () => string;
  readonly saveSettings: (endpoint: string, model: string) => PromiseLike<void>;
  readonly secrets: Secrets;
  /** Of this user, for all workspaces. */
  readonly memory: Memory;
  /** The workspace is trusted. */
  readonly isAllowed: () => boolean;
}

const originsKey = 'sluice.embeddingKeyOrigins';
const secretKey = (origin: string): string => `sluice.embeddingKey.${origin}`;

/**
 * Where texts are sent to for their embeddings. Address and model are settings of the user. The key is in the secret storage alone, by the origin that it
 * was saved for: another address, whoever wrote it into the settings, does not get it.
 */
export class EmbeddingSettings implements Embedding {
  readonly #around: EmbeddingSurroundings;
  readonly #changed = new Emitter<void>();

  constructor(around: EmbeddingSurroundings) {
    this.#around = around;
  }

  readonly onDidChange = this.#changed.event;

  get endpoint(): EmbeddingEndpoint | null {
    const text = this.#around.endpoint().trim();
    if (text === '' || !this.#around.isAllowed()) return null;
    try {
      return parseEndpoint(text);
    } catch {
      return null;
    }
  }

  get model(): string {
    return this.#around.model().trim();
  }

  get keyOrigins(): readonly string[] {
    return this.#around.memory.get<readonly string[]>(originsKey, []);
  }

  async access(wanted: { readonly model?: string } = {}): Promise<EmbeddingAccess> {
    if (!this.#around.isAllowed()) throw new MigrationError('workspace-not-trusted');
    const text = this.#around.endpoint().trim();
    if (text === '') throw new MigrationError('no-embedding-endpoint', { context: { what: 'endpoint' } });
    const { address } = parseEndpoint(text);
    const model = wanted.model ?? this.model;
    if (model === '') throw new MigrationError('no-embedding-endpoint', { context: { what: 'model' } });
    return { address, model, apiKey: (await this.#around.secrets.get(secretKey(new URL(address).origin))) ?? null };
  }

  async save({ endpoint, model, key }: NewEmbeddingEndpoint): Promise<void> {
    const { address } = parseEndpoint(endpoint);
    // The key first: settings without it would be used at once.
    if (key !== null) await this.#keepKey(new URL(address).origin, key);
    await this.#around.saveSettings(address, model);
    this.changed();
  }

  async hasKey(endpoint: string): Promise<boolean> {
    return (await this.#around.secrets.get(secretKey(new URL(parseEndpoint(endpoint).address).origin))) !== undefined;
  }

  async forgetKey(origin: string): Promise<void> {
    await this.#around.secrets.delete(secretKey(origin));
    await this.#around.memory.update(
      originsKey,
      this.keyOrigins.filter((known) => known !== origin),
    );
    this.changed();
  }

  /** The settings are others now. */
  changed(): void {
    this.#changed.fire();
  }

  async #keepKey(origin: string, key: string): Promise<void> {
    await this.#around.secrets.store(secretKey(origin), key);
    if (!this.keyOrigins.includes(origin)) await this.#around.memory.update(originsKey, [...this.keyOrigins, origin]);
  }
}
