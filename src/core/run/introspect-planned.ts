import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { SchemaTable } from '../model/schema-snapshot.ts';
import type { Statement } from '../model/statement.ts';
import type { CompiledPlan, TableName } from '../plan/compiled-plan.ts';
import { tableLabel } from '../plan/planned-table.ts';
import type { PlanScope } from '../plan/plan-scope.ts';
import type { Target } from '../target/target.ts';
import { rollingBack } from './rolling-back.ts';
import { inBatches, ShadowBuild, type BuildPart, type PlannedSchemas } from './shadow-build.ts';

/** Every table, index and sequence holds a lock until the end of its transaction, and a server has room for some thousands of them in all. */
const tablesAtOnce = 100;

/**
 * Makes everything of the plan in schemas of its own, inside transactions that are always rolled back, and reads it again: types, defaults, keys and indexes
 * come back as the server would keep them. No table of the user is locked against writing, and nothing stays.
 * Throws `cannot-create-schema`, `vector-missing` and `plan-refused`.
 */
export async function introspectPlanned(
  target: Target,
  compiled: CompiledPlan,
  scope: PlanScope,
  deps: EngineDeps,
  signal: AbortSignal,
): Promise<PlannedSchemas> {
  checkTarget(target, compiled);
  const groups = scope.tables.length === 0 ? [[]] : inBatches(scope.tables, tablesAtOnce);
  const found: PlannedSchemas[] = [];
  for (const group of groups) {
    const part = partOf(group, compiled, scope);
    const attempt = (batchSize: number): Promise<PlannedSchemas> =>
      rollingBack(target, (session) => new ShadowBuild(session, part, deps, signal).run(batchSize));
    try {
      found.push(await attempt(200));
    } catch (error) {
      if (!(error instanceof MigrationError) || error.code !== 'plan-refused') throw error;
      // One by one, so that the statement to blame can be named.
      found.push(await attempt(1));
    }
  }
  return {
    target: { objects: found[0]?.target.objects ?? [], tables: sorted(found.flatMap((part) => part.target.tables)) },
    planned: { objects: found[0]?.planned.objects ?? [], tables: sorted(found.flatMap((part) => part.planned.tables)) },
    qualified: found.flatMap((part) => part.qualified),
  };
}

function sorted(tables: readonly SchemaTable[]): readonly SchemaTable[] {
  return tables.toSorted((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function checkTarget(target: Target, compiled: CompiledPlan): void {
  if (!target.capabilities.canCreateSchema) throw new MigrationError('cannot-create-schema', { context: { target: target.label } });
  if (compiled.needsVector && target.capabilities.vectorVersion === null)
    throw new MigrationError('vector-missing', { context: { target: target.label } });
}

/** These tables whole, and of tables of other groups what their foreign keys need. */
function partOf(group: readonly TableName[], compiled: CompiledPlan, scope: PlanScope): BuildPart {
  const labels = new Set(group.map(tableLabel));
  const planned = new Set(scope.tables.map(tableLabel));
  const parents = new Map(group.flatMap((table) => scope.references.get(tableLabel(table)) ?? []).map((name) => [tableLabel(name), name]));
  const isNeeded = (statement: Statement): boolean => {
    if (statement.table === null || labels.has(statement.table)) return isCompared(statement);
    return parents.has(statement.table) && isKey(statement);
  };
  return {
    scope: { ...scope, tables: group },
    statements: [...compiled.preData, ...compiled.postData].filter(isNeeded),
    parents: [...parents].filter(([label]) => !planned.has(label)).map(([, name]) => name),
  };
}

/** Schemas get shadows of their own; comments and rows are not compared, and neither are partitions, of which the data decides how many there are. */
function isCompared({ object, sql }: Statement): boolean {
  return object?.kind !== 'schema' && object?.kind !== 'partition' && object?.kind !== 'seed' && !sql.startsWith('COMMENT ');
}

/** What a foreign key can refer to. */
function isKey({ object, sql }: Statement): boolean {
  const kind = object?.kind;
  return kind === 'table' || kind === 'primary-key' || kind === 'unique' || sql.startsWith('CREATE UNIQUE INDEX ');
}
