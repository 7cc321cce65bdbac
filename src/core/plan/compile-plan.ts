import { MigrationError } from '../errors.ts';
import { formatPgType, parsePgType } from '../sql/pg-type.ts';
import { vectorTypes } from '../sql/type-names.ts';
import { createCompileContext, ddlType, type CompileContext } from './compile-context.ts';
import { compileTable } from './compile-table.ts';
import type { CompiledPlan, CompiledTable } from './compiled-plan.ts';
import type { DataRange } from './partitions/planned-partitions.ts';
import { loadOrder } from './load-order.ts';
import type { Plan } from './plan-schema.ts';
import { plannedTables, type PlannedTable } from './planned-table.ts';
import { postDataStatements } from './post-data.ts';
import { preDataStatements } from './pre-data.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import { unacceptedLosses } from './unaccepted-losses.ts';

export interface CompileOverrides {
  /** Instead of the plan's schema, for names that have none of their own. */
  readonly schema?: string;
  /** Only these tables: names in the target (`table` or `schema.table`) or in the source. */
  readonly only?: readonly string[];
  /** Schema of pgvector where it is not `public`. */
  readonly vectorSchema?: string;
  /** Tables, types and sequences that are in the target already, by `schema.name`: nothing is made of them or changed about them. */
  readonly existing?: ReadonlySet<string>;
  /** Values of partition columns in the source, by `schema.table`; absent = not known, and no range partition is made of them. */
  readonly partitions?: Readonly<Record<string, DataRange>>;
}

/**
 * A plan as statements and tables, in the order they run. Pure: the same plan gives the same value. Each statement can run alone in a transaction.
 * Throws `bad-usage` (a table of `only` that is not in the plan), `loss-not-accepted`, `unsupported-plan-feature`, and `invalid-type` or
 * `invalid-identifier` for a plan that `readPlan` did not check.
 */
export function compilePlan(plan: Plan, overrides: CompileOverrides = {}): CompiledPlan {
  const schema = overrides.schema ?? plan.target.schema;
  const labels = overrides.only === undefined ? null : selectTables(plannedTables(plan, schema), overrides.only);
  const { vectorSchema = 'public', existing = new Set<string>() } = overrides;
  const context = createCompileContext(plan, {
    ...{ schema, vectorSchema, labels, existing },
    ...(overrides.partitions === undefined ? {} : { ranges: overrides.partitions }),
  });
  refuseUnsupported(context.tables);
  const losses = unacceptedLosses(context.tables);
  if (losses.length > 0) throw new MigrationError('loss-not-accepted', { context: { columns: losses.map((loss) => loss.message) } });

  const tables = loadOrder(context);
  const needsVector = tables.some((table) => table.body.columns.some((column) => vectorTypes.has(parsePgType(column.type).name)));
  const made = tables.filter((table) => !existing.has(table.label));
  const loaded = tables.flatMap((table) => (table.load === null ? [] : [compileTable(context, table, table.load)]));
  return {
    preData: preDataStatements(context, made, needsVector),
    tables: loaded,
    postData: postDataStatements(context, made),
    needsVector,
    columnTypes: new Map(loaded.map((table) => [table.label, columnTypes(context, table)])),
  };
}

function columnTypes(context: CompileContext, { columns }: CompiledTable): readonly string[] {
  return columns.map((column) => ddlType(context, formatPgType(column.type)));
}

function selectTables(tables: readonly PlannedTable[], only: readonly string[]): ReadonlySet<string> {
  const labels = new Set<string>();
  for (const name of only) {
    const found = tables.filter((table) => table.label === name || table.to.table === name || table.load?.from === name);
    if (found.length === 0) {
      throw new MigrationError('bad-usage', {
        context: {
          detail: `"${name}" is not a table of this plan`,
          hint: `Its tables are: ${tables.map((table) => table.to.table).join(', ')}.`,
        },
      });
    }
    for (const table of found) labels.add(table.label);
  }
  return labels;
}
