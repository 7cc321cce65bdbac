import type { MigrationError } from '../../errors.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { PostgresConnection } from '../../target/target.ts';
import { createDatabaseSql } from '../create-database.ts';

interface Way {
  readonly code: MigrationError['code'];
  /** Of what the server said. Servers that speak another language than English get the remedy alone. */
  readonly said: RegExp;
  readonly commands: (connection: PostgresConnection, found: RegExpExecArray) => readonly string[];
}

/** What mends a connection that was refused, for an administrator of the server. The first that fits counts. */
const ways: readonly Way[] = [
  { code: 'no-such-database', said: /^/, commands: ({ database }) => [`${createDatabaseSql(database, true)};`] },
  { code: 'role-not-allowed', said: /not permitted to log in/, commands: ({ user }) => [`ALTER ROLE ${quoteIdentifier(user)} LOGIN;`] },
  { code: 'role-not-allowed', said: /role ".*" does not exist/, commands: ({ user }) => newRole(user) },
  {
    code: 'role-not-allowed',
    said: /no pg_hba\.conf entry for host "([0-9a-f.:]+)"/i,
    commands: ({ user, database }, [, address = '']) => [
      `SHOW hba_file;`,
      `# a line for that file: host ${inHba(database)} ${inHba(user)} ${address}/${address.includes(':') ? 128 : 32} scram-sha-256`,
      'SELECT pg_reload_conf();',
    ],
  },
  {
    code: 'too-many-connections',
    said: /too many connections for role/,
    commands: ({ user }) => [`ALTER ROLE ${quoteIdentifier(user)} CONNECTION LIMIT -1;`],
  },
  {
    code: 'too-many-connections',
    said: /too many connections for database/,
    commands: ({ database }) => [`ALTER DATABASE ${quoteIdentifier(database)} CONNECTION LIMIT -1;`],
  },
  {
    code: 'too-many-connections',
    said: /^/,
    commands: () => [
      'SHOW max_connections;',
      'SELECT pid, usename, application_name, state, state_change FROM pg_stat_activity ORDER BY state_change;',
    ],
  },
  { code: 'server-not-running', said: /^/, commands: ({ host, port }) => [`pg_isready -h ${inShell(host)} -p ${port}`] },
];

export function connectionCommands(error: MigrationError, connection: PostgresConnection): readonly string[] {
  const said = String(error.context['message'] ?? '');
  for (const way of ways) {
    const found = way.code === error.code ? way.said.exec(said) : null;
    if (found !== null) return way.commands(connection, found);
  }
  return [];
}

function newRole(user: string): readonly string[] {
  return [`CREATE ROLE ${quoteIdentifier(user)} LOGIN;`, `\\password ${quoteIdentifier(user)}`];
}

/** pg_hba.conf takes names in double quotes. */
function inHba(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}

function inShell(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
