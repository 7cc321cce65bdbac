import { formatBytes, formatCount } from '../../report/format-quantity.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import type { Pooling, Target } from '../../target/target.ts';
import { passed, problem, type MadeCheck } from './make-check.ts';
import { scopedRole } from './scoped-role.ts';
import type { ServerFacts } from './server-facts.ts';

export function checkWrites(target: Target, { standby, readOnlyByDefault, user, database }: ServerFacts): MadeCheck {
  if (standby) return problem('writable', 'failed', 'target-read-only', { target: target.label });
  if (!readOnlyByDefault) return passed('writable', 'The server takes writes.');
  return problem('writable', 'warning', 'read-only-by-default', { user, database }, [
    'SELECT datname, rolname, setconfig FROM pg_db_role_setting LEFT JOIN pg_database d ON d.oid = setdatabase LEFT JOIN pg_roles r ON r.oid = setrole;',
  ]);
}

export function checkEncoding({ encoding, database }: ServerFacts): MadeCheck {
  if (encoding === 'UTF8') return passed('encoding', 'UTF8: every character arrives.');
  return problem('encoding', 'warning', 'encoding-not-utf8', { encoding, database }, [
    `CREATE DATABASE ${quoteIdentifier(`${database}_utf8`)} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;`,
  ]);
}

export function checkPooling(pooling: Pooling): MadeCheck {
  if (pooling === 'none') return passed('pooling', 'No connection pooler stands between here and the server.');
  if (pooling === 'session') return passed('pooling', 'A connection pooler stands between here and the server, and keeps sessions.');
  if (pooling === 'unknown') return problem('pooling', 'warning', 'pooling-unknown', {});
  return problem('pooling', 'failed', 'transaction-pooling', { mode: pooling });
}

export function checkConnections({ capabilities }: Target): MadeCheck {
  const free = capabilities.parallelConnections;
  if (capabilities.sessions && free < 3) return problem('connections', 'warning', 'few-connections', { free });
  if (!capabilities.sessions) return passed('connections', 'One session, which everything shares.');
  return passed('connections', `${free === 64 ? '64 or more' : formatCount(free)} connections are free for this user.`);
}

/** What a load is slowed down by when it is as PostgreSQL is delivered. Builds of indexes get their memory from Sluice. */
const worthRaising: readonly {
  readonly name: string;
  readonly of: (facts: ServerFacts) => number;
  readonly least: number;
  readonly wish: string;
  readonly restart: boolean;
}[] = [
  { name: 'max_wal_size', of: (facts) => facts.maxWalSize, least: 2 * 2 ** 30, wish: '4GB', restart: false },
  { name: 'shared_buffers', of: (facts) => facts.sharedBuffers, least: 256 * 2 ** 20, wish: '1GB', restart: true },
];

/** @see https://www.postgresql.org/docs/current/populate.html */
export function checkMemory(facts: ServerFacts): MadeCheck {
  const now = `shared_buffers is ${formatBytes(facts.sharedBuffers)}, max_wal_size ${formatBytes(facts.maxWalSize)}`;
  const low = worthRaising.filter(({ of, least }) => of(facts) < least);
  if (low.length === 0) return passed('memory', `${now}; index builds set the memory they need themselves.`);
  const names = low.map(({ name }) => name).join(' and ');
  const restart = low.some((setting) => setting.restart);
  return passed('memory', `${now}.`, {
    remedy: `For a large load ${names} is worth raising, as far as the server's memory and disk allow (shared_buffers: a quarter of the memory${restart ? ', after a restart' : ''}); a hosted server has these among its settings.`,
    commands: [...low.map(({ name, wish }) => `ALTER SYSTEM SET ${name} = ${quoteLiteral(wish)};`), 'SELECT pg_reload_conf();'],
  });
}

export function checkRoom(facts: ServerFacts, free: number | null): MadeCheck {
  const size = `Database "${facts.database}" has ${formatBytes(facts.bytes)}`;
  return passed(
    'room',
    free === null ? `${size}; a server does not tell how much is free on its disk.` : `${size}; ${formatBytes(free)} are free on its disk.`,
  );
}

export function checkRole({ user, superuser, database, state, vector }: ServerFacts): MadeCheck {
  if (!superuser) return passed('role', `"${user}" is no superuser.`);
  const role = 'sluice_loader';
  const wish = { role, database, stateThere: state !== 'none', createVector: vector.available !== null && vector.installed === null };
  return problem('role', 'warning', 'superuser-login', { user }, scopedRole(wish));
}
