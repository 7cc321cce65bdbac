import { MigrationError } from '../errors.ts';
import { plural } from '../model/plural.ts';
import type { Warning } from '../model/run.ts';
import { formatPgType, parsePgType } from '../sql/pg-type.ts';
import { quoteTable } from '../sql/table-name.ts';
import { vectorTypes } from '../sql/type-names.ts';
import { createCompileContext, ddlType, type CompileContext } from './compile-context.ts';
import { compileTable, identitiesOf } from './compile-table.ts';
import type { CompiledPlan, CompiledTable, CompiledTargetOnly } from './compiled-plan.ts';
import type { DataRange } from './partitions/planned-partitions.ts';
import { loadOrder } from './load-order.ts';
import type { Plan } from './plan-schema.ts';
import { plannedTables, tableLabel, type PlannedTable } from './planned-table.ts';
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
  /** What earlier runs of other tables of the plan have left in the target, by `schema.name`: keys refer to these tables, types and sequences are used. */
  readonly earlier?: readonly string[];
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
  const { vectorSchema = 'public', existing = new Set<string>(), earlier = [] } = overrides;
  const context = createCompileContext(plan, {
    ...{ schema, vectorSchema, labels, existing, earlier: new Set(earlier) },
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
    targetOnly: made.filter(({ load }) => load === null).map((table) => targetOnly(context, table)),
    needsVector,
    columnTypes: new Map(loaded.map((table) => [table.label, columnTypes(context, table)])),
    ...outside(context),
  };
}

function targetOnly(context: CompileContext, table: PlannedTable): CompiledTargetOnly {
  const { to, label, body } = table;
  const countSql = `SELECT count(*)::text AS rows FROM ${quoteTable(to)}`;
  return { to, label, identities: identitiesOf(context, table), seeds: body.seed.length, countSql };
}

/** What foreign keys of this run refer to and what they cannot refer to. */
function outside(context: CompileContext): Pick<CompiledPlan, 'parents' | 'leftOut'> {
  const own = new Set(context.tables.map(({ label }) => label));
  const keys = context.tables.flatMap((table) => context.foreignKeysOf(table).map((planned) => ({ ...planned, table: table.label })));
  const parents = keys.filter(({ hazard, to }) => hazard === null && !own.has(tableLabel(to))).map(({ to }) => to);
  const [there, made] = [true, false].map((existing) => context.tables.filter(({ label }) => context.existing.has(label) === existing));
  return {
    parents: [...new Map(parents.map((to) => [tableLabel(to), to])).values()],
    leftOut: [
      ...(made ?? []).flatMap((table) => keysLeftOut(context, table)),
      ...(there ?? []).flatMap(seedsLeftOut),
      ...context.tables.flatMap(embeddingsLeftOut),
    ],
  };
}

function keysLeftOut(context: CompileContext, table: PlannedTable): readonly Warning[] {
  return context
    .foreignKeysOf(table)
    .flatMap(({ parentThere, hazard }) =>
      parentThere || hazard === null ? [] : [{ code: 'key-left-out', message: hazard.message, table: table.label }],
    );
}

/** Rows of a table that was there are its owner's. */
function seedsLeftOut({ label, body: { seed } }: PlannedTable): readonly Warning[] {
  if (seed.length === 0) return [];
  const message = `${label} is there already, so its ${plural(seed.length, 'seed row is', 'seed rows are')} not added.`;
  return [{ code: 'seed-left-out', message, table: label }];
}

/** A run moves what is there; it sends no text anywhere. */
function embeddingsLeftOut({ label, load }: PlannedTable): readonly Warning[] {
  if (load === null || load.embed === null) return [];
  const message = `Embeddings that ${label} lacks in "${load.embed.to}" are not computed by a run: \`sluice embed\` does that afterwards.`;
  return [{ code: 'embeddings-left-out', message, table: label }];
}

function columnTypes(context: CompileContext, { columns }: CompiledTable): readonly string[] {
  return columns.map((column) => ddlType(context, formatPgType(column.type)));
}

function selectTables(tables: readonly PlannedTable[], only: readonly string[]): ReadonlySet<string> {
  const labels = new Set<string>();
  for (const name of only) {
    const found = namedTables(tables, name);
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

/** By the name in the target; else by that in the source, which tables of several stores may have in common: `store.table` then names one. */
function namedTables(tables: readonly PlannedTable[], name: string): readonly PlannedTable[] {
  const inTarget = tables.filter((table) => table.label === name || table.to.table === name);
  if (inTarget.length > 0) return inTarget;
  return tables.filter(
    ({ load }) => load !== null && (load.from === name || (typeof load.from === 'string' && `${load.source}.${load.from}` === name)),
  );
}
