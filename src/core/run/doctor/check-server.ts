import type { ConnectionCheckName } from '../../model/connection-check.ts';
import { freeBytes } from '../../sources/shared/free-bytes.ts';
import type { Target } from '../../target/target.ts';
import { checkVersion } from '../preflight/check-server.ts';
import type { TargetChoice } from '../requests.ts';
import { checkConnections, checkEncoding, checkMemory, checkPooling, checkRole, checkRoom, checkWrites } from './check-facts.ts';
import { checkRights, checkVector } from './check-rights.ts';
import { checkTls } from './check-tls.ts';
import { passed, problemOf, skipped, type MadeCheck } from './make-check.ts';
import { readServerFacts, type ServerFacts } from './server-facts.ts';

/** All checks of a target that lets us in. `made`: the database that was made just now. */
export async function checkServer(choice: TargetChoice, target: Target, made: string | null): Promise<readonly MadeCheck[]> {
  if (choice.kind === 'embedded' || target.wire === null) return checkEmbedded(choice, target);
  const { connection } = choice;
  const entry = [
    passed('reach', reachable(connection)),
    checkTls(target.wire, connection),
    passed('login', `The server admits user "${connection.user}".`),
    passed(
      'database',
      made === null ? `Database "${connection.database}" is there.` : `Database "${made}" was made just now: empty, UTF8.`,
    ),
  ];
  const [tooOld] = checkVersion(target.capabilities, target.label);
  if (tooOld !== undefined)
    return [...entry, problemOf('version', 'failed', tooOld.error), ...allSkipped('the server is too old', afterVersion)];
  const facts = await readServerFacts(target);
  return [
    ...entry,
    passed('version', `${shortVersion(facts)}; Sluice needs 13 or later.`),
    checkWrites(target, facts),
    checkEncoding(facts),
    await checkRights(target, facts),
    await checkVector(target, facts),
    checkPooling(target.wire.pooling),
    checkConnections(target),
    checkRoom(facts, null),
    checkMemory(facts),
    checkRole(facts),
  ];
}

export function reachable({ host, port }: { readonly host: string; readonly port: number }): string {
  return `A PostgreSQL server answers at ${host}, port ${port}.`;
}

export function shortVersion({ versionText }: ServerFacts): string {
  return /^PostgreSQL \S+/.exec(versionText)?.[0] ?? versionText;
}

export function allSkipped(why: string, names: readonly ConnectionCheckName[]): readonly MadeCheck[] {
  return names.map((name) => skipped(name, `Not looked at: ${why}.`));
}

const afterVersion = ['writable', 'encoding', 'rights', 'vector', 'pooling', 'connections', 'room', 'memory', 'role'] as const;

async function checkEmbedded(choice: TargetChoice, target: Target): Promise<readonly MadeCheck[]> {
  const facts = await readServerFacts(target);
  const directory = choice.kind === 'embedded' ? choice.directory : '';
  return [
    passed('reach', `The embedded PostgreSQL in ${directory} can be opened.`),
    passed('tls', 'No network leads to it.'),
    passed('login', 'It asks nobody for a login.'),
    passed('database', 'Its one database is there.'),
    passed('version', shortVersion(facts)),
    checkWrites(target, facts),
    checkEncoding(facts),
    await checkRights(target, facts),
    await checkVector(target, facts),
    passed('pooling', 'No connection pooler can stand in between.'),
    checkConnections(target),
    checkRoom(facts, await freeBytes(directory)),
    passed('memory', 'Index builds take what they need; nothing is to be set.'),
    passed('role', 'Its one user may do everything, and nobody else gets in.'),
  ];
}
