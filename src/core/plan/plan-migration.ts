import { nameIdentifiers } from '../mapping/identifiers.ts';
import type { Catalog, CatalogIndex } from '../model/catalog.ts';
import type { TableProfile } from '../model/column-profile.ts';
import type { Warning } from '../model/run.ts';
import { planSchema, type PlanInput, type PlanOptions } from './plan-schema.ts';
import { planColumns } from './migration/plan-columns.ts';
import { planForeignKeys, type TableWithKeys } from './migration/plan-foreign-keys.ts';
import { planChecks } from './migration/plan-checks.ts';
import { planFullText } from './migration/plan-full-text.ts';
import { planIndexes } from './migration/plan-indexes.ts';
import { planKeys, type PlanTableInput } from './migration/plan-keys.ts';
import { planSequences } from './migration/plan-sequences.ts';
import { reconcileKeyTypes } from './migration/reconcile-key-types.ts';
import { remarkPrograms } from './migration/remark-programs.ts';
import { Remarks } from './migration/remarks.ts';
import { redirectKeys, splitWideTable } from './migration/split-wide-table.ts';
import { draftTables, plannedName, type TableDraft, type TableOfSource } from './migration/table-draft.ts';
import { writeGraphs } from './migration/write-graphs.ts';
import { writeDocuments } from './migration/write-documents.ts';
import { MigrationError } from '../errors.ts';

/** A store as it was introspected and profiled. */
export interface MigrationSource {
  readonly kind: PlanInput['sources'][string]['kind'];
  /** As the plan writes it: relative to the plan file. */
  readonly path: string;
  /** Further keys of the source in the plan: how it was read. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly fingerprint: string;
  /** Every row, or how many rows of a table were read. */
  readonly profiled: 'full' | number;
  readonly catalog: Catalog;
  /** One for each table of the catalog. */
  readonly profiles: readonly TableProfile[];
}

export interface PlanMigrationInput {
  readonly name: string;
  /** By their name in the plan. */
  readonly sources: Readonly<Record<string, MigrationSource>>;
  readonly target: { readonly profile: string; readonly schema: string };
  readonly options: Partial<PlanOptions>;
}

/**
 * The plan that a person would start from: names, types by the default policy, keys, defaults and indexes for every table of every source. Pure: the same
 * input gives the same plan. What is changed, left out or not understood is said in `warnings` and in the plan's notes.
 */
export function planMigration(input: PlanMigrationInput): { readonly plan: PlanInput; readonly warnings: readonly Warning[] } {
  const remarks = new Remarks();
  const options = planSchema.shape.options.parse(input.options);
  const { drafts, enums } = draftTables(tablesOf(input.sources, options), options.identifiers, remarks);
  reconcileKeyTypes(drafts, remarks);
  const all = drafts.map((draft): TableWithKeys => ({ draft, keys: planKeys(draft, referredColumns(draft, drafts), remarks) }));
  const nameOf = nameIndexes(drafts, options, remarks);
  const whole = all.map((entry) => planTable(entry, all, { nameOf, style: options.identifiers }, remarks));
  const tables = writeGraphs(writeDocuments(splitTables(whole, drafts, [...nameOf.values()], remarks), drafts), drafts);
  const sequences = planSequences(drafts, [...nameOf.values()]);
  const naming = { schema: input.target.schema, style: options.identifiers };
  for (const [name, { catalog }] of Object.entries(input.sources)) {
    remarkPrograms(name, catalog, drafts, naming, remarks);
    remarkSkipped(catalog, remarks);
  }
  const plan: PlanInput = {
    version: 1,
    name: input.name,
    sources: mapValues(input.sources, ({ kind, path, settings }) => ({ kind, path, ...settings })),
    madeFrom: { sources: mapValues(input.sources, ({ fingerprint, profiled }) => ({ fingerprint, profiled })) },
    target: { ...input.target },
    options: { ...input.options },
    ...(enums.length === 0 ? {} : { enums }),
    ...(sequences.length === 0 ? {} : { sequences }),
    tables,
    notes: remarks.notes,
  };
  return { plan, warnings: remarks.warnings };
}

function tablesOf(sources: PlanMigrationInput['sources'], options: PlanOptions): readonly TableOfSource[] {
  return Object.entries(sources).flatMap(([source, { kind, catalog, profiles }]) =>
    catalog.tables.map((table) => {
      const profile = profiles.find((candidate) => candidate.table === table.name);
      if (profile === undefined)
        throw new MigrationError('internal', { context: { table: table.name, detail: `table ${table.name} was not profiled` } });
      const { timestamps, emptyText, nulBytes, invalidText } = options;
      return {
        source,
        table,
        profile,
        typeOptions: { dialect: kind, sample: profile.sample, inKey: false, timestamps, emptyText, nulBytes, invalidText },
      };
    }),
  );
}

function planTable(
  entry: TableWithKeys,
  all: readonly TableWithKeys[],
  { nameOf, style }: { readonly nameOf: ReadonlyMap<CatalogIndex, string>; readonly style: PlanOptions['identifiers'] },
  remarks: Remarks,
): PlanTableInput {
  const { draft, keys } = entry;
  for (const note of draft.table.notes) remarkTable(note, draft, remarks);
  if (draft.table.optional === true) remarks.note('is left out; "include": true loads it.', draft.table.name);
  for (const { code, message } of draft.table.warnings ?? []) remarks.warn(code, message, draft.table.name);
  const columns = planColumns(draft, keys.primaryKey, remarks);
  const foreignKeys = planForeignKeys(entry, all, remarks);
  const indexes = [...keys.indexes, ...planIndexes(draft, nameOf, remarks)];
  const checks = planChecks(draft, style, remarks);
  const fullText = planFullText(draft, style, remarks);
  return {
    source: draft.source,
    from: draft.table.name,
    to: plannedName(draft),
    ...(draft.table.optional === true && { include: false }),
    columns,
    ...(keys.primaryKey.length === 0 ? {} : { primaryKey: [...keys.primaryKey] }),
    ...(keys.uniques.length === 0 ? {} : { uniques: [...keys.uniques] }),
    ...(checks.length === 0 ? {} : { checks: [...checks] }),
    ...(foreignKeys.length === 0 ? {} : { foreignKeys: [...foreignKeys] }),
    ...(indexes.length === 0 ? {} : { indexes }),
    ...(fullText === null ? {} : { fullText }),
  };
}

/** What a source says about a table; what it could not hand over is more than a note. */
function remarkTable(note: string, { table }: TableDraft, remarks: Remarks): void {
  if (/not carried over/.test(note)) remarks.warn('not-carried', `The table ${note}.`, table.name);
  else remarks.note(note, table.name);
}

/** `tables` and `drafts` are parallel. */
function splitTables(
  tables: readonly PlanTableInput[],
  drafts: readonly TableDraft[],
  indexNames: readonly string[],
  remarks: Remarks,
): PlanTableInput[] {
  const taken = new Set([...drafts.map(({ to }) => to), ...indexNames]);
  const parts = tables.map((table, i) => splitWideTable(table, drafts[i] as TableDraft, taken, remarks));
  const split = new Map(parts.filter(({ length }) => length > 1).map((list) => [list[0]?.to as string, list]));
  return [...redirectKeys(parts.flat(), split)];
}

/** Column lists of a table that foreign keys of the same source name. */
function referredColumns(parent: TableDraft, drafts: readonly TableDraft[]): readonly (readonly string[])[] {
  const children = drafts.filter((draft) => draft.source === parent.source);
  return children.flatMap(({ table }) =>
    table.foreignKeys.filter((key) => key.references === parent.table.name).map((key) => key.referencesColumns),
  );
}

/** Index names are kept; they share one space with the tables, in both databases. */
function nameIndexes(drafts: readonly TableDraft[], options: PlanOptions, remarks: Remarks): ReadonlyMap<CatalogIndex, string> {
  const entries = drafts.flatMap(({ table }) => table.indexes.map((index) => ({ index, table })));
  const reserved = new Set(drafts.map((draft) => draft.to));
  const names = nameIdentifiers(
    entries.map(({ index }) => index.name),
    options.identifiers,
    reserved,
  );
  return new Map(
    entries.map(({ index, table }, position) => {
      const name = names[position] as (typeof names)[number];
      if (name.note !== null) remarks.note(`Index ${name.from} is called ${name.to} in PostgreSQL, because ${name.note}.`, table.name);
      return [index, name.to];
    }),
  );
}

function remarkSkipped({ skipped }: Catalog, remarks: Remarks): void {
  for (const { name, reason } of skipped) {
    // A store's own bookkeeping is worth a note, not a warning.
    if (/^sqlite_/i.test(name)) remarks.note(`${name} is left out: ${reason}.`);
    else remarks.warn('skipped-object', `${name} is left out: ${reason}.`);
  }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
