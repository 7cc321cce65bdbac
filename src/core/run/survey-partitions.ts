import type { EngineDeps } from '../engine-deps.ts';
import type { PartitionRule, PartitionSurvey } from '../load/survey-partition-column.ts';
import { enumOf, plannedEnums } from '../plan/compile-context.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { listValue } from '../plan/partitions/list-value.ts';
import { axisOf, countRanges, parsePoint, pointText, rangeOf, type PartitionAxis } from '../plan/partitions/partition-axis.ts';
import { parseStep, type PartitionStep } from '../plan/partitions/partition-step.ts';
import { mostPartitions, wantedRange, type DataRange } from '../plan/partitions/planned-partitions.ts';
import type { Plan, PlanPartition } from '../plan/plan-schema.ts';
import { plannedTables, type PlannedTable } from '../plan/planned-table.ts';
import { parsePgType } from '../sql/pg-type.ts';
import type { EffectivePlan } from './effective-plan.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';
import { foundError, foundWarning, type Found } from './preflight/finding.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { RunOverrides } from './requests.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What the sources say of partitioned tables. */
export interface SurveyedPartitions {
  /** Values of the columns that tables are partitioned by range of. */
  readonly partitions: NonNullable<RunOverrides['partitions']>;
  /** By table: rows without a partition, and too many partitions. */
  readonly found: ReadonlyMap<string, readonly Found[]>;
}

/**
 * Reads the columns that tables are partitioned by, where the plan alone does not say which partitions there are, or no default partition takes what fits
 * none of them.
 */
export async function surveyPartitions(
  { plan, compiled }: EffectivePlan,
  sources: FrozenSources,
  pool: WorkerPool,
  deps: EngineDeps,
  signal: AbortSignal,
): Promise<SurveyedPartitions> {
  const planned = new Map(plannedTables(plan, plan.target.schema).map((table) => [table.label, table]));
  const subjects = compiled.tables.flatMap((table) => subjectOf(plan, table, planned.get(table.label)));
  const partitions: Record<string, DataRange> = {};
  const found = new Map<string, readonly Found[]>();
  if (subjects.length === 0) return { partitions, found };
  deps.emit({ type: 'phase', phase: 'preflight' });
  const meter = new ProgressMeter('preflight', null, deps);
  const surveys = await Promise.all(
    subjects.map(async (subject) => {
      const { table, column, rule } = subject;
      const { snapshot } = sourceNamed(sources, table.source);
      const survey = await pool.run('surveyPartitions', { snapshot, table, column, rule }, signal, (progress) => meter.add(progress));
      return { subject, survey };
    }),
  );
  for (const { subject, survey } of surveys) {
    const problem = tooMany(subject, survey);
    if (survey.range !== null && problem === null) partitions[subject.table.label] = survey.range;
    found.set(subject.table.label, [...(problem ?? []), ...left(subject, survey, plan.options.onReject === 'stop')]);
  }
  return { partitions, found };
}

interface Subject {
  readonly table: CompiledTable;
  readonly column: CompiledTable['columns'][number];
  readonly partitionBy: Exclude<PlanPartition, { strategy: 'hash' }>;
  readonly rule: PartitionRule;
  /** null for lists. */
  readonly line: { readonly axis: PartitionAxis; readonly step: PartitionStep } | null;
}

function subjectOf(plan: Plan, table: CompiledTable, planned: PlannedTable | undefined): readonly Subject[] {
  const partitionBy = planned?.body.partitionBy ?? null;
  const column = table.columns.find(({ to }) => to === partitionBy?.column);
  if (partitionBy === null || partitionBy.strategy === 'hash' || column === undefined) return [];
  if (partitionBy.strategy === 'list') {
    if (partitionBy.default) return [];
    const labels = enumOf({ enums: plannedEnums(plan, plan.target.schema) }, column.type)?.values ?? null;
    const values = Object.values(partitionBy.values)
      .flat()
      .map((value) => listValue(column.type, value, labels) ?? null);
    return [{ table, column, partitionBy, line: null, rule: { kind: 'list', values } }];
  }
  const axis = axisOf(parsePgType(planned?.body.columns.find(({ to }) => to === column.to)?.type ?? ''));
  const step = parseStep(partitionBy.every);
  if (axis === null || step === null) return [];
  if (partitionBy.from !== undefined && partitionBy.to !== undefined && partitionBy.default) return [];
  return [{ table, column, partitionBy, line: { axis, step }, rule: rangeRule(partitionBy, axis, step) }];
}

/** The plan's own bounds reach to the ends of the partitions that they lie in. */
function rangeRule({ from, to }: Extract<PlanPartition, { strategy: 'range' }>, axis: PartitionAxis, step: PartitionStep): PartitionRule {
  const first = from === undefined ? null : parsePoint(axis, from);
  const end = to === undefined ? null : parsePoint(axis, to);
  return {
    kind: 'range',
    first: String(first === null ? axis.first : rangeOf(axis, step, first).from),
    last: String(end === null ? axis.last : rangeOf(axis, step, end - 1n).to - 1n),
    infinite: axis.unit !== 'number',
  };
}

function tooMany({ table, column, partitionBy, line }: Subject, { range }: PartitionSurvey): readonly Found[] | null {
  if (line === null || partitionBy.strategy !== 'range') return null;
  const { axis, step } = line;
  const wanted = wantedRange(partitionBy, axis, range);
  const count = wanted === null ? 0n : countRanges(axis, step, wanted.first, wanted.last);
  if (wanted === null || count <= BigInt(mostPartitions)) return null;
  return [
    foundError('too-many-partitions', {
      table: table.label,
      column: column.to,
      partitions: String(count),
      limit: mostPartitions,
      every: String(partitionBy.every),
      first: pointText(axis, wanted.first),
      last: pointText(axis, wanted.last),
    }),
  ];
}

/** Rows that no partition takes. */
function left({ table, column, partitionBy }: Subject, { outside, examples }: PartitionSurvey, stop: boolean): readonly Found[] {
  if (partitionBy.default || outside === 0) return [];
  const context = { table: table.label, column: column.to, rows: outside, examples };
  return [stop ? foundError('rows-without-partition', context) : foundWarning('rows-without-partition', context)];
}
