import { MigrationError } from '../errors.ts';
import type { NeighboursResult } from '../model/neighbours.ts';
import type { TargetSession } from '../target/target.ts';
import type { IndexOnColumn } from '../target/vector-indexes.ts';

type Setting = NonNullable<NeighboursResult['setting']>;

/** How thoroughly an index searches: name and largest value of pgvector's setting. */
const effortSettings = { hnsw: { name: 'hnsw.ef_search', most: 1_000 }, ivfflat: { name: 'ivfflat.probes', most: 32_768 } } as const;

/** First version that goes on searching until a condition has been met often enough. */
const iterativeSince = [0, 8] as const;

export interface SearchSettings {
  readonly setting: Setting | null;
  /** SET LOCAL statements that were run, for people. */
  readonly statements: readonly string[];
}

/**
 * For the rest of the transaction: sets how thoroughly `index` searches (`effort`, null = as the server says) and, with a filter, that it goes on until
 * enough rows meet it. Throws `bad-usage` for an effort that pgvector does not take.
 */
export async function applySearchSettings(
  session: TargetSession,
  index: IndexOnColumn | null,
  effort: number | null,
  options: { readonly filtered: boolean; readonly vectorVersion: string; readonly candidates?: number | null },
): Promise<SearchSettings> {
  if (index === null) return { setting: null, statements: [] };
  const { name, most } = effortSettings[index.method];
  if (effort !== null && !(Number.isInteger(effort) && effort >= 1 && effort <= most))
    throw new MigrationError('bad-usage', {
      context: { detail: `${name} takes a whole number from 1 to ${most}`, hint: 'Choose another number.' },
    });
  const wanted = effort ?? (await moreForCandidates(session, index, options.candidates ?? null));
  const statements = [
    ...(wanted === null ? [] : [`SET LOCAL ${name} = ${wanted}`]),
    ...(options.filtered && isIterative(options.vectorVersion) ? [iterativeScan[index.method]] : []),
  ];
  for (const statement of statements) await session.query(statement);
  const value = (await session.query(`SELECT current_setting('${name}') AS value`)).rows[0]?.['value'];
  return { setting: { name, value: Number(value) }, statements };
}

/** HNSW gives no more rows than it looks at; null where the server's setting is enough. */
async function moreForCandidates(session: TargetSession, { method }: IndexOnColumn, candidates: number | null): Promise<number | null> {
  if (method !== 'hnsw' || candidates === null) return null;
  const { name } = effortSettings[method];
  const found = (await session.query(`SELECT current_setting('${name}', true) AS value`)).rows[0]?.['value'];
  return candidates > Number(found ?? defaultEfSearch) ? candidates : null;
}

/** pgvector's own, for a session that has not loaded it yet. */
const defaultEfSearch = 40;

const iterativeScan = {
  hnsw: 'SET LOCAL hnsw.iterative_scan = strict_order',
  // IVFFlat knows no strict order; the rows are sorted again here.
  ivfflat: 'SET LOCAL ivfflat.iterative_scan = relaxed_order',
} as const;

/** From here on every row is read: what an index leaves out is found. */
export async function applyExactSettings(session: TargetSession): Promise<void> {
  await session.query('SET LOCAL enable_indexscan = off');
  await session.query('SET LOCAL enable_bitmapscan = off');
}

function isIterative(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > iterativeSince[0] || (major === iterativeSince[0] && minor >= iterativeSince[1]);
}
