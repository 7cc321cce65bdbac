import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MigrationError, type TargetChoice } from '../core/index.ts';
import { embeddedDirectory, embeddedName } from '../core/target/embedded/embedded-directory.ts';
import { parsePostgresUrl, redactUrl } from '../core/target/postgres/connection-string.ts';
import { isPostgresUrl, postgresUrl } from '../core/target/postgres/postgres-url.ts';
import type { Terminal } from './terminal.ts';

export interface TargetWish {
  /** `--target`, which beats everything. */
  readonly flag: string | undefined;
  /** The profile that a plan names, which beats the default. */
  readonly profile?: string;
  /** Absolute path of the plan. */
  readonly planPath?: string;
}

type Surroundings = Pick<Terminal, 'cwd' | 'environment'> & { readonly warn: (text: string) => void };

/** Turns what the user (or the plan) wrote into a target. Throws a usage error for a name that means nothing here. */
export function chooseTarget(wish: TargetWish, surroundings: Surroundings): TargetChoice {
  const word = wish.flag ?? wish.profile ?? 'embedded';
  const base = wish.planPath === undefined ? surroundings.cwd : dirname(wish.planPath);
  if (word === 'embedded') return embedded(embeddedDirectory(base), surroundings.cwd);
  if (word.startsWith('embedded:')) {
    return embedded(resolve(wish.flag === undefined ? base : surroundings.cwd, word.slice('embedded:'.length)), surroundings.cwd);
  }
  if (word.startsWith('env:')) return fromVariable(word, surroundings);
  if (isPostgresUrl(word)) return fromUrl(word, surroundings);
  throw new MigrationError('unknown-target', { context: { target: word, fromPlan: wish.flag === undefined } });
}

/** What a plan may say about this target: a URL is never written to a file. */
export function planProfile(flag: string | undefined): string {
  return flag?.startsWith('env:') === true ? flag : 'embedded';
}

/** Throws when the embedded target was never made: looking at runs must not create a database. */
export function requireExisting(target: TargetChoice): void {
  if (!exists(target))
    throw new MigrationError('no-embedded-target', { context: { directory: (target as { directory: string }).directory } });
}

export function exists(target: TargetChoice): boolean {
  return target.kind === 'postgres' || existsSync(target.directory);
}

function embedded(directory: string, cwd: string): TargetChoice {
  return { kind: 'embedded', directory, name: embeddedName(directory, cwd) };
}

function fromVariable(word: string, surroundings: Surroundings): TargetChoice {
  const variable = word.slice('env:'.length);
  const url = surroundings.environment[variable];
  if (url === undefined || url === '') {
    throw new MigrationError('target-variable-missing', { context: { variable, state: url === '' ? 'empty' : 'not set' } });
  }
  if (!isPostgresUrl(url)) throw new MigrationError('target-variable-missing', { context: { variable, state: 'not a postgresql:// URL' } });
  return { kind: 'postgres', connection: parsePostgresUrl(url, surroundings.environment), name: word };
}

function fromUrl(url: string, surroundings: Surroundings): TargetChoice {
  const connection = parsePostgresUrl(url, surroundings.environment);
  if (redactUrl(url) !== url) {
    surroundings.warn(
      'every user of this machine can read a password on a command line; put the URL into an environment variable and pass --target env:NAME',
    );
  }
  return { kind: 'postgres', connection, name: postgresUrl(connection, { sslMode: /[?&]sslmode=/.test(url) }) };
}
