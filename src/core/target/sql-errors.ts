import { MigrationError, type ErrorContext, type ErrorKind } from '../errors.ts';

/** What both drivers put on an error that the server sent. */
interface ServerError extends Error {
  readonly code?: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
  readonly routine?: string;
}

/**
 * An error of a driver as a MigrationError that keeps every field the server sent; `sqlstate`, `message` and, for COPY, `line` are
 * in the context. `inCopy`: rows were being sent, so a refused value concerns one row.
 */
export function toSqlError(error: unknown, options: { readonly inCopy: boolean }): MigrationError {
  if (error instanceof MigrationError) return error;
  const server = error as ServerError;
  if (!isSqlstate(server.code)) return lostConnection(server);
  const kind = sqlErrorKind(server.code, options.inCopy);
  const code = kind === 'row' ? 'row-refused' : (namedErrors[server.code] ?? (kind === 'transient' ? 'server-unavailable' : 'sql-failed'));
  return new MigrationError(code, { kind, context: serverFields(server, options.inCopy), cause: withoutStatement(server) });
}

/** Reconnecting and sending again may help (transient), one row is to blame (row), or neither (terminal). */
export function sqlErrorKind(sqlstate: string, inCopy: boolean): ErrorKind {
  if (/^(08...|40001|40P01|53300|55P03|57P0[1-5])$/.test(sqlstate)) return 'transient';
  // 22P04 says that the stream itself is malformed: no row is to blame for that.
  if (inCopy && /^(22...|23...|54000|P0001)$/.test(sqlstate) && sqlstate !== '22P04') return 'row';
  return 'terminal';
}

const namedErrors: Readonly<Record<string, 'no-privilege' | 'statement-cancelled' | 'connection-lost'>> = {
  '42501': 'no-privilege',
  '57014': 'statement-cancelled',
  '57P01': 'connection-lost',
  '57P02': 'connection-lost',
  '57P05': 'connection-lost',
};

function serverFields(server: ServerError, inCopy: boolean): ErrorContext {
  const line = inCopy ? copyLine(server.where) : null;
  const fields: Record<string, string | number | undefined> = {
    sqlstate: server.code,
    message: server.message,
    severity: server.severity,
    detail: server.detail,
    hint: server.hint,
    where: server.where,
    schema: server.schema,
    table: server.table,
    column: server.column,
    dataType: server.dataType,
    constraint: server.constraint,
    position: server.position,
    routine: server.routine,
    ...(line === null ? {} : { line }),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''));
}

/** `COPY orders, line 17, column v: "x"`; servers translate the words but keep the order. */
function copyLine(where: string | undefined): number | null {
  const found = /^COPY .*?, line (\d+)/m.exec(where ?? '') ?? /^COPY .*?, \D*(\d+)/m.exec(where ?? '');
  return found?.[1] === undefined ? null : Number(found[1]);
}

function lostConnection(error: Error): MigrationError {
  return new MigrationError('connection-lost', { context: { detail: error.message }, cause: error });
}

/** PGlite hangs the statement and its parameters on its errors; neither belongs into a log. */
function withoutStatement(error: ServerError): Error {
  for (const key of ['query', 'params', 'queryOptions']) Reflect.deleteProperty(error, key);
  return error;
}

function isSqlstate(code: string | undefined): code is string {
  // Node's own codes (EPIPE, ECONNRESET) can have five letters too, but no SQLSTATE class starts with E.
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E');
}
