import type { Hazard } from '../model/statement.ts';
import type { PgType } from '../model/pg-type.ts';
import type { SqlPartitionBounds } from '../sql/create-partition.ts';
import { formatPgType, parsePgType } from '../sql/pg-type.ts';
import { vectorTypes } from '../sql/type-names.ts';
import type { TableName } from './compiled-plan.ts';
import type { Plan, PlanForeignKey } from './plan-schema.ts';
import { plannedPartitions, type DataRange, type PlannedPartition } from './partitions/planned-partitions.ts';
import { planObjectNames, type TableObjectNames } from './plan-object-names.ts';
import { plannedTables, resolveTableName, tableLabel, type PlannedTable } from './planned-table.ts';

/** What every step of compiling needs to know about the whole plan. */
export interface CompileContext {
  readonly plan: Plan;
  readonly schema: string;
  /** Schema that holds pgvector's types and operator classes. */
  readonly vectorSchema: string;
  /** Tables of this run. */
  readonly tables: readonly PlannedTable[];
  readonly enums: readonly PlannedEnum[];
  /** What the target has already, by `schema.name`. */
  readonly existing: ReadonlySet<string>;
  /** Tables of the plan that are no part of this run and in the target already, by label. */
  readonly earlier: ReadonlySet<string>;
  namesOf(table: PlannedTable): TableObjectNames;
  /** Partitions of a table, with their names; none when it has none. */
  partitionsOf(table: PlannedTable): readonly NamedPartition[];
  /** Foreign keys of a table, with what becomes of them. */
  foreignKeysOf(table: PlannedTable): readonly PlannedForeignKey[];
}

export interface PlannedEnum {
  readonly name: TableName;
  readonly values: readonly string[];
}

export interface PlannedForeignKey {
  readonly key: PlanForeignKey;
  readonly name: string;
  readonly to: TableName;
  /** Why the target will not have this key; null when it will. */
  readonly hazard: Hazard | null;
  /** The parent table will be there, so that orphans can be looked for. */
  readonly parentThere: boolean;
}

export interface NamedPartition {
  readonly name: string;
  readonly bounds: SqlPartitionBounds;
}

export interface CompileNames {
  readonly schema: string;
  readonly vectorSchema: string;
  /** Labels of the tables of this run; null = all. */
  readonly labels: ReadonlySet<string> | null;
  readonly existing: ReadonlySet<string>;
  /** What earlier runs of some of the plan's tables have left there, by `schema.name`. */
  readonly earlier?: ReadonlySet<string>;
  /** Values of partition columns in the source, by label of their table. */
  readonly ranges?: Readonly<Record<string, DataRange>>;
}

export function createCompileContext(
  plan: Plan,
  { schema, vectorSchema, labels, existing, earlier = new Set(), ranges = {} }: CompileNames,
): CompileContext {
  const all = plannedTables(plan, schema);
  const tables = labels === null ? all : all.filter((table) => labels.has(table.label));
  const enums = plannedEnums(plan, schema);
  const partitionsOf = (table: PlannedTable): readonly PlannedPartition[] =>
    plannedPartitions(table, ranges[table.label] ?? null, (type) => enumOf({ enums }, type)?.values ?? null);
  const names = planObjectNames(plan, schema, all, partitionsOf);
  const partitioned = new Map(all.flatMap(({ label, body }) => (body.partitionBy === null ? [] : [[label, body.partitionBy.column]])));
  const made = new Set(tables.map((table) => table.label));
  const known = new Set([...plan.tables, ...plan.targetOnly].map((table) => tableLabel(resolveTableName(table.to, schema))));
  const namesOf = (table: PlannedTable): TableObjectNames => names.get(table.label) as TableObjectNames;
  return {
    plan,
    schema,
    vectorSchema,
    tables,
    existing: new Set([...existing, ...earlier]),
    earlier,
    enums,
    namesOf,
    partitionsOf: (table) => partitionsOf(table).map(({ bounds }, i) => ({ name: namesOf(table).partitions[i] as string, bounds })),
    foreignKeysOf: (table) =>
      table.body.foreignKeys.map((key, i) => {
        const to = resolveTableName(key.references, schema);
        // A table that the plan does not know at all is expected in the target.
        const parentThere = made.has(tableLabel(to)) || earlier.has(tableLabel(to)) || !known.has(tableLabel(to));
        return {
          key,
          name: namesOf(table).foreignKeys[i] as string,
          to,
          parentThere,
          hazard: keyHazard(key, to, parentThere, partitioned.get(tableLabel(to))),
        };
      }),
  };
}

/** The type as DDL needs it: enums and pgvector's types with their schema, because a session's search path may be empty. */
export function ddlType(context: CompileContext, text: string): string {
  const type = parsePgType(text);
  const schema = vectorTypes.has(type.name) ? context.vectorSchema : (enumOf(context, type)?.name.schema ?? null);
  return formatPgType({ ...type, schema: type.schema ?? schema });
}

/** The enum types of a plan; `schema`: where those are that name none. */
export function plannedEnums(plan: Pick<Plan, 'enums'>, schema: string): readonly PlannedEnum[] {
  return plan.enums.map(({ name, values }) => ({ name: resolveTableName(name, schema), values }));
}

/** The enum type of the plan that a type names, with or without its schema; null when it is none of them. */
export function enumOf(context: Pick<CompileContext, 'enums'>, type: PgType): PlannedEnum | null {
  return context.enums.find(({ name }) => name.table === type.name && (type.schema === null || type.schema === name.schema)) ?? null;
}

/** `partitionedBy`: column that the parent table is partitioned by. */
function keyHazard(key: PlanForeignKey, to: TableName, parentThere: boolean, partitionedBy: string | undefined): Hazard | null {
  const text = `The foreign key (${key.columns.join(', ')}) to ${tableLabel(to)}`;
  if (!parentThere) return { code: 'dropped-key', message: `${text} is left out, because that table is not part of this run.` };
  if (key.enforce) return null;
  if (partitionedBy !== undefined && !key.referencesColumns.includes(partitionedBy)) {
    const reason = `that table is partitioned by ${partitionedBy}, and every key of it contains that column`;
    return { code: 'dropped-key', message: `${text} is not created: ${reason}. Rows without a parent are listed after the load.` };
  }
  return { code: 'not-enforced', message: `${text} is not created, because the plan says "enforce": false.` };
}
