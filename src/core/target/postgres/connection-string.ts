import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parse } from 'pg-connection-string';
import { MigrationError } from '../../errors.ts';
import type { PostgresConnection } from '../target.ts';
import { findPassword } from './password-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A `postgresql://` URL as explicit parts; what it leaves out comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE,
 * PGSSLROOTCERT, the password file, then libpq's defaults. Throws `bad-target-url`, which never quotes the URL.
 */
export function parsePostgresUrl(url: string, environment: Environment): PostgresConnection {
  const { address, parameters } = splitParameters(url);
  const parts = parseAddress(address);
  const port = readPort(firstOf(parameters.get('port'), parts.port, environment['PGPORT'], '5432'));
  const host = firstOf(parameters.get('host'), parts.host, environment['PGHOST']) ?? defaultHost(port);
  const user = firstOf(parameters.get('user'), parts.user, environment['PGUSER']) ?? userInfo().username;
  const database = firstOf(parameters.get('dbname'), parts.database, environment['PGDATABASE']) ?? user;
  const password =
    firstOf(parameters.get('password'), parts.password, environment['PGPASSWORD']) ??
    findPassword({ host, port, database, user, file: firstOf(parameters.get('passfile')) ?? null }, environment);
  const sslMode = readSslMode(firstOf(parameters.get('sslmode'), environment['PGSSLMODE'], 'prefer'));
  const sslRootCert = readRootCertificate(firstOf(parameters.get('sslrootcert'), environment['PGSSLROOTCERT']), sslMode, environment);
  return { host, port, database, user, password, sslMode, sslRootCert };
}

/** The URL with `***` in the place of a password; what is not a URL becomes `***` as a whole. */
export function redactUrl(url: string): string {
  const scheme = /^postgres(ql)?:\/\//i.exec(url)?.[0];
  if (scheme === undefined) return '***';
  // The last @ ends the login, wherever it stands: a password with unencoded characters is common, and showing too little does no harm.
  const at = Math.max(url.lastIndexOf('@'), scheme.length);
  const login = url.slice(scheme.length, at);
  const colon = login.indexOf(':');
  const shown = colon < 0 ? login : `${login.slice(0, colon)}:***`;
  return `${scheme}${shown}${url.slice(at)}`.replaceAll(/([?&](?:ssl)?password=)[^&]*/gi, '$1***');
}

/** `pg-connection-string` reads certificates and warns about sslmode when it sees the parameters; they are read here, as libpq means them. */
function splitParameters(url: string): { readonly address: string; readonly parameters: URLSearchParams } {
  if (!/^postgres(ql)?:\/\//i.test(url)) throw badUrl('it does not start with postgresql://');
  const mark = url.indexOf('?');
  const parameters = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  for (const name of ['sslcert', 'sslkey', 'service']) {
    if (parameters.has(name)) throw badUrl(`the parameter "${name}" is not supported`);
  }
  return { address: mark < 0 ? url : url.slice(0, mark), parameters };
}

function parseAddress(address: string): ReturnType<typeof parse> {
  try {
    const parts = parse(address);
    return { ...parts, database: decodeURIComponent(parts.database ?? '') };
  } catch {
    // The parser's own error quotes what it was given.
    throw badUrl('it cannot be read; characters such as @ : / ? # in a user name or password must be written as %40 %3A %2F %3F %23');
  }
}

function firstOf(...candidates: readonly (string | null | undefined)[]): string | undefined {
  return candidates.find((candidate) => candidate !== null && candidate !== undefined && candidate !== '') ?? undefined;
}

function readPort(text: string | undefined): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw badUrl(`${JSON.stringify(text)} is not a port`);
  return port;
}

/** As libpq: the server's socket on this machine, where there is one. */
function defaultHost(port: number): string {
  const folder = ['/var/run/postgresql', '/tmp'].find((candidate) => existsSync(join(candidate, `.s.PGSQL.${port}`)));
  return folder ?? 'localhost';
}

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

function readSslMode(text: string | undefined): PostgresConnection['sslMode'] {
  // `allow` (plain first, TLS if refused) protects no better than `prefer`, which is tried in the other order.
  const wanted = text === 'allow' ? 'prefer' : text;
  const mode = sslModes.find((known) => known === wanted);
  if (mode === undefined) throw badUrl(`${JSON.stringify(text)} is not an sslmode (${sslModes.join(', ')})`);
  return mode;
}

/** `system` = the certificates that Node trusts, which is also what is used when no file is named and libpq's own one does not exist. */
function readRootCertificate(named: string | undefined, sslMode: PostgresConnection['sslMode'], environment: Environment): string | null {
  if (named === 'system') return null;
  if (named !== undefined) return named;
  const home = environment['HOME'];
  const usual = home === undefined ? null : join(home, '.postgresql', 'root.crt');
  return sslMode.startsWith('verify') && usual !== null && existsSync(usual) ? usual : null;
}

function badUrl(detail: string): MigrationError {
  return new MigrationError('bad-target-url', { context: { detail } });
}
