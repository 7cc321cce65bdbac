import type pg from 'pg';
import { MigrationError } from '../../errors.ts';
import type { Pooling } from '../target.ts';

/** Transactions that are looked at: a pooler that takes its connections in turn comes round to the first one. */
const rounds = 6;

/**
 * Whether `client` has a backend of the server to itself. A server tells each client the process id of its backend, for cancel requests; a pooler makes up one of
 * its own, so that a different one gives it away. Then a second client tells the rest: in session mode no two clients ever have one backend, and none
 * changes. `unknown` when no second client gets through.
 */
export async function findPooling(client: pg.Client, connectSecond: () => Promise<pg.Client>, timeoutMs: number): Promise<Pooling> {
  const first = await backendOf(client, timeoutMs);
  if (first === (client as unknown as { readonly processID: number | null }).processID) return 'none';
  let second: pg.Client;
  try {
    second = await connectSecond();
  } catch {
    return 'unknown';
  }
  try {
    return await compareBackends(client, first, second, timeoutMs);
  } catch (error) {
    return /statement pool/i.test(String(error)) ? 'statement' : 'unknown';
  } finally {
    void second.end().catch(() => {});
  }
}

async function compareBackends(client: pg.Client, first: number, second: pg.Client, timeoutMs: number): Promise<Pooling> {
  for (let round = 0; round < rounds; round++) {
    await inTime(second.query('BEGIN'), timeoutMs);
    const other = await backendOf(second, timeoutMs);
    if (other === first) {
      await inTime(second.query('COMMIT'), timeoutMs);
      return 'transaction';
    }
    const now = await backendOf(client, timeoutMs);
    await inTime(second.query('COMMIT'), timeoutMs);
    if (now !== first) return 'transaction';
  }
  return 'session';
}

async function backendOf(client: pg.Client, timeoutMs: number): Promise<number> {
  const { rows } = await inTime(client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid'), timeoutMs);
  return Number(rows[0]?.pid);
}

/** A pooler takes statements and lets them wait until a backend is free. */
async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = 'it lets the first statement wait';
    timer = setTimeout(() => reject(new MigrationError('pooler-without-session', { context: { message } })), timeoutMs);
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
