import { meantEdgeEnd, parseEdgeEnd } from '../../model/graph-names.ts';
import type { EffectivePlan } from '../effective-plan.ts';
import { sourceNamed, type FrozenSources } from '../frozen-sources.ts';
import { foundError, type Found } from './finding.ts';

/** Columns that the edges of a node fill: a node has room for one edge, and the store must not have more. A class without a node has none. */
export function checkEdgeEnds({ compiled }: EffectivePlan, sources: FrozenSources): readonly Found[] {
  return compiled.tables.flatMap(({ source, from, columns }) => {
    const { snapshot, catalog } = sourceNamed(sources, source);
    const table = catalog.tables.find(({ name, graph }) => graph === true && name === from);
    if (table === undefined) return [];
    return columns.flatMap((column) => {
      const wanted = parseEdgeEnd(column.from);
      if (wanted === null || meantEdgeEnd(table.edgeEnds ?? [], wanted) !== null) return [];
      return [foundError('edge-not-single', { path: snapshot.location, table: from, column: column.from })];
    });
  });
}
