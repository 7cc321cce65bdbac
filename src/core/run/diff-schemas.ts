import { diffCatalog, schemaChanges } from '../diff/diff-catalog.ts';
import { diffStatements } from '../diff/diff-statements.ts';
import { hashTarget, renderTables, schemaTableLabel } from '../diff/render-ddl.ts';
import type { EngineDeps } from '../engine-deps.ts';
import type { Warning } from '../model/run.ts';
import type { SchemaDiffResult } from '../model/schema-diff.ts';
import type { SchemaObject, SchemaTable } from '../model/schema-snapshot.ts';
import type { Plan } from '../plan/plan-schema.ts';
import { planScope } from '../plan/plan-scope.ts';
import type { DiffRequest } from './browse-requests.ts';
import { makeEffectivePlan, type EffectivePlan } from './effective-plan.ts';
import { EngineSession } from './engine-session.ts';
import { introspectPlanned } from './introspect-planned.ts';
import type { PlannedSchemas } from './shadow-build.ts';
import { standInFor } from './stand-in-target.ts';

/** `sluice diff`: what the plan makes against what the target has. Everything is rolled back; an embedded target that was never made stays unmade. */
export async function diffSchemas(request: DiffRequest, deps: EngineDeps): Promise<SchemaDiffResult> {
  const engine = new EngineSession(deps, 1);
  try {
    const overrides = request.schema === undefined ? {} : { schema: request.schema };
    // A plan that is not in order is told before anything is opened.
    makeEffectivePlan(request.input.text, request.input.path, overrides);
    const target = await engine.openTarget(standInFor(request.target, deps));
    const effective = makeEffectivePlan(request.input.text, request.input.path, overrides, target.capabilities.vectorSchema);
    const scope = planScope(effective.plan, effective.compiled);
    const schemas = await introspectPlanned(target, effective.compiled, scope, deps, request.signal);
    return compare(schemas, effective);
  } finally {
    await engine.close();
  }
}

function compare({ target, planned, qualified }: PlannedSchemas, { plan, compiled }: EffectivePlan): SchemaDiffResult {
  const diff = diffCatalog(target, planned);
  const tables = renderTables(target, planned);
  return {
    ...schemaChanges(diff),
    statements: diffStatements(diff, qualified, [...compiled.preData, ...compiled.postData]),
    warnings: [
      ...existing(
        diff.tables.map(({ after }) => schemaTableLabel(after)),
        plan.options.mode,
      ),
      ...diff.objects.alters.flatMap(({ before, after }) => extraLabels(before, after)),
      ...diff.tables.flatMap(({ before, after }) => otherPartitions(before, after)),
    ],
    targetHash: hashTarget(target, tables),
    tables,
  };
}

function existing(tables: readonly string[], mode: Plan['options']['mode']): readonly Warning[] {
  const what = {
    create: 'and mode create makes its tables itself: a run of this plan would refuse',
    append: 'and mode append adds rows to it: its columns, keys and indexes stay as they are',
    upsert: 'and mode upsert overwrites and adds rows: its columns, keys and indexes stay as they are',
    replace: 'and mode replace deletes its rows first: its columns, keys and indexes stay as they are',
    sync: 'and mode sync writes what is new or changed in the source: its columns, keys and indexes stay as they are',
  }[mode];
  const code = mode === 'create' ? 'table-exists' : 'table-kept';
  return tables.map((table) => ({ code, message: `${table} is there already, ${what}.`, table }));
}

/** PostgreSQL cannot take a label out of an enum or move it. */
function extraLabels(before: SchemaObject, after: SchemaObject): readonly Warning[] {
  const kept = before.labels.filter((label) => !after.labels.includes(label));
  if (after.kind !== 'type' || kept.length === 0) return [];
  return [
    {
      code: 'enum-labels-kept',
      message: `Type ${after.schema}.${after.name} keeps labels that the plan does not have: ${kept.join(', ')}.`,
    },
  ];
}

function otherPartitions(before: SchemaTable, after: SchemaTable): readonly Warning[] {
  if (before.partitionKey === after.partitionKey) return [];
  const table = schemaTableLabel(after);
  const told = ({ partitionKey }: SchemaTable): string => (partitionKey === null ? 'not partitioned' : `partitioned by ${partitionKey}`);
  return [
    {
      code: 'partitions-kept',
      message: `${table} is ${told(before)}, and ${told(after)} in the plan: no statement changes that, only a new table would.`,
      table,
    },
  ];
}
