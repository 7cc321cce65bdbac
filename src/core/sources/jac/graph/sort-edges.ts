import type { GraphEdges } from '../../../model/graph-names.ts';
import type { Connection } from '../../shared/sqlite/connection.ts';

/** Edges of one class between two classes of nodes: a table. */
export interface EdgeTable {
  /** Its number in "own edge". */
  readonly number: number;
  readonly edges: GraphEdges;
  readonly rows: number;
  /** Edges of which an end is no node of the store. */
  readonly dangling: number;
  /** No node has more than one of these edges at this end, so that each can hold the id of the other end. */
  readonly single: { readonly source: boolean; readonly target: boolean };
}

interface Joined {
  readonly class: string;
  readonly sourceClass: string | null;
  readonly targetClass: string | null;
  readonly edges: bigint;
}

/**
 * Sorts the edges into tables by the classes of their ends, and numbers them in "own edge". An edge with an end that is no node goes where the other edges of
 * its class that fit its known end go, if that is one table; else edges of its kind have their own.
 */
export function sortEdges(connection: Connection): readonly EdgeTable[] {
  connection.exec(joinEnds);
  const joined = connection.prepare(countJoined).all() as Joined[];
  const whole = joined.filter(({ sourceClass, targetClass }) => sourceClass !== null && targetClass !== null);
  const tables = new Map<string, { readonly number: number; readonly edges: GraphEdges; rows: number; dangling: number }>();
  const assign = connection.prepare(`UPDATE "own edge" SET number = ? WHERE class = ? AND source_class IS ? AND target_class IS ?`);
  for (const some of [...whole, ...joined.filter((one) => !whole.includes(one))]) {
    const edges = edgesOf(some, whole);
    const key = JSON.stringify([edges.edge, edges.source ?? null, edges.target ?? null]);
    const table = tables.get(key) ?? { number: tables.size + 1, edges, rows: 0, dangling: 0 };
    tables.set(key, table);
    table.rows += Number(some.edges);
    if (!whole.includes(some)) table.dangling += Number(some.edges);
    assign.run(BigInt(table.number), some.class, some.sourceClass, some.targetClass);
  }
  connection.exec(indexEnds);
  const most = { source: mostAt(connection, 'source'), target: mostAt(connection, 'target') };
  return [...tables.values()].map((table) => ({
    ...table,
    single: { source: most.source.get(table.number)! <= 1, target: most.target.get(table.number)! <= 1 },
  }));
}

/** In the order of names, so that tables do not depend on that of records. */
const countJoined = `
SELECT class, source_class AS sourceClass, target_class AS targetClass, count(*) AS edges
FROM "own edge" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

const joinEnds = `
CREATE TABLE "own edge" (id PRIMARY KEY, class, source, target, source_class, target_class, number) WITHOUT ROWID;
INSERT INTO "own edge"
SELECT e.id, e.class, e.source, e.target, s.class, t.class, NULL FROM anchors e
LEFT JOIN anchors s ON s.id = e.source AND s.kind = 'node'
LEFT JOIN anchors t ON t.id = e.target AND t.kind = 'node'
WHERE e.kind = 'edge';
CREATE INDEX "own edge classes" ON "own edge" (class, source_class, target_class);`;

const indexEnds = `
CREATE INDEX "own edge sources" ON "own edge" (number, source);
CREATE INDEX "own edge targets" ON "own edge" (number, target);`;

function edgesOf({ class: edge, sourceClass, targetClass }: Joined, whole: readonly Joined[]): GraphEdges {
  const fitting = whole.filter(
    (one) =>
      one.class === edge &&
      (sourceClass === null || one.sourceClass === sourceClass) &&
      (targetClass === null || one.targetClass === targetClass),
  );
  const [only, other] = fitting;
  const { sourceClass: source, targetClass: target } = only !== undefined && other === undefined ? only : { sourceClass, targetClass };
  return { edge, ...(source !== null && { source }), ...(target !== null && { target }) };
}

/** The most edges that one node has at an end, by table. */
function mostAt(connection: Connection, end: 'source' | 'target'): ReadonlyMap<number, number> {
  const rows = connection
    .prepare(
      `SELECT number, max(edges) AS most FROM (SELECT number, count(*) AS edges FROM "own edge" GROUP BY number, ${end}) GROUP BY number`,
    )
    .all() as { readonly number: bigint; readonly most: bigint }[];
  return new Map(rows.map(({ number, most }) => [Number(number), Number(most)]));
}
