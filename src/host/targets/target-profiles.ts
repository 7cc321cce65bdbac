import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { TargetChoice } from '../../core/index.ts';
import { MigrationError } from '../../core/errors.ts';
import { embeddedName, pathFrom } from '../../core/target/embedded/embedded-directory.ts';
import { parsePostgresUrl } from '../../core/target/postgres/connection-string.ts';
import { postgresLabel } from '../../core/target/postgres/postgres-label.ts';
import type { SavedTarget, TargetProfile } from '../host.ts';
import { EmbeddedHome } from './embedded-home.ts';
import { addressVariables, type AddressVariable, type EnvFile } from './environment-variables.ts';
import type { Memory } from './memory.ts';
import { SavedTargets, type Secrets } from './saved-targets.ts';

export interface ProfileSurroundings {
  /** First folder of the workspace, null without one. */
  readonly base: () => string | null;
  /** Value of the setting for the embedded directory. */
  readonly embeddedSetting: () => string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readEnvFiles: () => Promise<readonly EnvFile[]>;
  readonly workspaceMemory: Memory;
  readonly globalMemory: Memory;
  readonly secrets: Secrets;
  /** undefined = the user left the question. */
  readonly askPassword: (target: SavedTarget) => PromiseLike<string | undefined>;
}

export interface ResolveOptions {
  readonly planPath?: string;
  /** The user is there to type a password; else it is left out when nobody knows it. */
  readonly ask: boolean;
}

/** Which targets there are and how each is reached. The only place of the editor that sees addresses with passwords. */
export class TargetProfiles {
  readonly home: EmbeddedHome;
  readonly saved: SavedTargets;
  readonly #around: ProfileSurroundings;
  #variables: ReadonlyMap<string, AddressVariable>;

  constructor(around: ProfileSurroundings) {
    this.#around = around;
    this.home = new EmbeddedHome({ setting: around.embeddedSetting, base: around.base, memory: around.workspaceMemory });
    this.saved = new SavedTargets(around.globalMemory, around.secrets);
    this.#variables = addressVariables(around.environment, []);
  }

  /** The embedded one first. */
  get list(): readonly TargetProfile[] {
    return [
      this.#embedded(this.home.directory),
      ...this.home.others.map((directory) => this.#embedded(directory)),
      ...[...this.#variables.values()].map((variable) => this.#ofVariable(variable)),
      ...this.saved.list.map((target) => ofSaved(target)),
    ];
  }

  /** Directory of an embedded profile, null for the others and where nobody knows it yet. */
  directoryOf(id: string): string | null {
    if (id === 'embedded') return this.home.directory;
    return id.startsWith('embedded:') ? resolve(this.#around.base() ?? '.', id.slice('embedded:'.length)) : null;
  }

  async readVariables(): Promise<void> {
    this.#variables = addressVariables(this.#around.environment, await this.#around.readEnvFiles());
  }

  async resolve(id: string, options: ResolveOptions): Promise<TargetChoice> {
    if (id === 'embedded' || id.startsWith('embedded:')) return this.#resolveEmbedded(id, options.planPath);
    if (id.startsWith('env:')) return this.#resolveVariable(id);
    const saved = this.saved.find(id);
    if (saved === undefined) throw new MigrationError('unknown-target', { context: { target: id, fromPlan: false } });
    return this.#resolveSaved(saved, options.ask);
  }

  #resolveEmbedded(id: string, planPath: string | undefined): TargetChoice {
    const directory = this.#embeddedPlace(id, planPath);
    if (directory === null) {
      throw new MigrationError('bad-usage', {
        context: { detail: 'The embedded PostgreSQL is kept in the workspace, and none is open', hint: 'Open a folder, or a plan.' },
      });
    }
    return { kind: 'embedded', directory, name: embeddedName(directory, this.#around.base() ?? directory) };
  }

  #embeddedPlace(id: string, planPath: string | undefined): string | null {
    if (id === 'embedded') return planPath === undefined ? this.home.directory : this.home.forPlan(planPath);
    const word = id.slice('embedded:'.length);
    const base = planPath === undefined ? this.#around.base() : dirname(planPath);
    const directory = resolve(base ?? '.', word);
    this.home.note(directory);
    return directory;
  }

  async #resolveVariable(id: string): Promise<TargetChoice> {
    const name = id.slice('env:'.length);
    await this.readVariables();
    const variable = this.#variables.get(name);
    if (variable === undefined) {
      const value = this.#around.environment[name];
      const state = value === undefined ? 'not set' : value === '' ? 'empty' : 'not a postgresql:// URL';
      throw new MigrationError('target-variable-missing', { context: { variable: name, state } });
    }
    return { kind: 'postgres', connection: parsePostgresUrl(variable.url, this.#around.environment), name: id };
  }

  async #resolveSaved(target: SavedTarget, ask: boolean): Promise<TargetChoice> {
    const connection = parsePostgresUrl(target.url, this.#around.environment);
    const kept = await this.saved.password(target.name);
    let password = kept ?? connection.password;
    if (password === null && kept === undefined && ask) {
      const given = await this.#around.askPassword(target);
      if (given === undefined) throw new MigrationError('cancelled');
      await this.saved.keepPassword(target.name, given);
      password = given === '' ? null : given;
    }
    return { kind: 'postgres', connection: { ...connection, password }, name: target.url };
  }

  #embedded(directory: string | null): TargetProfile {
    const base = this.#around.base();
    const shown = directory === null ? '' : base === null ? directory : pathFrom(base, directory);
    const id = directory === null ? 'embedded' : this.home.idOf(directory);
    return { id, kind: 'embedded', label: 'embedded', detail: shown, isProtected: false };
  }

  #ofVariable({ name, url, origin }: AddressVariable): TargetProfile {
    return {
      id: `env:${name}`,
      kind: 'environment',
      label: name,
      detail: `${origin} · ${placeOf(url, this.#around.environment)}`,
      isProtected: false,
    };
  }
}

export function embeddedExists(directory: string | null): boolean {
  return directory !== null && existsSync(directory);
}

function ofSaved({ name, url, isProtected }: SavedTarget): TargetProfile {
  return { id: name, kind: 'saved', label: name, detail: labelOf(url, {}), isProtected };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Server and database of an address, without the user. */
function placeOf(url: string, environment: Environment): string {
  const label = labelOf(url, environment);
  return label.slice(label.lastIndexOf('@') + 1);
}

function labelOf(url: string, environment: Environment): string {
  try {
    return postgresLabel(parsePostgresUrl(url, environment));
  } catch {
    return 'the address cannot be read';
  }
}
