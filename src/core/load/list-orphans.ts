import { beginning } from '../model/beginning.ts';
import type { OrphanList } from '../model/run.ts';
import { referenceOf, type CompiledKey } from '../plan/compiled-keys.ts';
import { firstOrphansSql, textsAtPlacesSql } from '../sql/orphan-rows.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { TargetSession } from '../target/target.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { findSourceRows, type SoughtRows } from './find-source-rows.ts';
import { readMarkedRows } from './marked-rows.ts';
import type { WorkerTarget } from './worker-target.ts';

export interface OrphanSearch extends WorkerTarget, SoughtRows {
  readonly key: CompiledKey;
  /** Rows to list; all are counted. */
  readonly limit: number;
  /** Values stay out of the list. */
  readonly redactValues: boolean;
}

/**
 * The rows of a loaded table that refer to no row by a foreign key, with their places in the source; null when there are none. Nobody is kept from writing: a
 * row that somebody changes meanwhile is counted and not listed.
 */
export function listOrphans(search: OrphanSearch): Promise<OrphanList | null> {
  return retryTransient(
    async () => (await search.target()).transaction((session) => list(search, session)),
    search.dropTarget,
    search.signal,
  );
}

async function list(search: OrphanSearch, session: TargetSession): Promise<OrphanList | null> {
  const { table, key, limit, redactValues, signal } = search;
  const reference = referenceOf(table, key);
  const summer = TupleSummer.create(table.columns, table.key);
  const firsts = await readMarkedRows(session, table, (columns) => firstOrphansSql(reference, columns, limit), summer, signal);
  const [first] = firsts.values();
  if (first === undefined) return null;
  const places = [...firsts.values()].flatMap((equal) => equal.places);
  const keyColumns = table.key.map((position) => table.columns[position]?.to ?? '');
  const { rows } = await session.query(textsAtPlacesSql(table.to, [...keyColumns, ...key.columns]), [places]);
  const provenance = new Map<string, string>();
  await findSourceRows(search, firsts, summer, (row) => provenance.set(row.place, row.provenance));
  return {
    table: table.label,
    constraint: key.name,
    columns: key.columns,
    references: `${key.to.schema}.${key.to.table}`,
    referencesColumns: key.referencesColumns,
    total: Number(first.mark),
    rows: rows.map((row) => {
      const texts = (JSON.parse(String(row['texts'])) as readonly string[]).map((text) => beginning(text, mostCharacters));
      return {
        key: redactValues ? null : texts.slice(0, keyColumns.length),
        values: redactValues ? null : texts.slice(keyColumns.length),
        provenance: provenance.get(String(row['place'])) ?? null,
      };
    }),
  };
}

/** Characters of each value; whole values are in the target. */
const mostCharacters = 200;
