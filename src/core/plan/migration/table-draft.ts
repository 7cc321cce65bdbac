import { MigrationError } from '../../errors.ts';
import { chooseType, imposeType, type TypeChoice } from '../../mapping/choose-type.ts';
import { nameIdentifiers, type IdentifierStyle } from '../../mapping/identifiers.ts';
import { scalarType } from '../../mapping/scalar-type.ts';
import type { TypeOptions } from '../../mapping/type-options.ts';
import type { CatalogColumn, CatalogTable } from '../../model/catalog.ts';
import type { ColumnProfile, TableProfile } from '../../model/column-profile.ts';
import type { Remarks } from './remarks.ts';

/** A column on its way into a plan. */
export interface ColumnDraft {
  readonly column: CatalogColumn;
  readonly profile: ColumnProfile;
  /** Name in the target. */
  readonly to: string;
  /** Replaced while keys are brought to one type. */
  choice: TypeChoice;
}

/** A table on its way into a plan. */
export interface TableDraft {
  /** Name of the source in the plan. */
  readonly source: string;
  readonly table: CatalogTable;
  readonly profile: TableProfile;
  readonly to: string;
  readonly typeOptions: TypeOptions;
  readonly columns: readonly ColumnDraft[];
}

export interface TableOfSource {
  readonly source: string;
  readonly table: CatalogTable;
  readonly profile: TableProfile;
  readonly typeOptions: TypeOptions;
}

/** Names for tables and columns, and a type for every column by itself. */
export function draftTables(tables: readonly TableOfSource[], style: IdentifierStyle, remarks: Remarks): readonly TableDraft[] {
  const names = nameIdentifiers(
    tables.map(({ table }) => table.name),
    style,
  );
  return tables.map((item, position) => {
    const name = names[position] as (typeof names)[number];
    if (name.note !== null)
      remarks.warn('renamed', `Table ${name.from} is called ${name.to} in PostgreSQL, because ${name.note}.`, name.from);
    return { ...item, to: name.to, columns: draftColumns(item, style, remarks) };
  });
}

/** The column of a draft by its name in the source; SQLite's names have no case. */
export function findColumn(draft: TableDraft, name: string): ColumnDraft | null {
  const folded = name.toLowerCase();
  return (
    draft.columns.find(({ column }) => column.name === name) ??
    draft.columns.find(({ column }) => column.name.toLowerCase() === folded) ??
    null
  );
}

/** Drafts of the named columns; null when one of them is not there. */
export function findColumns(draft: TableDraft, names: readonly string[]): readonly ColumnDraft[] | null {
  const found = names.map((name) => findColumn(draft, name));
  return found.every((column) => column !== null) ? found : null;
}

function draftColumns({ table, profile, typeOptions }: TableOfSource, style: IdentifierStyle, remarks: Remarks): readonly ColumnDraft[] {
  const names = nameIdentifiers(
    table.columns.map((column) => column.name),
    style,
  );
  const keys = keyColumns(table);
  const searched = new Set(table.fullText?.columns);
  return table.columns.map((column, position) => {
    const name = names[position] as (typeof names)[number];
    if (name.note !== null)
      remarks.warn('renamed', `Column ${name.from} is called ${name.to} in PostgreSQL, because ${name.note}.`, table.name);
    const own = profileOf(column, profile, table);
    const options = { ...typeOptions, inKey: keys.has(column.name) };
    // What is searched for words stays a text, even if every one of them is a date.
    const choice = searched.has(column.name)
      ? imposeType(column, own, options, { type: scalarType('text'), convert: 'auto' })
      : chooseType(column, own, options);
    return { column, profile: own, to: name.to, choice };
  });
}

/** Columns whose values must stay different where they are different. */
function keyColumns({ primaryKey, uniques, indexes }: CatalogTable): ReadonlySet<string> {
  const unique = indexes.filter((index) => index.unique).flatMap(({ parts }) => parts.flatMap(({ column }) => column ?? []));
  return new Set([...primaryKey, ...uniques.flatMap(({ columns }) => columns), ...unique]);
}

function profileOf(column: CatalogColumn, profile: TableProfile, table: CatalogTable): ColumnProfile {
  const found = profile.columns.find((candidate) => candidate.column === column.name);
  if (found === undefined)
    throw new MigrationError('internal', {
      context: { table: table.name, column: column.name, detail: `column ${column.name} of ${table.name} was not profiled` },
    });
  return found;
}
