/** A row found by one of the lists. `ordering`: what pgvector's operator gave; less is nearer. */
export interface Ranked {
  readonly ordering: number;
}

/**
 * Share of the exact neighbours that the index found. A row that is as near as the last exact one counts as found, whichever of the equals each list
 * took. null when there is nothing to find.
 */
export function recallOf(exact: readonly Ranked[], found: readonly Ranked[]): number | null {
  const last = exact.at(-1);
  if (last === undefined) return null;
  const near = found.filter((row) => row.ordering <= last.ordering).length;
  return Math.min(1, near / exact.length);
}

/** Rank of each row among `all`, the orderings of every row that is nearer, ascending: 1 + how many are nearer. Equal rows share a rank. */
export function rankAmong(all: readonly number[], ordering: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((all[middle] ?? Infinity) < ordering) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
