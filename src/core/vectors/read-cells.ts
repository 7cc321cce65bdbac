import type { Cell } from '../model/rows.ts';

type Row = Readonly<Record<string, unknown>>;

/** Columns `v` and `n` of a row as neighbour-query.ts asks for them. */
export function readCells(row: Row): readonly Cell[] {
  const texts = JSON.parse(String(row['v'])) as readonly (string | null)[];
  const lengths = JSON.parse(String(row['n'])) as readonly (number | null)[];
  return texts.map((text, i) => {
    const cut = lengths[i] ?? null;
    return text === null || cut === null ? text : { text, cut };
  });
}

/** Column `k`. */
export function readKey(row: Row): readonly string[] {
  return JSON.parse(String(row['k'])) as readonly string[];
}
