import type { Anchor, AnchorReader, BrokenRecord, PythonValue } from '../../src/core/sources/jac/anchor.ts';

/** Ids that are easy to read: `idOf(7)` ends in 7. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function nodeAnchor(
  number: number,
  className: string,
  fields: Readonly<Record<string, PythonValue>> = {},
  rest: Partial<Anchor> = {},
): Anchor {
  return {
    kind: 'node',
    id: idOf(number),
    className,
    module: '__main__',
    rootId: null,
    access: null,
    fields: new Map(Object.entries(fields)),
    edges: [],
    ends: null,
    ...rest,
  };
}

export function edgeAnchor(
  number: number,
  className: string,
  [source, target]: readonly [number, number],
  fields: Readonly<Record<string, PythonValue>> = {},
): Anchor {
  return {
    ...nodeAnchor(number, className, fields),
    kind: 'edge',
    ends: { source: idOf(source), target: idOf(target), undirected: false },
  };
}

/** A store in memory. */
export function readerOf(records: readonly (Anchor | BrokenRecord)[]): AnchorReader {
  return { read: () => records, close() {} };
}
