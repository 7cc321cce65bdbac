import { MigrationError, type ErrorContext } from '../../errors.ts';
import type { ErrorCode } from '../../error-messages.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { sqlErrorKind } from '../sql-errors.ts';
import type { PostgresConnection } from '../target.ts';
import { postgresLabel } from './postgres-label.ts';

interface ConnectError extends Error {
  /** SQLSTATE from the server, or Node's name of a system error. */
  readonly code?: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly hint?: string;
}

/**
 * Why a connection could not be made, as a named error in plain words. Holds no secret: neither the password nor the URL. `tlsTried`: an encrypted one was
 * refused as well, so that encryption is not what is missing.
 */
export function diagnoseConnection(
  error: unknown,
  connection: PostgresConnection,
  { tlsTried }: { readonly tlsTried: boolean } = { tlsTried: false },
): MigrationError {
  if (error instanceof MigrationError)
    return new MigrationError(error.code, { kind: error.kind, context: { ...placeOf(connection), ...error.context }, cause: error.cause });
  const failure = error as ConnectError;
  const code = codeOf(failure, tlsTried);
  const context: ErrorContext = {
    ...placeOf(connection),
    message: withoutPassword(failure.message, connection),
    ...(failure.severity === undefined ? {} : { sqlstate: failure.code, severity: failure.severity }),
    ...(failure.detail === undefined ? {} : { detail: withoutPassword(failure.detail, connection) }),
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(code === 'no-privilege'
      ? { grant: `GRANT CONNECT ON DATABASE ${quoteIdentifier(connection.database)} TO ${quoteIdentifier(connection.user)}` }
      : {}),
    ...(code === 'tls-not-trusted' ? { reason: failure.code } : {}),
  };
  // The driver's error is not kept as the cause: it may hold what was sent to the server.
  return new MigrationError(code, code === 'connection-failed' ? { context, kind: sqlErrorKind(failure.code ?? '', false) } : { context });
}

/** The server does not do TLS, or does not want it from us: with `prefer` the plain connection is tried next. */
export function isTlsRefusal(error: unknown): boolean {
  const failure = error as ConnectError;
  return failure.message === noTlsMessage || (failure.code === '28000' && /, SSL encryption|, SSL on/.test(failure.message));
}

export function isTimeout(error: unknown): boolean {
  return /timeout expired/.test((error as ConnectError).message);
}

/** The other end closed the connection while it was being made. */
export function isClosed(error: unknown): boolean {
  return /^Connection terminated unexpectedly/.test((error as ConnectError).message);
}

const noTlsMessage = 'The server does not support SSL connections';

function codeOf(failure: ConnectError, tlsTried: boolean): ErrorCode {
  const known = (failure.severity === undefined ? systemErrors : serverErrors)[failure.code ?? ''];
  if (failure.code === '28000' && !tlsTried && /no encryption|SSL off/.test(failure.message)) return 'tls-required';
  if (known !== undefined) return known;
  if (failure.code === '08P01') return poolerErrors.find(({ pattern }) => pattern.test(failure.message))?.code ?? 'connection-failed';
  if (failure.message === noTlsMessage) return 'tls-refused';
  if (isTimeout(failure)) return 'connection-timeout';
  if (/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_)/.test(failure.code ?? '')) return 'tls-not-trusted';
  if (
    /^SASL|establishing an SSL connection|Connection terminated|Unknown authenticationOk|^ERR_SSL/.test(
      `${failure.code === undefined ? '' : `${failure.code} `}${failure.message}`,
    )
  )
    return 'not-postgres';
  return 'connection-failed';
}

const systemErrors: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'server-not-running',
  ENOENT: 'server-not-running',
  ENOTFOUND: 'host-not-found',
  EAI_AGAIN: 'host-not-found',
  ETIMEDOUT: 'connection-timeout',
  EHOSTUNREACH: 'connection-timeout',
  ENETUNREACH: 'connection-timeout',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
};

const serverErrors: Readonly<Record<string, ErrorCode>> = {
  '28P01': 'wrong-password',
  '28000': 'role-not-allowed',
  '3D000': 'no-such-database',
  '42501': 'no-privilege',
  '53300': 'too-many-connections',
  '57P03': 'server-starting',
};

/** PgBouncer sends its own errors, and what servers behind it told it, with the SQLSTATE of a broken protocol. */
const poolerErrors: readonly { readonly pattern: RegExp; readonly code: ErrorCode }[] = [
  { pattern: /^no such database|^database ".*" does not exist/, code: 'no-such-database' },
  { pattern: /authentication failed|^no such user/, code: 'wrong-password' },
  { pattern: /^SSL required/, code: 'tls-required' },
  { pattern: /^no more connections allowed|^sorry, too many clients|^too many connections/, code: 'too-many-connections' },
  {
    pattern: /server down|^server login|^query_wait_timeout|^client_login_timeout|cannot connect to server/,
    code: 'pooler-without-session',
  },
];

function placeOf(connection: PostgresConnection): ErrorContext {
  return {
    target: postgresLabel(connection),
    host: connection.host,
    port: connection.port,
    user: connection.user,
    database: connection.database,
  };
}

/** No library is known to quote it, but a password that happens to be in a text must not leave. */
function withoutPassword(text: string, connection: PostgresConnection): string {
  return connection.password === null || connection.password === '' ? text : text.replaceAll(connection.password, '***');
}
