/** pgvector's largest number of lists. */
const mostLists = 32_768;

/** Lists of an IVFFlat index: rows / 1000 up to a million rows, the square root of the rows above: https://github.com/pgvector/pgvector#ivfflat */
export function recommendedLists(rows: number): number {
  const lists = rows <= 1_000_000 ? rows / 1_000 : Math.sqrt(rows);
  return Math.min(mostLists, Math.max(1, Math.round(lists)));
}

/** The recommended number, or the largest whose k-means fits into `most` bytes. */
export function sizeLists(rows: number, valueBytes: number, most: number): number {
  let lists = recommendedLists(rows);
  while (lists > 1 && ivfflatBuildBytes(lists, valueBytes) > most) lists = Math.floor(lists * 0.9);
  return lists;
}

/** Memory that k-means asks for: 50 samples a list and at least 10,000, three sets of centres, a bound for each pair of them (src/ivfkmeans.c of pgvector). */
export function ivfflatBuildBytes(lists: number, valueBytes: number): number {
  const samples = Math.max(10_000, lists * 50);
  return samples * valueBytes + 3 * lists * valueBytes + 4 * (samples * lists + lists * lists + 3 * samples + 2 * lists);
}
