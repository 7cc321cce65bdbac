import { MigrationError } from '../../errors.ts';
import type { VectorMetric } from '../../model/neighbours.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import type { Source } from '../../sources/source.ts';
import type { Target } from '../../target/target.ts';
import type { Counterpart, ListedRow, NearSourceRow, SourceSearchResult } from '../../vectors/compare-lists.ts';
import { orderingBetween, tieTolerance } from '../../vectors/double-distance.ts';
import { NearestRows } from '../../vectors/nearest-rows.ts';
import type { KeyPart } from '../../vectors/vector-column.ts';
import { scanSource } from '../../verify/scan-source.ts';
import { PlannedRows } from './planned-rows.ts';
import { readRowsByKey, readRowsThatMeet } from './target-rows.ts';

/** Cloneable. */
export interface SourceProbe {
  /** In the target, unquoted. */
  readonly column: string;
  readonly metric: VectorMetric;
  readonly vector: Float32Array;
  readonly k: number;
  /** What tells rows of the target apart, and keys by it: of its list, and of the row that was searched from. */
  readonly targetKey: readonly KeyPart[];
  readonly list: readonly (readonly string[])[];
  readonly queryKey: readonly string[] | null;
  /** What reads the texts of the plan's key; empty without one. */
  readonly planKey: readonly KeyPart[];
  /** Condition of the target; null = all rows. */
  readonly filter: string | null;
}

export interface SourceSearch extends SourceProbe {
  readonly source: Source;
  readonly target: Target;
  readonly table: CompiledTable;
  readonly excluded: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly onRows: (rows: number) => void;
}

/** Rows that may meet a condition: who they are is kept in memory. */
const mostFiltered = 1_000_000;

/**
 * The rows of the source that are nearest to a vector, by comparing with every one of them as the plan converts it, and what both sides have of each
 * other's rows. Rows are matched by the plan's key in canonical form, without a key by their whole content. Memory is that of the two lists.
 */
export async function searchSource(search: SourceSearch): Promise<SourceSearchResult> {
  const { source, table, excluded, signal, onRows, metric, vector } = search;
  const rows = new PlannedRows(table, search.column);
  const { listed, query } = await readListed(search);
  const allowed = search.filter === null ? null : await readAllowed(search, search.filter);
  const wanted = new Map<string, Seen>();
  const nearest = new NearestRows<NearRow>(search.k);
  let compared = 0;
  const { rejected } = await scanSource({ source, table, range: {}, excluded, signal, onRows }, (buffer, start, end, batch, row) => {
    const id = rows.read(buffer, start, end);
    const own = rows.vector();
    const place = listed.get(id);
    if (own === null) return;
    const isQuery = query?.id === id;
    const ordering = own.length === vector.length ? orderingBetween(metric, vector, own) : Number.NaN;
    const about = (): Seen => ({ vector: own, ordering, provenance: batch.provenanceAt(row) });
    if (place !== undefined || isQuery) wanted.set(id, about());
    if (isQuery || (allowed !== null && !allowed.has(id))) return;
    compared++;
    nearest.offer(ordering, () => ({ ...about(), id, key: rows.keyTexts() }));
  });
  const near = nearest.sorted().map(({ row }) => row);
  const others = await readCounterparts(
    search,
    near.filter(({ id }) => !listed.has(id)),
  );
  return {
    nearest: near.map((row) => toNearRow(row, listed.get(row.id) ?? null, others, search)),
    listed: [...listed.values()].map((one) => toListedRow(one, wanted.get(one.id), search)),
    query: query === null ? null : queryAgreement(query.vector, wanted.get(query.id)?.vector),
    rows: compared,
    rejected,
  };
}

interface Seen {
  readonly vector: Float32Array;
  readonly ordering: number;
  readonly provenance: string;
}

interface NearRow extends Seen {
  readonly id: string;
  /** null when a part of it is too long to be told. */
  readonly key: readonly string[] | null;
}

/** A row as the target has it. */
interface TargetRow {
  readonly id: string;
  readonly place: number;
  readonly vector: Float32Array | null;
}

async function readListed(
  search: SourceSearch,
): Promise<{ readonly listed: ReadonlyMap<string, TargetRow>; readonly query: TargetRow | null }> {
  const { target, table, signal, targetKey, list, queryKey } = search;
  const rows = PlannedRows.told(table, search.column);
  const found: TargetRow[] = [];
  const keys = queryKey === null ? list : [...list, queryKey];
  await readRowsByKey(target, { table: table.to, columns: rows.columns, key: targetKey, keys, signal }, (buffer, start, end) => {
    found.push({ id: rows.read(buffer, start, end), place: found.length, vector: rows.vector() });
  });
  const query = queryKey === null ? null : (found.pop() ?? null);
  const listed = new Map(found.map((row) => [row.id, row]));
  // Without a key several rows may be alike, and a row may have gone since the list was made.
  for (const row of found) if (listed.get(row.id) !== row) listed.set(`${row.place}:${row.id}`, row);
  return { listed: new Map([...listed].sort(([, a], [, b]) => a.place - b.place)), query };
}

/** Who meets the condition in the target. Throws `bad-usage` when they are too many. */
async function readAllowed({ target, table, signal }: SourceSearch, filter: string): Promise<ReadonlySet<string>> {
  const rows = PlannedRows.told(table, null);
  const allowed = new Set<string>();
  await readRowsThatMeet(target, { table: table.to, columns: rows.columns, signal }, filter, mostFiltered + 1, (buffer, start, end) => {
    allowed.add(rows.read(buffer, start, end));
  });
  if (allowed.size <= mostFiltered) return allowed;
  throw new MigrationError('bad-usage', {
    context: {
      detail: `More than ${mostFiltered.toLocaleString('en-US')} rows meet the condition, too many to look for in the source`,
      hint: 'Compare with the source without a condition, or with a narrower one.',
    },
  });
}

/** What the target has of rows that are not in its list, by their ids. Empty for tables without a key, whose rows cannot be looked for. */
async function readCounterparts(
  { target, table, column, signal, planKey }: SourceSearch,
  near: readonly NearRow[],
): Promise<ReadonlyMap<string, Float32Array | null>> {
  const rows = PlannedRows.told(table, column);
  const asked = near.filter(({ key }) => key !== null && key.length > 0);
  const found = new Map<string, Float32Array | null>();
  const keys = asked.map(({ key }) => key ?? []);
  let at = 0;
  await readRowsByKey(target, { table: table.to, columns: rows.columns, key: planKey, keys, signal }, (buffer, start, end) => {
    rows.read(buffer, start, end);
    found.set(asked[at++]?.id ?? '', rows.vector());
  });
  return found;
}

function toNearRow(
  row: NearRow,
  listed: TargetRow | null,
  others: ReadonlyMap<string, Float32Array | null>,
  { metric, vector }: SourceProbe,
): NearSourceRow {
  const { ordering, provenance, key } = row;
  const there = listed === null ? others.get(row.id) : listed.vector;
  const inTarget = there === undefined ? 'unknown' : counterpart(row.vector, there);
  const tolerance = tieTolerance(metric, vector, row.vector, ordering);
  return { listed: listed?.place ?? null, inTarget, key: key ?? [], ordering, tolerance, provenance };
}

function toListedRow({ vector: there }: TargetRow, seen: Seen | undefined, { metric, vector }: SourceProbe): ListedRow {
  if (seen === undefined) return { inSource: 'missing', ordering: null, tolerance: 0, provenance: null };
  const { ordering, provenance } = seen;
  return {
    inSource: counterpart(seen.vector, there),
    ordering,
    tolerance: tieTolerance(metric, vector, seen.vector, ordering),
    provenance,
  };
}

function counterpart(own: Float32Array, other: Float32Array | null): Counterpart {
  if (other === null) return 'missing';
  return isSame(own, other) ? 'same' : 'vector-differs';
}

function queryAgreement(there: Float32Array | null, own: Float32Array | undefined): NonNullable<SourceSearchResult['query']> {
  if (own === undefined) return 'missing-in-source';
  return there !== null && isSame(own, there) ? 'same' : 'vector-differs';
}

/** 0 and -0 are the same place. */
function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
