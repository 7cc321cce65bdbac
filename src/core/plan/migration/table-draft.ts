import { MigrationError } from '../../errors.ts';
import { chooseType, imposeType, type TypeChoice } from '../../mapping/choose-type.ts';
import { nameIdentifiers, type IdentifierStyle, type NamedIdentifier } from '../../mapping/identifiers.ts';
import { scalarType } from '../../mapping/scalar-type.ts';
import type { TypeOptions } from '../../mapping/type-options.ts';
import type { CatalogColumn, CatalogTable } from '../../model/catalog.ts';
import type { ColumnProfile, TableProfile } from '../../model/column-profile.ts';
import type { PlanTableName } from '../plan-schema.ts';
import { planEnums, type PlannedEnums } from './plan-enums.ts';
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
  /** Schema of the target; null for the one that the plan names. */
  readonly toSchema: string | null;
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
export function draftTables(
  tables: readonly TableOfSource[],
  style: IdentifierStyle,
  remarks: Remarks,
): { readonly drafts: readonly TableDraft[]; readonly enums: PlannedEnums['enums'] } {
  const names = nameTables(tables, style);
  const enums = planEnums(
    tables.map(({ table }) => table),
    style,
    names.map(({ to }) => to),
    remarks,
  );
  const drafts = tables.map((item, position): TableDraft => {
    const name = names[position] as NamedIdentifier;
    const { schema, name: own } = item.table;
    if (name.note !== null) remarks.warn('renamed', `Table ${own} is called ${name.to} in PostgreSQL, because ${name.note}.`, own);
    const toSchema = schema === null ? null : (nameIdentifiers([schema], style)[0]?.to ?? schema);
    return { ...item, to: name.to, toSchema, columns: draftColumns(item, style, enums, remarks) };
  });
  return { drafts, enums: enums.enums };
}

/** A table of the target as the plan writes it. */
export function plannedName({ to, toSchema }: TableDraft): PlanTableName {
  return toSchema === null ? to : { schema: toSchema, table: to };
}

/** Names that are unique within each schema. */
function nameTables(tables: readonly TableOfSource[], style: IdentifierStyle): readonly NamedIdentifier[] {
  const groups = Map.groupBy(tables, ({ table }) => table.schema);
  const named = new Map<TableOfSource, NamedIdentifier>();
  for (const group of groups.values()) {
    const names = nameIdentifiers(
      group.map(({ table }) => table.bareName ?? table.name),
      style,
    );
    group.forEach((item, i) => named.set(item, names[i] as NamedIdentifier));
  }
  return tables.map((item) => named.get(item) as NamedIdentifier);
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

function draftColumns(
  { table, profile, typeOptions }: TableOfSource,
  style: IdentifierStyle,
  enums: PlannedEnums,
  remarks: Remarks,
): readonly ColumnDraft[] {
  const names = nameIdentifiers(
    table.columns.map((column) => column.bareName ?? column.name),
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
    const label = column.enumType === undefined ? null : enums.nameOf(column.enumType);
    // What is searched for words stays a text, even if every one of them is a date.
    const imposed = label === null ? (searched.has(column.name) ? scalarType('text') : null) : scalarType(label);
    const choice =
      imposed === null ? chooseType(column, own, options) : imposeType(column, own, options, { type: imposed, convert: 'auto' });
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
