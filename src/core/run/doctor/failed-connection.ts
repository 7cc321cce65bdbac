import type { ErrorCode } from '../../error-messages.ts';
import { MigrationError } from '../../errors.ts';
import { connectionCheckNames, type ConnectionCheckName } from '../../model/connection-check.ts';
import type { PostgresConnection, Target } from '../../target/target.ts';
import { withMaintenance } from '../create-database.ts';
import type { TargetChoice } from '../requests.ts';
import { checkConnections, checkMemory, checkPooling, checkWrites } from './check-facts.ts';
import { checkVector } from './check-rights.ts';
import { connectionCommands } from './connection-commands.ts';
import { allSkipped, reachable, shortVersion } from './check-server.ts';
import { askedTls, checkTls } from './check-tls.ts';
import { passed, problemOf, type MadeCheck } from './make-check.ts';
import { readServerFacts, type ServerFacts } from './server-facts.ts';

/** How far a connection with this error got. A server looks at these things in this order. */
const stages: Partial<Readonly<Record<ErrorCode, ConnectionCheckName>>> = {
  'tls-refused': 'tls',
  'tls-required': 'tls',
  'tls-not-trusted': 'tls',
  'wrong-password': 'login',
  'password-missing': 'login',
  'role-not-allowed': 'login',
  'connection-failed': 'login',
  'no-such-database': 'database',
  'no-privilege': 'database',
  'pooler-without-session': 'pooling',
  'too-many-connections': 'connections',
};

/** The checks of a target that does not let us in: what was passed on the way, what failed, and what can be told all the same. */
export async function failedConnection(choice: TargetChoice, error: MigrationError): Promise<readonly MadeCheck[]> {
  const stage = stages[error.code] ?? 'reach';
  const failed = problemOf(stage, 'failed', error, choice.kind === 'postgres' ? connectionCommands(error, choice.connection) : []);
  if (choice.kind === 'embedded') return inOrder([failed], 'the embedded PostgreSQL could not be opened');
  const { connection } = choice;
  const way = [
    passed('reach', reachable(connection)),
    askedTls(connection),
    passed('login', `The server admits user "${connection.user}".`),
  ];
  if (stage === 'database') return inOrder([...way, failed, ...(await besides(connection))], 'the database does not let us in');
  // Whether there are connections is looked at before or after the login, by each server and pooler in its own way.
  const before = ['pooling', 'connections'].includes(stage) ? way.slice(0, 2) : way.slice(0, connectionCheckNames.indexOf(stage));
  return inOrder([...before, failed], 'the connection failed before');
}

/** The server can be asked about itself through another of its databases. */
async function besides(connection: PostgresConnection): Promise<readonly MadeCheck[]> {
  try {
    return await withMaintenance(connection, (maintenance) => checksThrough(maintenance, connection));
  } catch (error) {
    if (error instanceof MigrationError) return [];
    throw error;
  }
}

async function checksThrough(maintenance: Target, connection: PostgresConnection): Promise<readonly MadeCheck[]> {
  const facts = await readServerFacts(maintenance);
  const none: ServerFacts['vector'] = { ...facts.vector, installed: null, schema: null };
  return [
    ...(maintenance.wire === null ? [] : [checkTls(maintenance.wire, connection)]),
    passed('version', `${shortVersion(facts)}; Sluice needs 13 or later.`),
    checkWrites(maintenance, facts),
    await checkVector(maintenance, { ...facts, vector: none }, connection.database),
    checkPooling(maintenance.wire?.pooling ?? 'none'),
    checkConnections(maintenance),
    checkMemory(facts),
  ];
}

/** Later ones of a name replace earlier ones; names without any are skipped, and `why` says for what reason. */
function inOrder(checks: readonly MadeCheck[], why: string): readonly MadeCheck[] {
  const byName = new Map(checks.map((check) => [check.check, check]));
  return connectionCheckNames.flatMap((name) => byName.get(name) ?? allSkipped(why, [name]));
}
