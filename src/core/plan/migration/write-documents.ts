import { parseDocumentColumn, parseDocumentTable } from '../../model/document-names.ts';
import { planColumnFrom, planDocuments } from '../document-from.ts';
import type { PlanColumnInput } from './plan-columns.ts';
import type { PlanTableInput } from './plan-keys.ts';
import type { TableDraft } from './table-draft.ts';

/** Tables of documents as a person writes them: where their rows and values are, instead of the names that the source has for them. */
export function writeDocuments(tables: readonly PlanTableInput[], drafts: readonly TableDraft[]): PlanTableInput[] {
  return tables.map((table) => {
    const draft = drafts.find((one) => one.source === table.source && one.table.name === table.from && one.table.documents === true);
    const documents = draft === undefined ? null : parseDocumentTable(draft.table.name);
    if (draft === undefined || documents === null) return table;
    const columns = table.columns ?? [];
    const keyColumn = columns.find(({ from }) => from === '#key')?.to;
    const ordinal = columns.find(({ from }) => from === '#position')?.to;
    const parent = parentOf(draft, drafts);
    return {
      ...table,
      from: planDocuments(documents, {
        ...(keyColumn !== undefined && { keyColumn }),
        ...(ordinal !== undefined && { ordinal }),
        ...(parent !== undefined && { parent }),
      }),
      columns: columns.map(writeColumn),
    };
  });
}

/** Name in the target of the table whose documents the rows are in. */
function parentOf({ source, table }: TableDraft, drafts: readonly TableDraft[]): string | undefined {
  const names = table.foreignKeys.map(({ references }) => references);
  return drafts.find((one) => one.source === source && one.table.documents === true && names.includes(one.table.name))?.to;
}

/** The key and the place of an element are said by the table. */
function writeColumn(column: PlanColumnInput): PlanColumnInput {
  const { from, ...rest } = column;
  if (from === '#key' || from === '#position') return rest;
  const parsed = typeof from === 'string' ? parseDocumentColumn(from) : null;
  return parsed === null ? column : { ...column, from: planColumnFrom(parsed) };
}
