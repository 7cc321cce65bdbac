import type { TableName } from './compiled-plan.ts';
import { withSourceNames } from './source-names.ts';
import type { Plan, PlanFullText, PlanTable, PlanTableName, PlanTargetOnlyTable } from './plan-schema.ts';

/** A table of the target that the plan makes. */
export interface PlannedTable {
  readonly to: TableName;
  /** `schema.table`, unquoted. */
  readonly label: string;
  /** Columns, keys and indexes. */
  readonly body: PlanTargetOnlyTable;
  /** Where its rows come from, by the names of the source; null for a table that only the target has. */
  readonly load: PlanTable | null;
  /** Where it stands in the plan file. */
  readonly path: readonly (string | number)[];
}

/** Tables to be made, in the order of the plan; what is not included is left out. `schema`: for names without one. */
export function plannedTables(plan: Plan, schema: string): readonly PlannedTable[] {
  const loaded = plan.tables
    .map((written, i) => {
      const table = withSourceNames(written);
      return { ...planned(table, schema), load: table, path: ['tables', i] };
    })
    .filter((table) => table.load.include);
  const targetOnly = plan.targetOnly.map((table, i) => ({ ...planned(table, schema), load: null, path: ['targetOnly', i] }));
  return [...loaded, ...targetOnly];
}

/** Search columns that PostgreSQL fills, in the order of the plan. */
export function fullTextsOf({ fullText }: Pick<PlanTargetOnlyTable, 'fullText'>): readonly PlanFullText[] {
  if (fullText === null) return [];
  return Array.isArray(fullText) ? fullText : [fullText];
}

export function resolveTableName(name: PlanTableName, schema: string): TableName {
  return typeof name === 'string' ? { schema, table: name } : name;
}

export function tableLabel(name: TableName): string {
  return `${name.schema}.${name.table}`;
}

function planned(body: PlanTargetOnlyTable, schema: string): Omit<PlannedTable, 'load' | 'path'> {
  const to = resolveTableName(body.to, schema);
  return { to, label: tableLabel(to), body };
}
