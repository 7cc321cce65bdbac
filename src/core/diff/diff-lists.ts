import type { ListDiff } from '../model/schema-diff.ts';

/** As ListDiff, with what is equal as well. */
export interface MatchedLists<T> extends ListDiff<T> {
  readonly same: readonly Pair<T>[];
}

export interface Pair<T> {
  readonly before: T;
  readonly after: T;
}

export interface ListRules<T> {
  /** What makes two entries the same thing; once per list. */
  readonly name: (item: T) => string;
  readonly equal: (before: T, after: T) => boolean;
  /** Entries with the same content are the same thing whatever they are called. Without it only names count. */
  readonly content?: (item: T) => string;
}

/** `before` is as it is, `after` as it should be; both keep their order. */
export function diffLists<T>(before: readonly T[], after: readonly T[], rules: ListRules<T>): MatchedLists<T> {
  const partners = pairUp(before, after, rules);
  const pairs = after.flatMap((item) => {
    const partner = partners.get(item);
    return partner === undefined ? [] : [{ before: partner, after: item }];
  });
  const taken = new Set(partners.values());
  const isSame = (pair: Pair<T>): boolean => rules.equal(pair.before, pair.after);
  return {
    adds: after.filter((item) => !partners.has(item)),
    deletes: before.filter((item) => !taken.has(item)),
    alters: pairs.filter((pair) => !isSame(pair)),
    same: pairs.filter(isSame),
  };
}

/** after → before. Names first where the content agrees too, then content, then names alone. */
function pairUp<T>(before: readonly T[], after: readonly T[], { name, content }: ListRules<T>): Map<T, T> {
  const partners = new Map<T, T>();
  const free = new Set(before);
  const pairBy = (key: (item: T) => string): void => {
    const waiting = Map.groupBy(free, key);
    for (const item of after) {
      if (partners.has(item)) continue;
      const partner = waiting.get(key(item))?.shift();
      if (partner === undefined) continue;
      partners.set(item, partner);
      free.delete(partner);
    }
  };
  if (content !== undefined) {
    pairBy((item) => JSON.stringify([name(item), content(item)]));
    pairBy(content);
  }
  pairBy(name);
  return partners;
}
