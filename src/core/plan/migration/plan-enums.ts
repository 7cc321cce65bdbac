import { nameIdentifiers, type IdentifierStyle } from '../../mapping/identifiers.ts';
import type { CatalogEnum, CatalogTable } from '../../model/catalog.ts';
import { maxIdentifierBytes } from '../../sql/quote.ts';
import { builtInTypes, extensionTypes, typeAliases } from '../../sql/type-names.ts';
import type { PlanInput } from '../plan-schema.ts';
import type { Remarks } from './remarks.ts';

/** Enum types of the target, and which of them a column's becomes. */
export interface PlannedEnums {
  readonly enums: NonNullable<PlanInput['enums']>;
  /** null: PostgreSQL cannot hold its labels, so the column is one of texts. */
  nameOf(type: CatalogEnum): string | null;
}

/**
 * One type for each list of labels, in their order (D11). A table has a type of its own name in PostgreSQL, so a type never takes the name of one:
 * `tableNames`.
 */
export function planEnums(
  tables: readonly CatalogTable[],
  style: IdentifierStyle,
  tableNames: readonly string[],
  remarks: Remarks,
): PlannedEnums {
  const wanted = new Map<string, { readonly name: string; readonly labels: readonly string[] }>();
  for (const table of tables) {
    for (const { name, enumType } of table.columns) {
      if (enumType === undefined || !areStorable(enumType.labels)) continue;
      const own = enumType.name ?? `${table.bareName ?? table.name}_${name}`;
      if (!wanted.has(keyOf(enumType))) wanted.set(keyOf(enumType), { name: own, labels: enumType.labels });
    }
  }
  const reserved = new Set([...tableNames, ...builtInTypes, ...extensionTypes, ...typeAliases.keys()]);
  const entries = [...wanted];
  const named = nameIdentifiers(
    entries.map(([, { name }]) => name),
    style,
    reserved,
  );
  for (const { from, to, note } of named)
    if (note !== null) remarks.note(`The enum type ${from} is called ${to} in PostgreSQL, because ${note}.`);
  const names = new Map(entries.map(([key], i) => [key, named[i]?.to ?? '']));
  return {
    enums: entries.map(([key, { labels }]) => ({ name: names.get(key) ?? '', values: [...labels] })),
    nameOf: (type) => names.get(keyOf(type)) ?? null,
  };
}

function keyOf({ labels }: CatalogEnum): string {
  return JSON.stringify(labels);
}

/** https://www.postgresql.org/docs/current/datatype-enum.html */
function areStorable(labels: readonly string[]): boolean {
  return labels.length > 0 && labels.every((label) => !label.includes('\0') && Buffer.byteLength(label) <= maxIdentifierBytes);
}
