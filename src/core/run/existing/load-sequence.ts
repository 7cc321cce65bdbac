/** For each table, those to be loaded before it, and the tables whose foreign keys go round in a circle: there one has to come first. */
export interface LoadSequence {
  readonly after: ReadonlyMap<string, readonly string[]>;
  readonly circular: readonly string[];
}

/** `parentsOf`: tables that the foreign keys of a table refer to; those that are not among `labels` do not count. */
export function loadSequence(labels: readonly string[], parentsOf: (label: string) => readonly string[]): LoadSequence {
  const known = new Set(labels);
  const after = new Map<string, readonly string[]>();
  const circular = new Set<string>();
  const underWay = new Set<string>();
  const visit = (label: string): void => {
    if (after.has(label)) return;
    underWay.add(label);
    const parents = parentsOf(label).filter((parent) => known.has(parent) && parent !== label);
    for (const parent of parents) if (!underWay.has(parent)) visit(parent);
    after.set(
      label,
      parents.filter((parent) => !underWay.has(parent)),
    );
    if (parents.some((parent) => underWay.has(parent))) circular.add(label);
    underWay.delete(label);
  };
  labels.forEach(visit);
  return { after, circular: [...circular] };
}
