import type { DuplicatePair } from '../../src/core/model/duplicates.ts';

type Key = readonly string[];

/** Rows that pairs connect, directly or over others. */
export interface PairGroup {
  /** In the order in which the pairs name them. */
  readonly keys: readonly Key[];
  /** Of the pairs in it. */
  readonly least: number;
  readonly most: number;
}

/** The largest group first, then the most similar. `pairs`: as the search gives them, so a group may go on in pairs beyond them. */
export function groupPairs(pairs: readonly DuplicatePair[]): readonly PairGroup[] {
  const parents = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up;
    parents.set(name, root);
    return root;
  };
  for (const { a, b } of pairs) {
    const [first, second] = [rootOf(JSON.stringify(a)), rootOf(JSON.stringify(b))];
    if (first !== second) parents.set(second, first);
  }
  const groups = new Map<string, { keys: Map<string, Key>; least: number; most: number }>();
  for (const { a, b, similarity } of pairs) {
    const root = rootOf(JSON.stringify(a));
    const group = groups.get(root) ?? { keys: new Map<string, Key>(), least: similarity, most: similarity };
    groups.set(root, group);
    for (const key of [a, b]) group.keys.set(JSON.stringify(key), key);
    group.least = Math.min(group.least, similarity);
    group.most = Math.max(group.most, similarity);
  }
  return [...groups.values()]
    .map(({ keys, least, most }) => ({ keys: [...keys.values()], least, most }))
    .toSorted((a, b) => b.keys.length - a.keys.length || b.most - a.most);
}
