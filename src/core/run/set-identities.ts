import type { CompiledPlan, CompiledTable } from '../plan/compiled-plan.ts';
import { qualifiedName, quoteIdentifier } from '../sql/quote.ts';
import type { Target } from '../target/target.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';

/**
 * Sets every identity past the largest key, and past the source's own high-water mark where it keeps one, then gathers statistics.
 * Safe to repeat.
 */
export async function setIdentities(target: Target, { tables, targetOnly }: CompiledPlan, sources: FrozenSources): Promise<void> {
  for (const table of tables) {
    const stored =
      sourceNamed(sources, table.source).catalog.tables.find((candidate) => candidate.name === table.from)?.nextIdentity ?? null;
    if (table.existing !== undefined) await advanceSequences(target, table);
    else await setOwn(target, table, stored);
    await target.query(`ANALYZE ${qualifiedName(table.to.schema, table.to.table)}`);
  }
  for (const table of targetOnly) if (table.seeds > 0) await setOwn(target, table, null);
  if (tables.some((table) => table.existing !== undefined)) await target.query('ANALYZE sluice.undo');
}

/** `stored`: what the source would hand out next. */
async function setOwn(target: Target, { to, identities }: Pick<CompiledTable, 'to' | 'identities'>, stored: bigint | null): Promise<void> {
  const name = qualifiedName(to.schema, to.table);
  for (const identity of identities) {
    // Behind the largest integer there is none: the sequence is used up then, and says so when it is asked.
    await target.query(
      `SELECT setval(p.seqrelid, LEAST(next, p.seqmax)::bigint, next > p.seqmax)
         FROM pg_sequence p, (SELECT GREATEST(COALESCE(max(${quoteIdentifier(identity.column)})::numeric + 1, 1), $3::text::numeric) AS next FROM ${name}) n
        WHERE p.seqrelid = pg_get_serial_sequence($1, $2)::regclass`,
      [name, identity.column, String(largest(identity.next, stored))],
    );
  }
}

/** Sequences of a table that was there before the run: only forward, past the largest value that is there, whichever of its columns were written. */
async function advanceSequences(target: Target, table: CompiledTable): Promise<void> {
  const name = qualifiedName(table.to.schema, table.to.table);
  for (const { to: column } of table.columns) {
    const found = await target.query('SELECT pg_get_serial_sequence($1, $2) AS sequence', [name, column]);
    const sequence = found.rows[0]?.['sequence'];
    if (typeof sequence !== 'string') continue;
    // pg_get_serial_sequence quotes the name itself, for use in a statement.
    await target.query(
      `SELECT setval($1::regclass, greatest_there + 1, false)
         FROM ${sequence} s, pg_sequence p, (SELECT max(${quoteIdentifier(column)})::bigint AS greatest_there FROM ${name}) rows
        WHERE p.seqrelid = $1::regclass AND p.seqincrement > 0 AND greatest_there < p.seqmax
          AND greatest_there >= CASE WHEN s.is_called THEN s.last_value::numeric + p.seqincrement ELSE s.last_value END`,
      [sequence],
    );
  }
}

function largest(planned: string | null, stored: bigint | null): bigint {
  const a = planned === null ? 1n : BigInt(planned);
  const b = stored ?? 1n;
  const larger = a > b ? a : b;
  return larger > 1n ? larger : 1n;
}
