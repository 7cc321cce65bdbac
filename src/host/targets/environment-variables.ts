import { parseEnv } from 'node:util';
import { isPostgresUrl } from '../../core/target/postgres/postgres-url.ts';

/** A variable that holds the address of a PostgreSQL database. The address may hold a password: it is never shown, logged or kept. */
export interface AddressVariable {
  readonly name: string;
  readonly url: string;
  /** "environment", ".env", "api/.env". */
  readonly origin: string;
}

export interface EnvFile {
  readonly origin: string;
  readonly text: string;
}

/** Every variable whose value is a postgresql:// URL, by name. As with dotenv, the environment beats files and an earlier file beats a later one. */
export function addressVariables(
  environment: Readonly<Record<string, string | undefined>>,
  files: readonly EnvFile[],
): ReadonlyMap<string, AddressVariable> {
  const found = new Map<string, AddressVariable>();
  const taken = new Set<string>();
  const places = [{ origin: 'environment', values: environment }, ...files.map(({ origin, text }) => ({ origin, values: parseEnv(text) }))];
  for (const { origin, values } of places) {
    for (const [name, url] of Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (url === undefined || taken.has(name)) continue;
      taken.add(name);
      if (isPostgresUrl(url)) found.set(name, { name, url, origin });
    }
  }
  return found;
}
