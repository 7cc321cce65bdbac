import type { PgType } from '../../model/pg-type.ts';
import type { SqlPartitionBounds } from '../../sql/create-partition.ts';
import { parsePgType } from '../../sql/pg-type.ts';
import type { PlanPartition } from '../plan-schema.ts';
import type { PlannedTable } from '../planned-table.ts';
import { listValue, type ListValue } from './list-value.ts';
import { axisOf, parsePoint, pointText, rangeLabel, rangesBetween, type PartitionAxis } from './partition-axis.ts';
import { parseStep } from './partition-step.ts';

/** Smallest and largest value of a partition column as decimal digits: integers, days or microseconds since 2000-01-01. */
export interface DataRange {
  readonly first: string;
  readonly last: string;
}

/** PostgreSQL plans with a few thousand; each is a table that every look at the whole one has to open. */
export const mostPartitions = 10_000;

/** A partition that is to be made, with what its name ends in. */
export interface PlannedPartition {
  readonly label: string;
  readonly bounds: SqlPartitionBounds;
}

/**
 * Partitions of a table, in the order of their bounds, the default one last; none when it has none. `data`: range of the values of a table that is
 * partitioned by range, null when it has no rows or they are not known yet. The plan's own bounds beat those of the data. None by range when there would be
 * more than `mostPartitions`: that is told before a run.
 */
export function plannedPartitions(
  { body }: PlannedTable,
  data: DataRange | null,
  labelsOf: (type: PgType) => readonly string[] | null,
): readonly PlannedPartition[] {
  const { partitionBy } = body;
  if (partitionBy === null) return [];
  const type = parsePgType(body.columns.find(({ to }) => to === partitionBy.column)?.type ?? 'text');
  const rest: readonly PlannedPartition[] =
    partitionBy.strategy !== 'hash' && partitionBy.default ? [{ label: 'default', bounds: { kind: 'default' } }] : [];
  switch (partitionBy.strategy) {
    case 'hash':
      return Array.from({ length: partitionBy.modulus }, (_, remainder) => ({
        label: String(remainder),
        bounds: { kind: 'hash', modulus: partitionBy.modulus, remainder },
      }));
    case 'list':
      return [
        ...Object.entries(partitionBy.values).map(([label, values]): PlannedPartition => {
          const read = values.map((value): ListValue => listValue(type, value, labelsOf(type)) ?? null);
          return { label, bounds: { kind: 'list', values: read } };
        }),
        ...rest,
      ];
    case 'range':
      return [...byRange(partitionBy, type, data), ...rest];
  }
}

/** What a plan and the data say together; null = nothing to make partitions for. The end is part of it. */
export function wantedRange(
  partitionBy: Extract<PlanPartition, { strategy: 'range' }>,
  axis: PartitionAxis,
  data: DataRange | null,
): { readonly first: bigint; readonly last: bigint } | null {
  const from = partitionBy.from === undefined ? null : parsePoint(axis, partitionBy.from);
  const to = partitionBy.to === undefined ? null : parsePoint(axis, partitionBy.to);
  const first = from ?? (data === null ? null : BigInt(data.first));
  const last = to === null ? (data === null ? null : BigInt(data.last)) : to - 1n;
  return first === null || last === null || last < first ? null : { first, last };
}

function byRange(
  partitionBy: Extract<PlanPartition, { strategy: 'range' }>,
  type: PgType,
  data: DataRange | null,
): readonly PlannedPartition[] {
  const axis = axisOf(type);
  const step = parseStep(partitionBy.every);
  const wanted = axis === null ? null : wantedRange(partitionBy, axis, data);
  if (axis === null || step === null || wanted === null) return [];
  const bound = (point: bigint): string | bigint => (axis.unit === 'number' ? point : pointText(axis, point));
  const ranges = rangesBetween(axis, step, wanted.first, wanted.last, BigInt(mostPartitions)) ?? [];
  return ranges.map((range) => ({
    label: rangeLabel(axis, step, range),
    bounds: {
      kind: 'range',
      // Integers end with their type; dates go on, into the default partition.
      from: axis.unit === 'number' && range.from === axis.first ? null : bound(range.from),
      to: axis.unit === 'number' && range.to > axis.last ? null : bound(range.to),
    },
  }));
}
