import type { ErrorContext, ErrorKind } from './error-context.ts';
import { plural } from './model/plural.ts';

interface ErrorMessage {
  readonly kind: ErrorKind;
  readonly message: (context: ErrorContext) => string;
  readonly remedy: (context: ErrorContext) => string;
}

/**
 * The only prose about errors. One entry per code: what happened, and one sentence that the user can act on.
 * Texts are filled from the context, which never holds a secret.
 */
export const errorMessages = {
  internal: terminal(
    (c) => `Something unexpected went wrong inside Sluice: ${c.detail ?? 'no detail'}.`,
    () => 'Please report this with the log, or the output of `sluice doctor`; the source was not changed.',
  ),
  cancelled: terminal(
    (c) =>
      c['rowsCommitted'] === undefined
        ? 'Cancelled.'
        : `The run was cancelled; ${counted(c['rowsCommitted'], 'row is committed and stays', 'rows are committed and stay')}.`,
    (c) => (c['resume'] === undefined ? 'Nothing was written.' : `Resume it with: ${c['resume']}`),
  ),

  // What the caller asked for (command line, later the editor)
  'bad-usage': terminal(
    (c) => `${c.detail ?? 'The command cannot be understood'}.`,
    (c) => c.hint ?? 'Run `sluice --help` for the commands and their options.',
  ),
  'workspace-not-trusted': terminal(
    () => 'This workspace is not trusted, so no store is opened and no engine is started.',
    () => 'Trust the workspace first (command "Workspaces: Manage Workspace Trust").',
  ),
  'path-not-found': terminal(
    (c) => `There is no file or folder at ${c['path'] ?? 'that path'}.`,
    () => 'Check the spelling; relative paths start at the current directory.',
  ),
  'unknown-target': terminal(
    (c) => `"${c['target'] ?? ''}" is not a target that can be used here.`,
    (c) =>
      c['fromPlan'] === true
        ? 'The plan names a profile saved in an editor, which a terminal cannot read: pass --target env:NAME, where the environment variable NAME holds a postgresql:// URL, or --target embedded.'
        : 'Use embedded, embedded:DIR, env:NAME (an environment variable that holds a postgresql:// URL) or a postgresql:// URL.',
  ),
  'target-variable-missing': terminal(
    (c) =>
      `The target env:${c['variable'] ?? ''} needs the environment variable ${c['variable'] ?? ''}, which is ${c['state'] ?? 'not set'}.`,
    (c) => `Set it first, for example: export ${c['variable'] ?? 'NAME'}=postgresql://user:password@host:5432/database`,
  ),
  'cannot-write-file': terminal(
    (c) => `The file ${c['path'] ?? ''} cannot be written: ${c.detail ?? 'no reason given'}.`,
    () => 'Name a file in a folder that exists and that you may write to.',
  ),
  'no-embedded-target': terminal(
    (c) => `There is no embedded PostgreSQL in ${c['directory'] ?? 'that directory'} yet, so it holds no runs.`,
    () => 'Go to the directory the run was started in, or name its target with --target.',
  ),

  // Names, literals and types in SQL
  'invalid-identifier': terminal(
    (c) => `The name "${c['name'] ?? ''}" cannot be used in PostgreSQL: ${c.detail ?? 'it is not a name'}.`,
    () => 'Give the table or column another name under "to" in the plan.',
  ),
  'invalid-literal': terminal(
    (c) => `A text cannot be written as PostgreSQL text: ${c.detail ?? 'it is not valid'}.`,
    () => 'Change the text in the plan (a default, a comment or a value of an enum).',
  ),
  'invalid-type': terminal(
    (c) => `"${c['type'] ?? ''}" is not a PostgreSQL type.`,
    () => 'Write it as PostgreSQL does, for example bigint, varchar(255), numeric(10,2), timestamptz, integer[] or vector(384).',
  ),

  // The plan file
  'invalid-plan': terminal(
    (c) => `The plan ${c['path'] ?? ''} has ${count(c['problems'], 'error')}: ${first(c['problems'])}`,
    () => 'Correct the places named above (file:line:column); the editor shows them in the plan as well.',
  ),
  'unsupported-plan-feature': terminal(
    (c) =>
      `The plan asks for something that this version cannot do yet${c.table === undefined ? '' : ` (table ${c.table})`}: ${c.detail ?? c['feature'] ?? ''}.`,
    (c) => `Take "${c['feature'] ?? 'it'}" out of the plan, or leave the table out with "include": false.`,
  ),
  'loss-not-accepted': terminal(
    (c) => `Values would be changed and the plan does not accept it: ${first(c['columns'])}`,
    () => 'Choose a wider type for each column named above, or say "accept": true there.',
  ),

  // Rows on their way
  'copy-stream-damaged': terminal(
    (c) => `What the server sent is not a whole binary COPY stream: ${c.detail ?? 'it is damaged'}.`,
    () => 'Try again; if it happens again, look for a proxy between here and the server that cuts long answers.',
  ),
  // Connecting to PostgreSQL
  'bad-target-url': terminal(
    (c) => `The address of the PostgreSQL target cannot be used: ${c.detail ?? 'it cannot be read'}.`,
    () => 'Write it as postgresql://user:password@host:5432/database, with special characters in the password percent-encoded.',
  ),
  'server-not-running': transient(
    (c) => `No PostgreSQL server answers at ${c['host'] ?? 'the host'}, port ${c['port'] ?? ''}.`,
    () => 'Start the server, or correct host and port; `pg_isready -h HOST -p PORT` shows whether one listens.',
  ),
  'host-not-found': terminal(
    (c) => `There is no host named "${c['host'] ?? ''}".`,
    () => 'Check the spelling of the host name and the network connection (VPN, DNS).',
  ),
  'connection-timeout': transient(
    (c) =>
      c['accepted'] === true
        ? `${c['host'] ?? 'The host'}, port ${c['port'] ?? ''}, takes the connection and then does not answer.`
        : `${c['host'] ?? 'The host'}, port ${c['port'] ?? ''}, does not answer.`,
    (c) =>
      c['accepted'] === true
        ? 'Check that the port is that of PostgreSQL and that the server is not stopped or overloaded; if it is the port of a connection pooler, look whether the server behind it runs.'
        : 'Check host and port, and that no firewall stands between; a hosted database often admits only listed addresses.',
  ),
  'wrong-password': terminal(
    (c) => `The server at ${c['host'] ?? 'the host'} refuses the password of user "${c['user'] ?? ''}".`,
    () => 'Correct the password (in the URL, percent-encoded; or in PGPASSWORD or ~/.pgpass) or the user name.',
  ),
  'password-missing': terminal(
    (c) => `The server at ${c['host'] ?? 'the host'} asks for a password of user "${c['user'] ?? ''}" and none was given.`,
    () => 'Put it into the URL, PGPASSWORD or ~/.pgpass (which must be readable by you alone: chmod 600 ~/.pgpass).',
  ),
  'role-not-allowed': terminal(
    (c) =>
      `The server does not let user "${c['user'] ?? ''}" into database "${c['database'] ?? ''}": ${c['message'] ?? 'no reason given'}.`,
    () => 'Check that the role exists and may log in, and that pg_hba.conf on the server admits it from this machine.',
  ),
  'no-such-database': terminal(
    (c) => `There is no database "${c['database'] ?? ''}" on ${c['host'] ?? 'the server'}.`,
    (c) =>
      `Let Sluice make it (--create-database, or Create Database when the editor tests the connection), create it yourself (createdb ${c['database'] ?? 'NAME'}), or correct the name at the end of the URL; behind a pooler it must be in its list of databases too.`,
  ),
  'no-maintenance-database': terminal(
    (c) =>
      `Database "${c['database'] ?? ''}" cannot be made from here: neither "postgres" nor "template1" lets user "${c['user'] ?? ''}" in.`,
    (c) => `Ask an administrator of ${c['host'] ?? 'the server'} for: ${c['grant'] ?? 'CREATE DATABASE'};`,
  ),
  'transaction-pooling': terminal(
    (c) =>
      `Between here and the server stands a connection pooler in ${c['mode'] ?? 'transaction'} mode, which gives each ${c['mode'] ?? 'transaction'} another session; locks, settings and temporary tables of a run need one session to themselves.`,
    () =>
      "Name the address of the server itself (hosted services show it beside the pooled one), or let the pooler keep sessions: in PgBouncer, pool_mode=session in this database's line of pgbouncer.ini, then RELOAD in its console.",
  ),
  'pooler-without-session': transient(
    (c) =>
      `What answers at ${c['host'] ?? 'the host'}, port ${c['port'] ?? ''}, gives no session of a server, as a connection pooler does: ${c['message'] ?? 'no reason given'}.`,
    () =>
      'Look whether the server behind it runs and lets it in, and whether its sessions are all in use (SHOW POOLS in the console of PgBouncer; pool_size); then try again, or name the address of the server itself.',
  ),
  'tls-refused': terminal(
    (c) => `The server at ${c['host'] ?? 'the host'} does not encrypt connections, and sslmode asks for it.`,
    () => 'Switch TLS on at the server (ssl = on), or use sslmode=prefer or sslmode=disable on a network that you trust.',
  ),
  'tls-required': terminal(
    (c) =>
      `The server at ${c['host'] ?? 'the host'} admits user "${c['user'] ?? ''}" only over an encrypted connection: ${c['message'] ?? ''}.`,
    () => 'Use sslmode=require (or verify-full), for example postgresql://…/database?sslmode=require.',
  ),
  'tls-not-trusted': terminal(
    (c) => `The certificate of the server at ${c['host'] ?? 'the host'} is not trusted: ${c['message'] ?? 'no reason given'}.`,
    (c) => certificateRemedies[String(c['reason'])] ?? trustRemedy,
  ),
  'too-many-connections': transient(
    (c) => `The server at ${c['host'] ?? 'the host'} has no free connection: ${c['message'] ?? ''}.`,
    () => 'Close other clients, lower the jobs ("jobs" in the plan, or --jobs), or raise max_connections on the server.',
  ),
  'server-starting': transient(
    (c) => `The server at ${c['host'] ?? 'the host'} is starting or shutting down: ${c['message'] ?? ''}.`,
    () => 'Try again in a moment.',
  ),
  'not-postgres': terminal(
    (c) => `What answers at ${c['host'] ?? 'the host'}, port ${c['port'] ?? ''}, does not speak PostgreSQL's protocol.`,
    () => 'Check the port: PostgreSQL uses 5432 unless it was told otherwise.',
  ),
  'closed-unanswered': transient(
    (c) =>
      `The server at ${c['host'] ?? 'the host'}, port ${c['port'] ?? ''}, closed the connection before it had said anything that explains why.`,
    () =>
      'A server that starts, stops or crashes does so for a moment: try again, and look into its log. If it stays, check the port (PostgreSQL uses 5432 unless it was told otherwise) and what stands in between: a tunnel, a published port of a container, a firewall.',
  ),
  'connection-failed': terminal(
    (c) => `No connection to ${c['target'] ?? 'PostgreSQL'}: ${c['message'] ?? 'no reason given'}.`,
    () => 'Correct what the server names, or ask whoever runs it.',
  ),

  // Statements that PostgreSQL was given
  'connection-lost': transient(
    (c) => `The connection to PostgreSQL broke: ${c['message'] ?? c.detail ?? 'no reason given'}.`,
    () => "Look into the server's log for a restart or a crash; an unfinished run can be resumed (Resume Run, or --resume).",
  ),
  'server-unavailable': transient(
    (c) => `PostgreSQL could not carry out a statement just now: ${c['message'] ?? ''} (SQLSTATE ${c.sqlstate ?? '?'}).`,
    () => 'Try again; if it stays, look for long locks (pg_stat_activity) or raise max_connections.',
  ),
  'no-privilege': terminal(
    (c) =>
      c['privilege'] === undefined
        ? `PostgreSQL says that a right is missing: ${c['message'] ?? 'permission denied'}.`
        : `User "${c['user'] ?? ''}" has no right ${c['privilege']} on ${c['object'] ?? 'the target'}, which is needed ${c['purpose'] ?? 'by the run'}.`,
    (c) =>
      c['grant'] === undefined
        ? (c.hint ??
          `Ask an administrator to grant it${c['user'] === undefined ? '' : ` to "${c['user']}"`}, for example: GRANT CREATE ON DATABASE … TO …; CREATE EXTENSION vector may need a superuser.`)
        : `Ask an administrator for: ${c['grant']};`,
  ),
  'row-refused': row(
    (c) =>
      `PostgreSQL refused a row${c.table === undefined ? '' : ` of ${c.table}`}: ${c['message'] ?? ''}${c.detail === undefined ? '' : ` (${c.detail})`}.`,
    () =>
      'Widen the column or drop the constraint in the plan, or let such rows be set aside ("onReject": "quarantine" in the plan, or --on-reject quarantine).',
  ),
  'statement-cancelled': terminal(
    (c) => `A statement was stopped: ${c['message'] ?? 'cancelled'}.`,
    () => 'Run it again when nobody cancels it; an unfinished run can be resumed (Resume Run, or --resume).',
  ),
  'sql-failed': terminal(
    (c) =>
      `PostgreSQL refused a statement: ${c['message'] ?? ''}${c.detail === undefined ? '' : ` (${c.detail})`} (SQLSTATE ${c.sqlstate ?? '?'}).`,
    (c) => c.hint ?? 'Correct what the server names; if Sluice wrote the statement, please report it.',
  ),
  'transaction-rolled-back': terminal(
    () => 'A transaction in which a statement had failed was committed, so PostgreSQL rolled it back.',
    () => 'Please report this with the log, or the output of `sluice doctor`; nothing of the transaction was written.',
  ),

  // The embedded PostgreSQL
  'embedded-in-use': terminal(
    (c) => `The embedded PostgreSQL in ${c['directory'] ?? 'that directory'} is in use by ${c['owner'] ?? 'another program'}.`,
    (c) =>
      `Wait until it has finished or close it${c['pid'] === undefined ? '' : ` (process ${c['pid']})`}, or use another directory (setting sluice.embedded.directory, or --target embedded:DIR).`,
  ),
  'embedded-not-started': terminal(
    (c) => `The embedded PostgreSQL in ${c['directory'] ?? 'that directory'} could not be started: ${c.detail ?? 'no reason given'}.`,
    () =>
      'Check that the directory can be written and the disk has space; if the database in it is damaged, move the directory away and run again.',
  ),
  'embedded-stopped': transient(
    (c) => `The process of the embedded PostgreSQL has ended${c.detail === undefined ? '' : `: ${c.detail}`}.`,
    () => 'Open it again; what was not committed is gone, and an unfinished run can be resumed (Resume Run, or --resume).',
  ),
  'session-over': terminal(
    () => 'A statement was sent for a transaction that is over.',
    () => 'Please report this with the log, or the output of `sluice doctor`.',
  ),

  // Engine processes of the editor
  'engine-stopped': transient(
    (c) => `The engine process has ended${c.detail === undefined ? '' : `: ${c.detail}`}.`,
    (c) =>
      c['runId'] === undefined
        ? 'Try again: the engine starts by itself; the log says more.'
        : `What was committed is kept: resume run ${c['runId']} or roll it back.`,
  ),
  'engine-not-started': transient(
    (c) => `The engine process could not be started: ${c.detail ?? 'no reason given'}.`,
    (c) =>
      c['retryInSeconds'] === undefined
        ? 'Look into the log, then try again or restart the engine.'
        : `It starts again at the next use in ${c['retryInSeconds']} s; Restart Engine tries at once.`,
  ),
  'native-missing': terminal(
    (c) => `A native part of the engine cannot be loaded on this machine: ${c.detail ?? 'no reason given'}.`,
    () => 'Install the package of Sluice that is made for this machine, then restart the engine.',
  ),

  // Stores that are read
  'no-such-file': terminal(
    (c) => `There is no file at ${c['path'] ?? 'that path'}.`,
    () => 'Check the spelling; a relative path in a plan starts at the folder of the plan.',
  ),
  'unreadable-file': terminal(
    (c) => `${c['path'] ?? 'The file'} cannot be read: ${c.detail ?? 'no reason given'}.`,
    () => 'Give the user that runs Sluice permission to read it, or name the file itself and not a folder or device.',
  ),
  'no-matching-files': terminal(
    (c) => `${c['path'] ?? 'That location'} names no file that holds anything.`,
    () => 'Check the spelling of the folder or glob. Names that begin with a dot or an underscore are passed over, and so are empty files.',
  ),
  'mixed-files': terminal(
    (c) => `${c['path'] ?? 'The folder'} holds files of several kinds: ${c.detail ?? ''}.`,
    () => "Name those that belong together with a glob, such as 'data/*.csv' and 'data/*.parquet', each as a store of its own.",
  ),
  'unfit-file': terminal(
    (c) =>
      `${c['path'] ?? 'A file'}, one of the files of ${c['location'] ?? 'the store'}, is no ${c['word'] ?? 'such file'}: its content begins otherwise.`,
    () => 'Mend the file, move it away, or name the others with a glob or a list.',
  ),
  'mixed-headers': terminal(
    (c) => `The files of ${c['path'] ?? 'the store'} cannot be one table: ${c.detail ?? 'only some have a header'}.`,
    () =>
      'Say so in the source of the plan: "header" for all files, or "files": { "NAME": { "header": true } } for some; or set "tables" to "each".',
  ),
  'empty-file': terminal(
    (c) => `${c['path'] ?? 'The file'} is empty (0 bytes), so there is nothing to migrate.`,
    () => 'Check that this is the store your application really writes to.',
  ),
  'unknown-store': terminal(
    (c) =>
      `${c['path'] ?? 'The file'} is none of the stores that Sluice can read (${c['kinds'] ?? ''}): its content begins like none of them.`,
    () => 'Name the store itself; an export, a dump or an archive must be turned back into a store first.',
  ),
  'encrypted-store': terminal(
    (c) => `${c['path'] ?? 'The file'} looks encrypted or compressed: ${c.detail ?? 'its content cannot be told from noise'}.`,
    (c) =>
      c.hint ??
      "Decrypt it first (SQLCipher: PRAGMA key, ATTACH a plain file with KEY '', SELECT sqlcipher_export), then name the plain copy.",
  ),
  'store-too-new': terminal(
    (c) =>
      `${c['path'] ?? 'The store'} was written by a newer version of its program${c['found'] === undefined ? `: ${c.detail ?? 'no version given'}` : `: its storage version is ${c['found']}, and this Sluice reads ${c['oldest']} to ${c['newest']}`}.`,
    () =>
      'Use a newer Sluice, or export the store with the program that wrote it (EXPORT DATABASE) and import it into one of an older storage version.',
  ),
  'truncated-store': terminal(
    (c) => `${c['path'] ?? 'The store'} is cut off: it says it has ${c['expected'] ?? '?'} bytes but only ${c['actual'] ?? '?'} are there.`,
    () => 'Copy it again from where it came from (with its -wal file, if there is one), or restore it from a backup.',
  ),
  'corrupt-store': terminal(
    (c) =>
      `${c['path'] ?? 'The store'} is damaged${c.table === undefined ? '' : ` (table ${c.table})`}: ${c.detail ?? 'it cannot be read'}.`,
    (c) => c.hint ?? 'Restore it from a backup, or rescue what can be read with: sqlite3 damaged.db .recover | sqlite3 rescued.db',
  ),
  'unread-jac-form': terminal(
    (c) => `${c['path'] ?? 'The store'} is kept in a form of Jac stores that is not read: ${c.detail ?? 'no reason given'}.`,
    () =>
      'Copy it into another form with Python, on the machine that wrote it; docs/sources/jac.md shows how, and no record is opened for that.',
  ),
  'source-locked': terminal(
    (c) => `${c['path'] ?? 'The store'} is locked by another program and did not become free in time.`,
    (c) => c.hint ?? 'Close the program that writes to it, or make a copy with: sqlite3 store.db ".backup copy.db" and migrate the copy.',
  ),
  'source-changed': terminal(
    (c) => `${c['path'] ?? 'The store'} was changed by another program while it was being read.`,
    (c) =>
      c['runId'] === undefined
        ? 'Stop whatever writes to it and run again, or migrate a backup copy of it.'
        : 'Roll the run back and run again while nothing writes to it, or with --private-copy, which reads a copy that nobody can change.',
  ),
  'source-read-failed': terminal(
    (c) =>
      `${c['path'] ?? 'The store'} could not be read${c.table === undefined ? '' : ` (table ${c.table})`}: ${c.detail ?? 'no reason given'}.`,
    () => 'Check the disk and the free space for temporary files, then try again.',
  ),
  'invalid-source-setting': terminal(
    (c) => `${c['path'] ?? 'A source'} cannot be read with "${c['setting'] ?? ''}" as the plan has it: ${c.detail ?? 'the value is none'}.`,
    () => 'Correct that key of the source in the plan, or remove it: what a plan leaves open is found out from the file.',
  ),
  'unreadable-records': terminal(
    (c) => `${c['path'] ?? 'The file'} cannot be read as delimited text: ${c.detail ?? 'no reason given'}.`,
    () => 'Look at that line; if its quotes are ordinary characters, set "quote": null in the source of the plan.',
  ),
  'source-without-sql': terminal(
    (c) => `${c['path'] ?? 'The store'} has no SQL of its own, so its rows cannot be filtered, sorted or queried where they are.`,
    () => 'Migrate it and look at the rows in the target.',
  ),
  'snapshot-failed': terminal(
    (c) => `A private copy of ${c['path'] ?? 'the store'} could not be made: ${c.detail ?? 'no reason given'}.`,
    () => 'Free some space for temporary files (the copy needs as much as the store), or stop the program that writes to the store.',
  ),
  'no-such-source-table': terminal(
    (c) => `The store ${c['path'] ?? ''} has no table "${c.table ?? ''}".`,
    () => 'See the names of its tables (Sources view, or `sluice inspect`) and correct "from" in the plan.',
  ),
  'no-such-source-column': terminal(
    (c) => `Table "${c.table ?? ''}" of ${c['path'] ?? 'the store'} has no column "${c.column ?? ''}".`,
    () => 'See the names of its columns (Sources view, or `sluice inspect`) and correct "from" in the plan.',
  ),
  'edge-not-single': terminal(
    (c) =>
      `Table "${c.table ?? ''}" of ${c['path'] ?? 'the store'} cannot hold "${c.column ?? ''}": there are no such edges, or a node has more than one of them.`,
    () => 'Read these edges as a table of their own: { "edge": …, "source": …, "target": … } as its "from".',
  ),
  'source-query-refused': terminal(
    (c) => `A query on the source cannot be run: ${c.detail ?? 'it is not a query'}.`,
    () => 'Write one SELECT in the SQL of the store; nothing that writes is allowed.',
  ),
  'parity-too-long': terminal(
    (c) => `Parity query "${c['name'] ?? ''}" gives ${c['rows'] ?? '?'} rows; ${c['most'] ?? '?'} are compared at most.`,
    () => 'Ask for counts or sums by group: every cell is compared by the verification itself.',
  ),
  'filter-refused': terminal(
    (c) =>
      `The condition cannot be used: ${c.detail ?? 'it is not a condition'}${c['position'] === undefined ? '' : ` (at character ${c['position']})`}.`,
    (c) => c.hint ?? 'Write what could stand behind WHERE, for example: price > 10 AND name IS NOT NULL.',
  ),
  'no-such-target-table': terminal(
    (c) => `There is no table or view "${c.table ?? ''}" in ${c['target'] ?? 'the target'} that you may see.`,
    () => 'Look at the target again: it may have been dropped, renamed or rolled back.',
  ),
  'no-such-target-column': terminal(
    (c) => `"${c.table ?? ''}" has no column "${c.column ?? ''}".`,
    () => 'Look at the table again: its columns may have changed.',
  ),
  'no-such-target-row': terminal(
    (c) => `"${c.table ?? ''}" has no row with the key ${c.row ?? ''} (${c['key'] ?? 'key'}).`,
    () =>
      'Look at the table again: the row may have been deleted or its key changed. A key of several columns needs a value for each, in order.',
  ),

  // Vectors
  'not-a-vector-column': terminal(
    (c) =>
      `Column "${c.column ?? ''}" of "${c.table ?? ''}" is of type ${c['type'] ?? 'another type'}; only ${c['fitting'] ?? 'vector and halfvec columns are searched'}.`,
    () => 'Choose a vector column, or convert it to vector or halfvec first.',
  ),
  'bad-query-vector': terminal(
    (c) => `The vector to search with cannot be read: ${c.detail ?? 'it is not a list of numbers'}.`,
    () => 'Write it as [0.1, -0.2, …], with one number for each dimension.',
  ),
  'vector-dimensions-differ': terminal(
    (c) =>
      `The vector has ${counted(c['given'], 'dimension', 'dimensions', '?')}, and column "${c.column ?? ''}" of "${c.table ?? ''}" has ${c['expected'] ?? '?'}.`,
    () => 'Make the vector with the model that made the column, or choose another column.',
  ),
  'pair-table-unfit': terminal(
    (c) => `Pairs cannot be written into "${c.table ?? ''}": ${c.detail ?? 'it does not fit'}.`,
    (c) => c.hint ?? 'Name another table, or its columns with --into-columns.',
  ),
  'row-without-vector': terminal(
    (c) => `Row ${c.row ?? ''} of "${c.table ?? ''}" has no vector in column "${c.column ?? ''}", so it has no neighbours.`,
    () => 'Choose a row with a vector, or fill the column first.',
  ),
  'row-gone': terminal(
    (c) => `There is no row number ${c.row ?? '?'} any more.`,
    () => 'Refresh the rows: they have changed.',
  ),
  'value-too-large': terminal(
    (c) =>
      `The value in column ${c.column ?? '?'} has ${c['characters'] ?? 'too many'} characters, more than can be shown at once (${c['limit'] ?? ''}).`,
    () => 'Export the rows to a file instead.',
  ),
  'invalid-cursor': terminal(
    (c) => `"${c['cursor'] ?? ''}" is not a position in table "${c.table ?? ''}".`,
    () => 'The checkpoint was written for another store or version: start a new run instead of resuming this one.',
  ),
  'driver-unsupported': terminal(
    (c) => `The SQLite driver cannot be loaded by Node ${c['node'] ?? ''}.`,
    () => 'Use Node 22 or newer: node --version shows which one is found first on the PATH.',
  ),

  // Runs
  'worker-lost': terminal(
    (c) => `A worker thread of the engine ended unexpectedly: ${c.detail ?? 'no reason given'}.`,
    () => 'What was committed is kept, and the run can be resumed (Resume Run, or the same command with --resume).',
  ),
  'wrong-store-kind': terminal(
    (c) =>
      `Source ${c.source ?? ''} (${c['path'] ?? ''}) is of kind ${c['found'] ?? 'unknown'}, and the plan says ${c['planned'] ?? 'another'}.`,
    () => 'Check the path of the source in the plan, or plan the migration again.',
  ),
  'stale-plan': terminal(
    (c) => `The plan was made from another state of source ${c.source ?? ''} (${c['path'] ?? ''}): its content has changed since.`,
    () => 'Plan the migration again, or run this plan as it is (Run Anyway, or --accept-stale).',
  ),
  'rejects-expected': terminal(
    (c) => `${counted(c['rejects'], 'row')} cannot be converted as the plan says, so nothing was written. ${list(c['examples'])}`,
    () =>
      'Widen the types in the plan, or load the other rows and keep these aside ("onReject": "quarantine" in the plan, or --on-reject quarantine).',
  ),
  'row-rejected': terminal(
    (c) => `${c.row ?? 'A row'}${c.column === undefined ? '' : `, column ${c.column}`}: ${c.detail ?? 'the value cannot be converted'}.`,
    () => 'Change the column in the plan, or keep such rows aside ("onReject": "quarantine" in the plan, or --on-reject quarantine).',
  ),
  'row-refused-by-server': terminal(
    (c) =>
      `PostgreSQL refused a row of ${c.table ?? 'a table'}${c.row === undefined ? '' : ` (${c.row} of the source)`}: ${c.detail ?? 'no detail'}.`,
    () =>
      'Change the table in the plan, or keep such rows aside ("onReject": "quarantine" in the plan, or --on-reject quarantine); then resume or roll back.',
  ),
  'key-not-unique': terminal(
    (c) =>
      `Rows of ${c.table ?? 'a table'} break its key "${c.constraint ?? ''}", so it cannot be added${c.detail === undefined ? '' : ` (${c.detail})`}.`,
    () =>
      'Resume the run with --on-reject quarantine, which keeps the first row of each key and sets the others aside; or roll back and change the key in the plan.',
  ),
  'orphans-found': terminal(
    (c) =>
      `${c['rejects'] ?? 'Some'} rows have no parent, and the plan sets such rows aside: ${join(c['examples'])}. Nothing was set aside.`,
    () =>
      'Resume the run with --on-reject quarantine, which sets these rows aside; or roll back and say "orphans": "report" in the plan, which keeps them.',
  ),
  'orphans-not-ours': terminal(
    (c) =>
      `${c['rejects'] ?? 'Some'} rows of ${c.table ?? 'a table'} that have no parent are not as the run wrote them. Nothing was set aside.`,
    () => 'Undo what was changed there meanwhile and resume the run; or roll back, and run again while nobody else writes to the table.',
  ),
  'not-retryable': terminal(
    (c) => `Run ${c['runId'] ?? ''} is ${c['status'] ?? 'not finished'}, so there are no rejected rows to retry.`,
    (c) =>
      c['status'] === 'failed' || c['status'] === 'cancelled' || c['status'] === 'running'
        ? 'Resume the run first (Resume Run, or `sluice run … --resume`); rejected rows can be retried once it has come to its end.'
        : 'See the runs and their rejects in the Runs view or with `sluice runs`.',
  ),
  'mended-too-far': terminal(
    (c) => `The mended plan differs from the run's in more than a retry can follow: ${first(c['problems'])}`,
    () =>
      'A retry follows other types, NULL, converters and options, and checks, keys and indexes that are gone; for anything else roll the run back and run the mended plan anew.',
  ),
  'mend-refused': terminal(
    (c) =>
      `PostgreSQL does not take what the mended plan needs: ${c['statement'] ?? ''}: ${c['message'] ?? 'no reason given'}${c.detail === undefined ? '' : ` (${c.detail})`}. Nothing was changed.`,
    (c) => c.hint ?? 'Choose another type in the plan, or roll the run back and run the mended plan anew.',
  ),
  'mend-not-lossless': terminal(
    (c) =>
      `Rows of ${c.table ?? 'a table'} that are loaded would not be what the mended plan makes of their source. Nothing was changed.${list(c['statements'])}`,
    () => 'Mend the plan so that it reads the loaded rows as before, or roll the run back and run the mended plan anew.',
  ),
  'too-many-rejects': terminal(
    (c) =>
      `${counted(c['rejects'], 'row was', 'rows were')} rejected, more than the ${c['limit'] ?? ''} allowed, so the run stopped; the chunk that went beyond was taken back.${list(c['examples'])}`,
    () => 'Allow more (--max-rejects) and resume the run, or roll it back, mend the plan and start anew.',
  ),
  'row-written-twice': row(
    (c) => `This run has written another row with the same key to ${c.table ?? 'the table'} already.`,
    () => 'Make the key of the source unique, or take columns as the key that tell its rows apart ("primaryKey" in the plan).',
  ),
  'row-count-differs': terminal(
    (c) =>
      `PostgreSQL stored ${counted(c['stored'], 'row', 'rows', '?')} of the ${c['sent'] ?? '?'} that were sent, so the chunk was taken back.`,
    () => 'Look for a trigger or rule on the table that drops rows.',
  ),
  'sync-without-key': terminal(
    (c) =>
      `Mode sync cannot know the rows of these tables again, since the plan gives them no key of columns that come from the source: ${first(c['tables'])}`,
    () =>
      'Give each of them a "primaryKey" in the plan, or a unique key of columns that are never NULL; else use mode replace for it in a plan of its own.',
  ),
  'parity-without-sql': terminal(
    (c) => `These parity queries of the plan ask stores that have no SQL: ${first(c['queries'])}. Nothing was changed.`,
    () => 'Take them out of the plan, or say with "on" which other source they ask.',
  ),
  'watermark-unfit': terminal(
    (c) =>
      `Rows of ${c.table ?? 'a table'} cannot be told apart by the watermark ${c.column ?? ''}: ${c.row ?? 'a row'} has ${c.detail ?? 'no order'}. Nothing was changed.`,
    () =>
      'Name a column whose values are all numbers, or all dates and times in ISO 8601 (all with a zone or all without), or take the watermark out of the plan ("incremental": { "by": "hash" }).',
  ),
  'watermark-deletions': terminal(
    (c) =>
      `The plan deletes rows that are gone from the source, which a watermark cannot show: rows below it are not read. Tables with a watermark: ${first(c['tables'])}`,
    () => 'Say "deletions": "report" in the options of the plan, or "incremental": { "by": "hash" } for these tables.',
  ),
  'retry-of-sync': terminal(
    (c) => `Run ${c['runId'] ?? ''} was a sync, which is not retried: the next sync tries rejected rows again by itself.`,
    () => 'Mend the plan or the source and run the plan in mode sync once more.',
  ),
  'existing-table-unfit': terminal(
    (c) =>
      `These tables are there already in ${c['target'] ?? 'the target'} and cannot take the rows as the plan says: ${first(c['problems'])} Nothing was changed.`,
    () => 'Change the table, or the plan (the name or type of a column, its key, "include": false for a table).',
  ),
  'run-without-undo': terminal(
    (c) =>
      `Run ${c['runId'] ?? ''} wrote into tables that were there before and kept no undo rows (--no-undo), so its rows cannot be told apart any more.`,
    () => 'Restore a backup of the target if the rows have to go; a run without --no-undo can be verified and rolled back.',
  ),
  'unsupported-option': terminal(
    (c) => `${c['option'] ?? 'This option'} is not there yet.`,
    () => 'Run without it.',
  ),
  'cannot-create-schema': terminal(
    (c) =>
      `Comparing needs the right to create schemas in ${c['target'] ?? 'the target'}: the plan is made beside what is there and taken back.`,
    () => 'Ask an administrator for: GRANT CREATE ON DATABASE … TO …; a run needs the same right.',
  ),
  'plan-refused': terminal(
    (c) =>
      `PostgreSQL refuses what the plan makes${c.table === undefined ? '' : ` for ${c.table}`}: ${c['message'] ?? 'no reason given'}${c.detail === undefined ? '' : ` (${c.detail})`}.`,
    (c) =>
      c.hint ??
      'Correct the type, default, key or index in the plan; `context.statement` in the log or the --json output is what was refused.',
  ),
  'vector-missing': terminal(
    (c) =>
      c['planned'] === false
        ? `${c['target'] ?? 'The target'} has no pgvector, which vector columns need.`
        : `The plan has vector columns, and ${c['target'] ?? 'the target'} has no pgvector.`,
    (c) =>
      `Install pgvector on the server (${c['install'] ?? 'package postgresql-NN-pgvector'})${c['planned'] === false ? '; tables without vectors do without it.' : ', or change the vector columns in the plan.'}`,
  ),
  'vector-too-old': terminal(
    (c) => `pgvector ${c['version'] ?? '?'} has ${c.detail ?? 'no HNSW index'}; ${c['needed'] ?? '0.5'} or later has.`,
    (c) => `Update pgvector on the server and run ALTER EXTENSION vector UPDATE, or ${c.hint ?? 'remove the HNSW indexes from the plan'}.`,
  ),
  'table-exists': terminal(
    (c) =>
      `Mode create makes its tables itself, and these are there already in ${c['target'] ?? 'the target'}: ${join(c['tables'])}. Nothing was changed.`,
    (c) =>
      `${join(c['left']) === '' ? 'Choose' : `Run the other tables alone (--tables ${join(c['left']).replaceAll(', ', ',')}), choose`} another schema (in the plan, or --schema), write into the tables that are there ("mode" in the plan, or --mode append, upsert or replace), or roll the earlier run back first (Roll Back Run, or sluice rollback).`,
  ),
  // What preflight finds beside the above, before anything is created
  'too-many-partitions': terminal(
    (c) =>
      `${c.table ?? 'A table'} would have ${c['partitions'] ?? 'too many'} partitions, one for each ${c['every'] ?? '?'} of "${c.column ?? ''}" from ${c['first'] ?? '?'} to ${c['last'] ?? '?'}; more than ${c['limit'] ?? '10000'} are not made.`,
    () =>
      'Choose a larger "every", or say "from" and "to" in the plan, so that single values far away from the others go into the default partition.',
  ),
  'partitions-beyond-locks': terminal(
    (c) =>
      `The ${c['partitions'] ?? ''} partitions of ${c.table ?? 'a table'} need about ${c['locks'] ?? '?'} locks at once with their indexes, and ${c['target'] ?? 'the server'} has room for ${c['capacity'] ?? '?'}.`,
    () => 'Choose a larger "every" in the plan, or raise max_locks_per_transaction of the server, which needs a restart.',
  ),
  'rows-without-partition': terminal(
    (c) =>
      `${counted(c['rows'], 'row')} of ${c.table ?? 'a table'} ${Number(c['rows']) === 1 ? 'has' : 'have'} a value in "${c.column ?? ''}" that no partition takes, and the table has no default partition: ${join(c['examples'])}.`,
    () =>
      'Leave "default": false out of "partitionBy", widen the partitions, or keep such rows aside ("onReject": "quarantine" in the plan, or --on-reject quarantine).',
  ),
  'no-text-search': terminal(
    (c) =>
      `The text search configuration "${c['config'] ?? ''}" of ${c.table ?? 'a table'}.${c.column ?? ''} is not in ${c['target'] ?? 'the target'}; there are ${join(c['there'])}.`,
    () => 'Name one that is there in "config", or create it first (CREATE TEXT SEARCH CONFIGURATION).',
  ),
  'server-too-old': terminal(
    (c) => `${c['target'] ?? 'The server'} runs PostgreSQL ${c['version'] ?? '?'}; Sluice needs ${c['needed'] ?? '13'} or later.`,
    () => 'Upgrade the server, or name another target.',
  ),
  'target-read-only': terminal(
    (c) => `${c['target'] ?? 'The target'} is a standby, which takes no writes.`,
    () => 'Name the primary server.',
  ),
  // What the look at a connection finds besides (sluice doctor, Test Connection)
  'read-only-by-default': terminal(
    (c) => `Transactions of user "${c['user'] ?? ''}" in database "${c['database'] ?? ''}" are read-only by default; Sluice's own are not.`,
    () => 'Make sure that nobody set default_transaction_read_only to keep writers out.',
  ),
  'encoding-not-utf8': terminal(
    (c) =>
      c['encoding'] === 'SQL_ASCII'
        ? `Database "${c['database'] ?? ''}" has the encoding SQL_ASCII: it takes any bytes and checks none.`
        : `Database "${c['database'] ?? ''}" has the encoding ${c['encoding'] ?? '?'}: it refuses every character outside of it.`,
    () => 'Make another database, whose encoding is UTF8, and name that one.',
  ),
  'connection-not-encrypted': terminal(
    (c) =>
      `The connection to ${c['host'] ?? 'the host'} is not encrypted (sslmode=${c['sslMode'] ?? 'prefer'}): rows travel readable for the network.`,
    () => 'Switch TLS on at the server (ssl = on) and ask for it with sslmode=verify-full, or make sure that the network is your own.',
  ),
  'certificate-not-checked': terminal(
    (c) =>
      `The connection to ${c['host'] ?? 'the host'} is encrypted (${c['protocol'] ?? 'TLS'}), and nobody checks whose it is (sslmode=${c['sslMode'] ?? 'prefer'}).`,
    () => 'Use sslmode=verify-full, with sslrootcert=FILE where the authority of the server is not one that this machine knows.',
  ),
  'superuser-login': terminal(
    (c) => `User "${c['user'] ?? ''}" is a superuser, who may do more than a migration needs.`,
    () => 'Make a role that may do just this, and name it in the address:',
  ),
  'few-connections': terminal(
    (c) =>
      `The server has ${counted(c['free'], 'connection', 'connections', 'hardly a connection')} left, so that a run loads slowly or waits.`,
    () => 'Close other clients, or raise max_connections on the server (or the CONNECTION LIMIT of the role or the database).',
  ),
  'pooling-unknown': terminal(
    () => 'Between here and the server stands a connection pooler, and a second connection to tell its mode did not get through.',
    () => 'Make sure that it keeps sessions (in PgBouncer: pool_mode=session), or name the address of the server itself.',
  ),
  'name-exists': terminal(
    (c) => `Names that the plan wants are taken in ${c['target'] ?? 'the target'}: ${join(c['names'])}. Nothing was changed.`,
    () => 'Give these objects other names in the plan, or choose another schema (in the plan, or --schema).',
  ),
  'referenced-table-missing': terminal(
    (c) => `Foreign keys of the plan refer to tables that ${c['target'] ?? 'the target'} does not have: ${join(c['tables'])}.`,
    () => 'Add these tables to the plan, make them first, or take the foreign keys out of the plan.',
  ),
  'too-many-columns': terminal(
    (c) =>
      `Table ${c.table ?? ''} has ${counted(c['columns'], 'column', 'columns', '?')}; a table of PostgreSQL has at most ${c['limit'] ?? 1600}.`,
    () => 'Split the table in the plan, or put columns together in one of type jsonb.',
  ),
  'row-too-wide': terminal(
    (c) =>
      `${c['rows'] === undefined ? `Every row of ${c.table ?? ''}` : `${counted(c['rows'], 'row')} of ${c.table ?? ''}`} would take at least ${c['bytes'] ?? '?'} bytes${c.row === undefined ? '' : ` (${c.row})`}; a row of PostgreSQL has ${c['limit'] ?? 8160}, not counting values that it can store apart.`,
    () => 'Choose smaller types, split the table in the plan, or put columns together in one of type jsonb.',
  ),
  'too-many-key-columns': terminal(
    (c) =>
      `${c['key'] ?? 'A key'} of ${c.table ?? ''} has ${c['columns'] ?? '?'} columns; keys and indexes of PostgreSQL have at most ${c['limit'] ?? 32}.`,
    () => 'Take columns out of it in the plan.',
  ),
  'many-indexes': terminal(
    (c) => `Table ${c.table ?? ''} gets ${c['indexes'] ?? '?'} indexes; each makes every later INSERT and UPDATE slower.`,
    () => 'Leave those out of the plan that no query uses.',
  ),
  'key-too-long': terminal(
    (c) =>
      `${counted(c['rows'], `row of ${c.table ?? ''} has a key`, `rows of ${c.table ?? ''} have keys`)} that ${c['certain'] === false ? 'may' : Number(c['rows']) === 1 ? 'does' : 'do'} not fit into ${c['key'] ?? 'an index'}: up to ${c['bytes'] ?? '?'} bytes (${c.row ?? 'a row'}), and a B-tree takes ${c['limit'] ?? 2704}${c['certain'] === false ? ' after compression' : ''}.`,
    () => 'Use method hash or an index on an expression such as md5(column) instead, or leave the key out of the plan.',
  ),
  'key-not-measured': terminal(
    (c) =>
      `Whether the keys of ${c['key'] ?? 'an index'} of ${c.table ?? ''} fit is not known before the run, because they are not measured (${c.detail ?? 'the store does not tell'}); a B-tree takes ${c['limit'] ?? 2704} bytes.`,
    () => 'Leave the index out of the plan if the run ends at it, or make it over something short such as md5(column).',
  ),
  'row-too-large': terminal(
    (c) =>
      `Table ${c.table ?? ''} has a row of ${c['bytes'] ?? '?'} bytes; PostgreSQL cannot give back more than ${c['limit'] ?? '?'} in one message.`,
    () => 'Move that value out of the store into a file, or leave the table out.',
  ),
  'no-space': terminal(
    (c) =>
      `${c['what'] ?? 'The run'} needs about ${c['needed'] ?? '?'} bytes in ${c['path'] ?? 'its folder'}, and ${c['free'] ?? '?'} are free.`,
    () => 'Free some space there, or choose a folder on a larger disk.',
  ),
  'values-change': terminal(
    (c) => `${c.table ?? ''}.${c.column ?? ''}: ${c.detail ?? 'values change'}.`,
    () => 'Change the type of the column, or the options of the plan (emptyText, nulBytes, invalidText), if this is not wanted.',
  ),
  'check-broken': terminal(
    (c) =>
      `${c['rows'] ?? 'Some'} rows of ${c.table ?? ''} break CHECK (${c['check'] ?? ''})${c['exact'] === false ? ' as they are in the store; converted they may not' : ', so PostgreSQL refuses them'}.`,
    () =>
      'Mend these rows or take the CHECK out of the plan, or load the other rows and keep these aside ("onReject": "quarantine" in the plan, or --on-reject quarantine).',
  ),
  'rejects-beyond-limit': terminal(
    (c) =>
      `${counted(c['rejects'], 'row breaks', 'rows break')} a CHECK and would be rejected, more than the ${c['limit'] ?? ''} allowed, so nothing was written.`,
    () => 'Allow more (--max-rejects), mend these rows, or take the CHECK out of the plan.',
  ),
  'rejects-known': terminal(
    (c) =>
      `${counted(c['rejects'], 'value does not fit the plan; its row', 'values do not fit the plan; their rows')} will be kept aside. ${list(c['examples'])}`,
    () => 'Widen the types in the plan to load them as well.',
  ),
  'unreadable-left-out': terminal(
    (c) =>
      `${counted(c['records'], 'record', 'records')} of ${c['path'] ?? 'the store'} cannot be read, and the plan leaves out the table that tells which ("${c.table ?? ''}").`,
    () => 'Add the table to the plan to have each of them listed as a reject.',
  ),

  // Backups of sources
  'backup-unsupported': terminal(
    (c) => `Stores of kind ${c['kind'] ?? 'this one'} cannot be backed up by Sluice (${c['path'] ?? ''}).`,
    () => 'Copy the store yourself while nothing writes to it, and run without --backup.',
  ),
  'backup-beside-source': terminal(
    (c) =>
      `Backups cannot be written to ${c['directory'] ?? 'that folder'}: it is ${c['inside'] === true ? 'in ' : ''}the folder of the store ${c['path'] ?? ''}, which stays as it is.`,
    (c) =>
      c['inside'] === true
        ? 'Name a folder outside of it: every file in there is a part of the store.'
        : 'Name another folder; one inside of it will do.',
  ),
  'backup-failed': terminal(
    (c) => `${c['path'] ?? 'The store'} could not be backed up to ${c['backup'] ?? 'the folder'}: ${c.detail ?? 'no reason given'}.`,
    () => 'Name a folder that can be written to and has room for the store; nothing was created in the target.',
  ),
  'scratch-unusable': terminal(
    (c) => `The folder for temporary files, ${c['path'] ?? ''}, cannot be used: ${c.detail ?? 'no reason given'}.`,
    () => 'Let TMPDIR name a folder that you can write to.',
  ),

  'nothing-to-resume': terminal(
    (c) => `There is no unfinished run ${c['runId'] === undefined ? 'of this plan' : c['runId']} in ${c['target'] ?? 'the target'}.`,
    () => 'See the runs in the Runs view or with `sluice runs`; start a new one instead of resuming.',
  ),
  'run-finished': terminal(
    (c) => `Run ${c['runId'] ?? ''} is ${c['status'] ?? 'finished'} and cannot be resumed.`,
    (c) =>
      c['status'] === 'partial'
        ? 'Retry its rejected rows (Retry Rejected Rows, or `sluice rejects … --retry`), or start a new run instead of resuming.'
        : 'Verify it, or start a new run instead of resuming.',
  ),
  'run-of-other-plan': terminal(
    (c) => `Run ${c['runId'] ?? ''} was made from another state of plan ${c['plan'] ?? ''}, so it cannot be resumed with this one.`,
    () => 'Put the plan back as it was when the run began, or roll the run back and start anew.',
  ),
  'source-changed-since': terminal(
    (c) =>
      `Source ${c.source ?? ''} (${c['path'] ?? ''}) has changed since run ${c['runId'] ?? ''} began, so the rest would not fit what is loaded.`,
    () => 'Roll the run back and start anew, or put the store back as it was.',
  ),
  'no-such-run': terminal(
    (c) => `There is no run ${c['runId'] ?? ''} in ${c['target'] ?? 'the target'}.`,
    () => 'List the runs (Runs view, or `sluice runs`), and check that the target is the right one.',
  ),
  'rows-changed-since': terminal(
    (c) =>
      `Rows were changed since run ${c['runId'] ?? ''} in ${join(c['tables'])}, and rolling back would lose that.${c['rows'] === undefined ? '' : ` ${first(c['rows'])}`} Nothing was changed.`,
    () => 'Save or undo those changes first, then roll back again; or drop the tables yourself.',
  ),
  'roll-back-blocked': terminal(
    (c) =>
      `${c['object'] ?? 'An object'} cannot be ${c['action'] ?? 'dropped because something else depends on it'}: ${c.detail ?? 'see the server log'}. Nothing was changed.`,
    (c) => c.hint ?? 'Drop what depends on it first, then roll back again.',
  ),

  'seed-refused': terminal(
    (c) => `PostgreSQL does not take seed row ${c['row'] ?? ''} of ${c.table ?? 'a table'}: ${c.detail ?? 'a value does not fit'}.`,
    () =>
      'Correct that row of "seed" in the plan. A run that has loaded rows already is rolled back first, since the plan is another then.',
  ),

  // Computing embeddings
  'bad-embedding-endpoint': terminal(
    (c) => `The address of the embedding endpoint cannot be used: ${c.detail ?? 'it cannot be read'}.`,
    () =>
      'Write scheme, host and path, for example http://127.0.0.1:11434/v1 (Ollama) or https://api.openai.com/v1; a key is read from an environment variable.',
  ),
  'no-embedding-endpoint': terminal(
    (c) => `No ${c['what'] ?? 'endpoint'} for embeddings is set.`,
    () => 'Set one with "Sluice: Set Embedding Endpoint…": any OpenAI-compatible server, also one on this machine.',
  ),
  'embedding-key-missing': terminal(
    (c) =>
      `The key of the embedding endpoint is read from the environment variable ${c['variable'] ?? ''}, which ${c['state'] ?? 'is not set'}.`,
    (c) =>
      `Set it first (read -rs ${c['variable'] ?? 'NAME'} && export ${c['variable'] ?? 'NAME'}), or leave --key-env out where no key is needed.`,
  ),
  'embedding-endpoint-unreachable': transient(
    (c) => `The embedding endpoint ${c['endpoint'] ?? ''} cannot be reached: ${c.detail ?? 'no reason given'}.`,
    () => 'Check that the server runs and that host, port and path are right; then run the same command again, which goes on.',
  ),
  'embedding-endpoint-timeout': transient(
    (c) => `The embedding endpoint ${c['endpoint'] ?? ''} did not answer within ${c['seconds'] ?? ''} s.`,
    () =>
      'Ask for less at once (--batch) or wait longer (--timeout); a model that is loaded first may take minutes. The same command goes on.',
  ),
  'embedding-endpoint-busy': transient(
    (c) =>
      `The embedding endpoint ${c['endpoint'] ?? ''} is busy or broken (status ${c['status'] ?? '?'})${because(c['reason'])}.${c['retryAfter'] === undefined ? '' : ` It asks to be left alone for ${c['retryAfter']} s.`}`,
    () => 'Run the same command later, which goes on; fewer requests at a time (--concurrency 1) help against limits.',
  ),
  'embedding-endpoint-wrong': terminal(
    (c) =>
      c['location'] === undefined
        ? `What answers at ${c['endpoint'] ?? ''} is no embedding endpoint (status ${c['status'] ?? '?'})${because(c['reason'])}.`
        : `${c['endpoint'] ?? 'The endpoint'} sends on to ${c['location']}; texts and key are sent to the host that was named alone.`,
    (c) =>
      c['location'] === undefined
        ? 'Name the address that an OpenAI-compatible server gives, up to and with its version, for example http://127.0.0.1:1234/v1.'
        : 'If you trust that address, name it with --endpoint; in the editor, with "Sluice: Set Embedding Endpoint…".',
  ),
  'embedding-key-refused': terminal(
    (c) =>
      c['given'] === true
        ? `The embedding endpoint ${c['endpoint'] ?? ''} refuses the key (status ${c['status'] ?? '?'})${because(c['reason'])}.`
        : `The embedding endpoint ${c['endpoint'] ?? ''} asks for a key (status ${c['status'] ?? '?'})${because(c['reason'])}.`,
    () =>
      'Put a key that is valid there into the environment variable SLUICE_EMBEDDING_KEY, or into another one and name that with --key-env; in the editor, give it with "Sluice: Set Embedding Endpoint…".',
  ),
  'no-such-embedding-model': terminal(
    (c) => `The embedding endpoint ${c['endpoint'] ?? ''} has no model "${c['model'] ?? ''}"${because(c['reason'])}.`,
    () => 'Name a model that it has (GET …/models lists them), or load it there first, for example `ollama pull MODEL`.',
  ),
  'embedding-text-refused': row(
    (c) => `The embedding endpoint refuses a text (status ${c['status'] ?? '?'})${because(c['reason'])}.`,
    () => 'Shorten the text, name fewer columns with --from, or use a model that takes longer texts.',
  ),
  'embedding-answer-malformed': terminal(
    (c) => `The answer of the embedding endpoint cannot be understood: ${c.detail ?? 'it is malformed'}.`,
    () => 'Check that the address is that of an OpenAI-compatible server (POST …/embeddings); nothing of this answer was written.',
  ),
  'embedding-not-finite': terminal(
    (c) => `The embedding endpoint gave a vector that cannot be kept: ${c.detail ?? 'a component is not finite'}.`,
    () => 'Look into the model or its quantisation at the endpoint; nothing of this answer was written.',
  ),
  'embedding-dimensions-differ': terminal(
    (c) =>
      `${c['model'] === undefined ? 'The plan asks for' : `Model "${c['model']}" gives`} vectors of ${c['given'] ?? '?'} dimensions, and column "${c.column ?? ''}" of ${c.table ?? ''} ${c['declared'] === false ? 'has some' : 'is made for those'} of ${c['expected'] ?? '?'}.`,
    () => 'Choose another model, or a column of the right type (in the plan, for a new target). Nothing was written.',
  ),
  'embedding-table-unfit': terminal(
    (c) => `The embeddings of ${c.table ?? 'the table'} cannot be filled in: ${c.detail ?? 'it does not fit'}.`,
    (c) => c.hint ?? 'Choose another table or column.',
  ),

  // State in the target
  fenced: terminal(
    (c) => `Run ${c['runId'] ?? ''} was taken over by another process, so this one stopped; the chunk under way was not committed.`,
    () => 'See which process goes on with it (Runs view, or `sluice runs`).',
  ),
  'target-busy': terminal(
    (c) => `Another run of Sluice is writing to ${c['target'] ?? 'this database'} right now.`,
    () => 'Wait until it ends, or cancel it; the Runs view and `sluice runs` show it.',
  ),
  'state-too-new': terminal(
    (c) => `Schema sluice in the target has version ${c['version'] ?? '?'}, and this Sluice knows versions up to ${c['supported'] ?? '?'}.`,
    () => 'Update Sluice.',
  ),
  'state-schema-foreign': terminal(
    () => 'The target has a schema named sluice that Sluice did not make.',
    () => 'Rename that schema, or use another database.',
  ),
} as const satisfies Record<string, ErrorMessage>;

export type ErrorCode = keyof typeof errorMessages;

const trustRemedy =
  "Name the certificate of the server's authority with sslrootcert=FILE, or connect by the host name that the certificate is for.";

/** What to do about a certificate, by the name that Node gives to what is wrong with it. */
const certificateRemedies: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED:
    'Let the server have a new certificate (openssl x509 -noout -enddate -in server.crt shows how long one is valid); until then sslmode=require encrypts without looking at it.',
  CERT_NOT_YET_VALID:
    'Check the clock of this machine, and from when the certificate is valid (openssl x509 -noout -startdate -in server.crt).',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Connect by a host name that the certificate is for, or give the server a certificate for this one; sslmode=verify-ca checks who signed it and not the name.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'The server signed its certificate itself: get a copy of it from whoever runs the server and name it with sslrootcert=FILE.',
  SELF_SIGNED_CERT_IN_CHAIN: "Name the certificate of the server's own authority, which this machine does not know, with sslrootcert=FILE.",
};

type Text = (context: ErrorContext) => string;

function terminal(message: Text, remedy: Text): ErrorMessage {
  return { kind: 'terminal', message, remedy };
}

function transient(message: Text, remedy: Text): ErrorMessage {
  return { kind: 'transient', message, remedy };
}

function row(message: Text, remedy: Text): ErrorMessage {
  return { kind: 'row', message, remedy };
}

/** "1 error", "3 errors". */
function count(list: ErrorContext[string], noun: string): string {
  return plural(Array.isArray(list) ? list.length : 0, noun);
}

/** "1 row", "3 rows"; "Some rows" where nobody counted them, or another word for `Some`. */
function counted(count: ErrorContext[string], one: string, many = `${one}s`, unknown = 'Some'): string {
  return plural(typeof count === 'number' || typeof count === 'string' ? count : unknown, one, many);
}

/** The first few entries of a list, one a line when there are several. */
function first(list: ErrorContext[string]): string {
  const lines = Array.isArray(list) ? list.map(String) : [];
  if (lines.length === 0) return 'no detail.';
  if (lines.length === 1) return lines[0] ?? '';
  const rest = lines.length - 10;
  return ['', ...lines.slice(0, 10), ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n  ');
}

/** ": what the other side said", where it said something. */
function because(reason: ErrorContext[string]): string {
  return reason === undefined || reason === null || reason === '' ? '' : `: ${String(reason)}`;
}

function list(value: unknown): string {
  return Array.isArray(value) ? value.map((line) => `\n  ${String(line)}`).join('') : '';
}

function join(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}
