import { MigrationError } from '../../core/errors.ts';
import { parsePostgresUrl } from '../../core/target/postgres/connection-string.ts';
import { isPostgresUrl, postgresUrl } from '../../core/target/postgres/postgres-url.ts';
import type { SavedTarget } from '../host.ts';
import type { Memory } from './memory.ts';

/** vscode.SecretStorage fits. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

const savedKey = 'sluice.targets';
const secretKey = (name: string): string => `sluice.password.${name}`;

/** Targets that the user described. Addresses are kept without password; passwords are in the secret storage alone. */
export class SavedTargets {
  readonly #memory: Memory;
  readonly #secrets: Secrets;
  /** Names for which the user said that there is no password. */
  readonly #without = new Set<string>();

  constructor(memory: Memory, secrets: Secrets) {
    this.#memory = memory;
    this.#secrets = secrets;
  }

  get list(): readonly SavedTarget[] {
    return this.#memory.get<readonly SavedTarget[]>(savedKey, []);
  }

  find(name: string): SavedTarget | undefined {
    return this.list.find((target) => target.name === name);
  }

  /** Throws `bad-usage` for a name that means something else, `bad-target-url`. */
  async save({ name, url, isProtected }: SavedTarget): Promise<void> {
    if (name.trim() === '' || /^(embedded|env:)/.test(name) || isPostgresUrl(name)) {
      throw new MigrationError('bad-usage', {
        context: { detail: `A target cannot be named "${isPostgresUrl(name) ? 'an address' : name}"`, hint: 'Choose another name.' },
      });
    }
    // Without an environment, so that no password of PGPASSWORD or a password file is taken for one of the address.
    const connection = parsePostgresUrl(url, {});
    const plain = postgresUrl(connection, { sslMode: /[?&]sslmode=/.test(url), sslRootCert: /[?&]sslrootcert=/.test(url) });
    this.#without.delete(name);
    if (connection.password === null) await this.#secrets.delete(secretKey(name));
    else await this.#secrets.store(secretKey(name), connection.password);
    await this.#memory.update(savedKey, [...this.list.filter((target) => target.name !== name), { name, url: plain, isProtected }]);
  }

  async remove(name: string): Promise<void> {
    await this.forgetPassword(name);
    await this.#memory.update(
      savedKey,
      this.list.filter((target) => target.name !== name),
    );
  }

  /** null = none is needed, undefined = nobody knows. */
  async password(name: string): Promise<string | null | undefined> {
    return this.#without.has(name) ? null : this.#secrets.get(secretKey(name));
  }

  /** '' = the server asks for none; that is remembered for this window only. */
  async keepPassword(name: string, password: string): Promise<void> {
    if (password === '') this.#without.add(name);
    else await this.#secrets.store(secretKey(name), password);
  }

  async forgetPassword(name: string): Promise<void> {
    this.#without.delete(name);
    await this.#secrets.delete(secretKey(name));
  }
}
