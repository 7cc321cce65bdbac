import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Named in the URL; null = PGPASSFILE, else ~/.pgpass. */
  readonly file: string | null;
}

/**
 * The password that libpq would find in its password file, or null. As libpq, a file that others may read is not used.
 * @see https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export function findPassword(login: Login, environment: Readonly<Record<string, string | undefined>>): string | null {
  const file = login.file ?? environment['PGPASSFILE'] ?? usualFile(environment);
  const text = file === null ? null : readPrivateFile(file);
  if (text === null) return null;
  // A socket's folder is written as localhost in the file.
  const host = login.host.startsWith('/') ? 'localhost' : login.host;
  const wanted = [host, String(login.port), login.database, login.user];
  for (const line of text.split(/\r?\n/)) {
    const fields = line.startsWith('#') ? [] : splitFields(line);
    if (fields.length === 5 && wanted.every((value, i) => fields[i] === '*' || fields[i] === value)) return fields[4] ?? null;
  }
  return null;
}

function usualFile(environment: Readonly<Record<string, string | undefined>>): string | null {
  if (process.platform === 'win32')
    return environment['APPDATA'] === undefined ? null : join(environment['APPDATA'], 'postgresql', 'pgpass.conf');
  return environment['HOME'] === undefined ? null : join(environment['HOME'], '.pgpass');
}

function readPrivateFile(path: string): string | null {
  try {
    const { mode } = statSync(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) return null;
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** `host:port:database:user:password` where `\:` and `\\` stand for `:` and `\`. */
function splitFields(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  for (let i = 0; i < line.length; i++) {
    const escaped = line[i] === '\\' && i + 1 < line.length;
    if (escaped) i++;
    if (!escaped && line[i] === ':' && fields.length < 4) {
      fields.push(field);
      field = '';
    } else {
      field += line[i] ?? '';
    }
  }
  return [...fields, field];
}
