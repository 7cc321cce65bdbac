import {
  formatDocumentColumn,
  formatDocumentTable,
  parseDocumentColumn,
  parseDocumentTable,
  type DocumentColumn,
  type DocumentTable,
} from '../model/document-names.ts';
import { parseDocumentPath, formatDocumentPath, type PathStep } from '../model/document-path.ts';
import { parsePointer } from '../model/json-pointer.ts';
import type { PlanColumn, PlanTable } from './plan-schema.ts';

/** How a plan says where the rows of a table of documents are. */
export type PlanDocuments = Extract<PlanTable['from'], { readonly files: string }>;

/** A name of the source's contract, or why the plan names nothing: a sentence without its full stop. */
export type SourceName = { readonly name: string } | { readonly fault: string; readonly key: string };

/** null when a plan reads the table's rows from something else than documents. */
export function documentsOf({ from }: Pick<PlanTable, 'from'>): PlanDocuments | null {
  return typeof from === 'object' && 'files' in from ? from : null;
}

/** The name of the table in the Source contract. */
export function documentTableName({ files, path: text = '$', as, keyColumn, ordinal }: PlanDocuments): SourceName {
  const path = parseDocumentPath(text);
  if (path === null) return { fault: `"${text}" is not a path of documents; write for example $, $.messages[*] or $.terms.*`, key: 'path' };
  if (as === 'jsonb' || as === 'columns') return { fault: `"as": "${as}" makes no rows; a table is rows, rows-of-map or child`, key: 'as' };
  if (as === 'child' && path.length === 0) return { fault: 'a child has a path below its document, for example $.messages', key: 'path' };
  const whole = as === 'rows-of-map' ? withEach(path, 'entry') : path.length === 0 ? path : withEach(path, 'element');
  const each = eachOf(whole.at(-1));
  if (keyColumn !== undefined && each !== 'entry') return { fault: 'only the entries of a map have a key', key: 'keyColumn' };
  if (ordinal !== undefined && each !== 'element') return { fault: 'only the elements of an array have a position', key: 'ordinal' };
  return { name: formatDocumentTable({ files, path: whole }) };
}

/** How a plan writes such a table. `parent`: the plan's table of the documents, of which this one is a child. */
export function planDocuments(
  { files, path }: DocumentTable,
  besides: Pick<PlanDocuments, 'keyColumn' | 'ordinal' | 'parent'> = {},
): PlanDocuments {
  const each = eachOf(path.at(-1));
  const as = each === 'entry' ? 'rows-of-map' : besides.parent === undefined ? 'rows' : 'child';
  // `$.messages` says it as well, unless what is left would say something else.
  const isShort = path.length > 1 && each !== null && as !== 'rows' && eachOf(path.at(-2)) === null;
  return { files, path: formatDocumentPath(isShort ? path.slice(0, -1) : path), as, ...besides };
}

/** The name of a column in the Source contract; null for a column that only the target has. */
export function documentColumnName({ from, to }: Pick<PlanColumn, 'from' | 'to'>, table: PlanDocuments | null): SourceName | null {
  if (from === null) {
    if (to === table?.keyColumn) return { name: '#key' };
    return to === table?.ordinal ? { name: '#position' } : null;
  }
  if (typeof from === 'string')
    return parseDocumentColumn(from) === null
      ? { fault: `"${from}" is not a place in a document; write for example "/title", or "" for all of it`, key: 'from' }
      : { name: from };
  if ('path' in from) {
    const column = parseDocumentColumn(`{${from.path}}`);
    return column === null
      ? { fault: `"${from.path}" is not the name of a path segment`, key: 'from' }
      : { name: formatDocumentColumn(column) };
  }
  if ('parent' in from) {
    const parent = parsePointer(from.parent);
    return parent === null
      ? { fault: `"${from.parent}" is not a place in a document; write for example "/id"`, key: 'from' }
      : { name: formatDocumentColumn({ parent }) };
  }
  if ('key' in from) return { name: '#key' };
  return { fault: 'edges are read from graphs, and this table comes from documents', key: 'from' };
}

/** What the source calls the table that a plan reads; null where it says so in a way that no source has. */
export function sourceTableOf({ from }: Pick<PlanTable, 'from'>): string | null {
  if (typeof from === 'string') return from;
  const documents = documentsOf({ from });
  const named = documents === null ? null : documentTableName(documents);
  return named !== null && 'name' in named ? named.name : null;
}

/** What the source calls a column of such a table; null for a column that only the target has. */
export function sourceColumnOf(column: Pick<PlanColumn, 'from' | 'to'>, { from }: Pick<PlanTable, 'from'>): string | null {
  const documents = documentsOf({ from });
  if (documents === null) return typeof column.from === 'string' ? column.from : null;
  const named = documentColumnName(column, documents);
  return named !== null && 'name' in named ? named.name : null;
}

/** How a plan writes such a column. */
export function planColumnFrom(column: DocumentColumn): NonNullable<PlanColumn['from']> {
  if ('segment' in column) return { path: column.segment };
  if ('parent' in column) return { parent: formatDocumentColumn(column).slice(1) };
  return 'fact' in column && column.fact === 'key' ? { key: true } : formatDocumentColumn(column);
}

/** A table that the plan names as the source does. */
export function namesDocuments(from: PlanTable['from']): boolean {
  return typeof from === 'string' ? parseDocumentTable(from) !== null : 'files' in from;
}

function withEach(path: readonly PathStep[], each: 'element' | 'entry'): readonly PathStep[] {
  const last = eachOf(path.at(-1));
  return last === each || (last !== null && each === 'element') ? path : [...path, { each }];
}

function eachOf(step: PathStep | undefined): 'element' | 'entry' | null {
  return step !== undefined && 'each' in step ? step.each : null;
}
