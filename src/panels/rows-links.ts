import type { RowsTable } from '../core/model/rows.ts';
import { quoteIdentifier, quoteLiteral } from '../core/sql/quote.ts';
import type { RowDiffPanelSubject, RowsPanelSubject } from '../protocol/panel-subjects.ts';
import type { RowsPanelMethods } from '../protocol/rows-panel.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { PanelHandlers } from './panel-host.ts';

type Links = Pick<PanelHandlers<RowsPanelMethods>, 'openNeighbours' | 'openReferenced' | 'openRowDiff'>;

/** Where a rows panel leads to: neighbours of a vector, the row that a foreign key names, the comparison with the source. */
export function rowsLinks(deps: PanelDeps, subject: RowsPanelSubject, table: () => Promise<RowsTable>): Links {
  const { panels } = deps;
  return {
    openNeighbours({ column, key }) {
      if (subject.side === 'target') {
        panels.openNeighbours({ profile: subject.profile, schema: subject.schema, table: subject.table, column, key });
      }
      return null;
    },
    async openReferenced({ column, value }) {
      const references = (await table()).columns.find(({ name }) => name === column)?.references;
      if (references === null || references === undefined) return null;
      const filter = `${quoteIdentifier(references.column)} = ${quoteLiteral(value)}`;
      // A literal with a backslash is written in PostgreSQL's own way, which a store does not read: the whole table is shown then.
      const readable = value.includes('\\') ? {} : { filter };
      if (subject.side === 'source') panels.openRows({ side: 'source', location: subject.location, table: references.table, ...readable });
      else panels.openRows({ ...subject, schema: references.schema ?? subject.schema, table: references.table, filter });
      return null;
    },
    openRowDiff() {
      const origin = whereRowsCameFrom(deps, subject);
      if (origin !== null) panels.openRowDiff(origin);
      return null;
    },
  };
}

/** The last run of this window that wrote the table; null when nobody can tell. */
export function whereRowsCameFrom({ runs }: PanelDeps, subject: RowsPanelSubject): RowDiffPanelSubject | null {
  if (subject.side === 'source') return null;
  const table = `${subject.schema}.${subject.table}`;
  const run = runs.list.find(
    (entry) =>
      entry.profile === subject.profile &&
      entry.runId !== null &&
      entry.status !== 'rolled-back' &&
      entry.result?.tables.some(({ to }) => to === table),
  );
  return typeof run?.runId === 'string' ? { profile: subject.profile, input: { kind: 'run', runId: run.runId }, table } : null;
}
