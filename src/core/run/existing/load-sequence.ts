/** For each table, those to be loaded before it, and the tables whose foreign keys lead back to them. */
export interface LoadSequence {
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** Those that lead to each other, the table itself among them; empty for a table whose foreign keys do not lead back to it. */
  readonly circles: ReadonlyMap<string, readonly string[]>;
}

/**
 * `parentsOf`: tables that the foreign keys of a table refer to; those that are not among `labels` do not count. In a circle one table has to come
 * first; whoever refers to one of a circle waits for all of it.
 */
export function loadSequence(labels: readonly string[], parentsOf: (label: string) => readonly string[]): LoadSequence {
  const parents = new Map(labels.map((label) => [label, [...new Set(parentsOf(label))].filter((parent) => labels.includes(parent))]));
  const reached = new Map(labels.map((label) => [label, reachedFrom(label, parents)]));
  const leadsTo = (from: string, to: string): boolean => reached.get(from)?.has(to) === true;
  const circles = new Map(labels.map((label) => [label, labels.filter((other) => leadsTo(label, other) && leadsTo(other, label))]));
  const first = chooseFirst(labels, parents);
  const after = labels.map((label) => {
    const own = circles.get(label) ?? [];
    const waited = (parents.get(label) ?? []).flatMap((parent) => {
      if (own.includes(parent)) return first(parent, label) ? [parent] : [];
      const circle = circles.get(parent) ?? [];
      return circle.length === 0 ? [parent] : circle;
    });
    return [label, [...new Set(waited)]] as const;
  });
  return { after: new Map(after), circles };
}

function reachedFrom(label: string, parents: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [...(parents.get(label) ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    pending.push(...(parents.get(next) ?? []));
  }
  return reached;
}

/** Whether a table comes before another, in an order that puts parents first as far as that goes. */
function chooseFirst(labels: readonly string[], parents: ReadonlyMap<string, readonly string[]>): (a: string, b: string) => boolean {
  const place = new Map<string, number>();
  const underWay = new Set<string>();
  const visit = (label: string): void => {
    if (place.has(label) || underWay.has(label)) return;
    underWay.add(label);
    parents.get(label)?.forEach(visit);
    place.set(label, place.size);
  };
  labels.forEach(visit);
  return (a, b) => (place.get(a) ?? 0) < (place.get(b) ?? 0);
}
