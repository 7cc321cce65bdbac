import { nameIdentifiers, type IdentifierStyle } from '../../mapping/identifiers.ts';
import { columnsOfView, draftView, type ViewNames } from '../../mapping/views/draft-view.ts';
import type { Catalog } from '../../model/catalog.ts';
import type { Remarks } from './remarks.ts';
import type { TableDraft } from './table-draft.ts';

/** Views and triggers of a store (S23): named, with a draft for each view that can be read. Neither is created. */
export function remarkPrograms(
  source: string,
  { views, triggers }: Catalog,
  drafts: readonly TableDraft[],
  { schema, style }: { readonly schema: string; readonly style: IdentifierStyle },
  remarks: Remarks,
): void {
  const own = drafts.filter((draft) => draft.source === source);
  const taken = new Set(drafts.map(({ to }) => to));
  const viewNames = nameIdentifiers(
    views.map(({ name }) => name),
    style,
    taken,
  );
  const ofViews = views.flatMap(({ definition }) => columnsOfView(definition));
  const names = viewNamesOf(own, new Map(viewNames.map(({ from, to }) => [from.toLowerCase(), to])), ofViews, schema);
  for (const [i, { name, definition }] of views.entries()) {
    const draft = draftView(definition, viewNames[i]?.to ?? name, names);
    const doubts = draft === null || draft.doubts.length === 0 ? '' : ` Look at: ${draft.doubts.join('; ')}.`;
    const text = draft === null ? 'No draft: it cannot be read.' : `Draft, not run: ${draft.sql};${doubts}`;
    remarks.warn('view-not-carried', `View ${name} is not carried over. ${text} Its definition: ${definition}`);
  }
  for (const { name, table, definition } of triggers) {
    const message = `Trigger ${name} is not carried over: a trigger of PostgreSQL calls a function, which a person has to write. Its definition: ${definition}`;
    remarks.warn('trigger-not-carried', message, ...(table === null ? [] : [table]));
  }
}

function viewNamesOf(
  drafts: readonly TableDraft[],
  views: ReadonlyMap<string, string>,
  ofViews: readonly string[],
  schema: string,
): ViewNames {
  const tables = new Map(drafts.map(({ table, to }) => [table.name.toLowerCase(), to]));
  // Of columns that are called differently in two tables the first counts; the draft is looked over anyway.
  const columns = new Map(
    drafts
      .toReversed()
      .flatMap((draft) =>
        draft.columns.map(({ column, to, choice }) => [column.name.toLowerCase(), { to, type: choice.mapping.type.name }] as const),
      ),
  );
  return {
    schema,
    table: (name) => tables.get(name.toLowerCase()) ?? views.get(name.toLowerCase()) ?? null,
    column: (name) => {
      const ofView = ofViews.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
      return columns.get(name.toLowerCase()) ?? (ofView === undefined ? null : { to: ofView, type: '' });
    },
  };
}
