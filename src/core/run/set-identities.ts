import type { CompiledTable } from '../plan/compiled-plan.ts';
import { qualifiedName, quoteIdentifier } from '../sql/quote.ts';
import type { Target } from '../target/target.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';

/**
 * Sets every identity past the largest key, and past the source's own high-water mark where it keeps one, then gathers statistics.
 * Safe to repeat.
 */
export async function setIdentities(target: Target, tables: readonly CompiledTable[], sources: FrozenSources): Promise<void> {
  for (const table of tables) {
    const stored =
      sourceNamed(sources, table.source).catalog.tables.find((candidate) => candidate.name === table.from)?.nextIdentity ?? null;
    for (const identity of table.identities) {
      const name = qualifiedName(table.to.schema, table.to.table);
      await target.query(
        `SELECT setval(pg_get_serial_sequence($1, $2)::regclass, GREATEST(COALESCE((SELECT max(${quoteIdentifier(identity.column)}) FROM ${name}) + 1, 1), $3::text::bigint), false)`,
        [name, identity.column, String(largest(identity.next, stored))],
      );
    }
    await target.query(`ANALYZE ${qualifiedName(table.to.schema, table.to.table)}`);
  }
}

function largest(planned: string | null, stored: bigint | null): bigint {
  const a = planned === null ? 1n : BigInt(planned);
  const b = stored ?? 1n;
  const larger = a > b ? a : b;
  return larger > 1n ? larger : 1n;
}
