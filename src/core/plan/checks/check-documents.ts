import { parseDocumentColumn, parseDocumentTable, type DocumentTable } from '../../model/document-names.ts';
import { plural } from '../../model/plural.ts';
import { documentColumnName, documentsOf, documentTableName, type PlanDocuments } from '../document-from.ts';
import { errorAt, type FoundProblem } from '../plan-problem.ts';
import type { Plan, PlanColumn, PlanTable } from '../plan-schema.ts';
import { resolveTableName, tableLabel } from '../planned-table.ts';

/** Tables and columns of documents: paths that name something, forms that fit the table, parents that are there. */
export function checkDocuments(plan: Plan): readonly FoundProblem[] {
  return plan.tables.flatMap((table, i) => (table.include ? checkTable(plan, table, ['tables', i]) : []));
}

type Path = FoundProblem['path'];

function checkTable(plan: Plan, table: PlanTable, path: Path): readonly FoundProblem[] {
  const documents = documentsOf(table);
  if (documents === null) {
    const named = typeof table.from === 'string' ? parseDocumentTable(table.from) : null;
    if (named !== null) return checkColumns(plan, table, null, named, path);
    return typeof table.from === 'string' ? table.columns.flatMap((column, i) => checkPlain(column, [...path, 'columns', i, 'from'])) : [];
  }
  const name = documentTableName(documents);
  if ('fault' in name) return [errorAt(`${name.fault}.`, [...path, 'from', name.key])];
  return [
    ...checkParent(plan, table, documents, [...path, 'from', 'parent']),
    ...(['keyColumn', 'ordinal'] as const).flatMap((key) => checkNamed(table, documents, key, [...path, 'from', key])),
    ...checkColumns(plan, table, documents, parseDocumentTable(name.name), path),
  ];
}

/** Columns of a table that does not come from documents. */
function checkPlain({ from }: PlanColumn, at: Path): readonly FoundProblem[] {
  if (from === '') return [errorAt('Only a document is read as a whole; name a column of the table.', at)];
  if (from === null || typeof from === 'string' || 'edge' in from) return [];
  return [errorAt(`{ "${Object.keys(from)[0] ?? ''}" } is for tables that come from documents; name a column of the table.`, at)];
}

function checkParent(plan: Plan, table: PlanTable, { parent, files }: PlanDocuments, at: Path): readonly FoundProblem[] {
  if (parent === undefined) return [];
  const { schema } = plan.target;
  const label = tableLabel(resolveTableName(parent, schema));
  const found = plan.tables.find(
    ({ to }) => to === parent || tableLabel(resolveTableName(to, schema)) === label || labelOf(to, schema) === parent,
  );
  if (found === undefined) return [errorAt(`There is no table "${parent}" in this plan.`, at)];
  if (!found.include) return [errorAt(`The table "${parent}" is left out of this plan.`, at)];
  const above = documentsOf(found)?.files ?? (typeof found.from === 'string' ? parseDocumentTable(found.from)?.files : undefined);
  return found.source === table.source && above === files
    ? []
    : [errorAt(`The rows of "${parent}" come from other files, so that they are no parents of these.`, at)];
}

function labelOf(to: PlanTable['to'], schema: string): string {
  return tableLabel(resolveTableName(to, schema));
}

function checkNamed(table: PlanTable, documents: PlanDocuments, key: 'keyColumn' | 'ordinal', at: Path): readonly FoundProblem[] {
  const name = documents[key];
  if (name === undefined) return [];
  const column = table.columns.find(({ to }) => to === name);
  if (column === undefined) return [errorAt(`The table has no column "${name}".`, at)];
  const own = documentColumnName(column, null);
  const wanted = key === 'keyColumn' ? '#key' : '#position';
  return own === null || ('name' in own && own.name === wanted) ? [] : [errorAt(`The column "${name}" is read from somewhere else.`, at)];
}

function checkColumns(
  plan: Plan,
  table: PlanTable,
  documents: PlanDocuments | null,
  named: DocumentTable | null,
  path: Path,
): readonly FoundProblem[] {
  const eaches = (named?.path ?? []).flatMap((step) => ('each' in step ? [step.each] : []));
  const last = named?.path.at(-1);
  const each = last !== undefined && 'each' in last ? last.each : null;
  return table.columns.flatMap((column, i) => {
    const name = documentColumnName(column, documents);
    const at = [...path, 'columns', i, 'from'];
    if (name === null) return [];
    if ('fault' in name) return [errorAt(`${name.fault}.`, at)];
    const read = parseDocumentColumn(name.name);
    if (read === null) return [];
    if ('fact' in read && read.fact === 'key' && each !== 'entry') return [errorAt('Only the entries of a map have a key.', at)];
    if ('fact' in read && read.fact === 'position' && each !== 'element')
      return [errorAt('Only the elements of an array have a position.', at)];
    if ('outer' in read && eaches.at(-1 - read.levels) !== (read.outer === 'key' ? 'entry' : 'element'))
      return [errorAt(`There is no ${read.outer === 'key' ? 'map' : 'array'} ${plural(read.levels, 'level')} above the rows.`, at)];
    if ('parent' in read && named?.path.length === 0)
      return [errorAt('Each row is a document itself and has none above it; read the column without "parent".', at)];
    return 'segment' in read ? checkSegment(plan, table, read.segment, at) : [];
  });
}

/** Segments are named by the pattern of the source, which belongs to its kind; one without a pattern is told when it is read. */
function checkSegment({ sources }: Plan, { source }: PlanTable, segment: string, at: Path): readonly FoundProblem[] {
  const pattern = sources[source]?.['pattern'];
  return typeof pattern !== 'string' || pattern.includes(`{${segment}}`)
    ? []
    : [errorAt(`The pattern of the source "${source}" names no segment {${segment}}: ${pattern}`, at)];
}
