import { plural } from '../../model/plural.ts';
import type { PgType } from '../../model/pg-type.ts';
import { tryParsePgType } from '../../sql/pg-type.ts';
import { enumOf, plannedEnums } from '../compile-context.ts';
import { indexedColumn } from '../indexed-column.ts';
import { hasListPartitions, listValue } from '../partitions/list-value.ts';
import { axisOf, countRanges, fitsAxis, parsePoint } from '../partitions/partition-axis.ts';
import { parseStep } from '../partitions/partition-step.ts';
import { mostPartitions, wantedRange } from '../partitions/planned-partitions.ts';
import { errorAt, type FoundProblem } from '../plan-problem.ts';
import { uniqueColumns } from '../plan-object-names.ts';
import type { Plan, PlanPartition } from '../plan-schema.ts';
import type { PlannedTable } from '../planned-table.ts';

type Path = FoundProblem['path'];

/** Partitions of one table: PostgreSQL would take them, and it is known before the load which of them takes a row. */
export function checkPartitions(plan: Plan, table: PlannedTable): readonly FoundProblem[] {
  const { body, label, path } = table;
  const { partitionBy } = body;
  if (partitionBy === null) return [];
  const at = [...path, 'partitionBy'];
  const column = body.columns.find(({ to }) => to === partitionBy.column);
  if (column === undefined) return [errorAt(`${label} has no column "${partitionBy.column}".`, [...at, 'column'])];
  if (column.generated !== null)
    return [errorAt(`"${column.to}" is generated, and PostgreSQL partitions by no generated column.`, [...at, 'column'])];
  const type = tryParsePgType(column.type);
  return [...checkKeys(table, column.to), ...(type === null ? [] : checkStrategy(plan, table, partitionBy, type, at))];
}

/** PostgreSQL's rule: every key of a partitioned table contains the partition column, as a column. */
function checkKeys({ body, path }: PlannedTable, column: string): readonly FoundProblem[] {
  const indexes = body.indexes.map((index, i) => ({ index, i })).filter(({ index }) => index.unique);
  const keys: readonly { readonly key: readonly (string | null)[]; readonly at: Path }[] = [
    ...(body.primaryKey.length === 0 ? [] : [{ key: body.primaryKey, at: ['primaryKey'] }]),
    ...body.uniques.map((unique, i) => ({ key: uniqueColumns(unique), at: ['uniques', i] })),
    ...indexes.map(({ index, i }) => ({ key: index.columns.map(indexedColumn), at: ['indexes', i] })),
  ];
  const remedy = 'add it to the key, partition by a column of the key, or leave "partitionBy" out';
  return keys
    .filter(({ key }) => !key.includes(column))
    .map(({ at }) => errorAt(`A key of a partitioned table must contain its partition column "${column}": ${remedy}.`, [...path, ...at]));
}

function checkStrategy(plan: Plan, table: PlannedTable, partitionBy: PlanPartition, type: PgType, at: Path): readonly FoundProblem[] {
  switch (partitionBy.strategy) {
    case 'hash':
      return tooMany(table, BigInt(partitionBy.modulus), [...at, 'modulus'], 'choose a smaller modulus');
    case 'list':
      return checkList(plan, table, partitionBy, type, at);
    case 'range':
      return checkRange(table, partitionBy, type, at);
  }
}

function checkList(
  plan: Plan,
  table: PlannedTable,
  { column, values }: Extract<PlanPartition, { strategy: 'list' }>,
  type: PgType,
  at: Path,
): readonly FoundProblem[] {
  const labels = enumOf({ enums: plannedEnums(plan, plan.target.schema) }, type)?.values ?? null;
  if (!hasListPartitions(type, labels !== null)) {
    const types = 'text, varchar, an integer, boolean, date, uuid or an enum of the plan';
    return [errorAt(`Partitions by list need a column of ${types}, and "${column}" is ${formatted(type)}.`, [...at, 'column'])];
  }
  const seen = new Map<string, string>();
  const problems = Object.entries(values).flatMap(([name, list]) =>
    list.flatMap((value, i) => {
      const path = [...at, 'values', name, i];
      const read = listValue(type, value, labels);
      if (read === undefined) return [errorAt(`${JSON.stringify(value)} is no value of "${column}", which is ${formatted(type)}.`, path)];
      const other = seen.get(String(read));
      seen.set(String(read), other ?? name);
      return other === undefined ? [] : [errorAt(`${JSON.stringify(value)} is in the partition "${other}" already.`, path)];
    }),
  );
  return [...problems, ...tooMany(table, BigInt(Object.keys(values).length), [...at, 'values'], 'put several values into one partition')];
}

function checkRange(
  table: PlannedTable,
  partitionBy: Extract<PlanPartition, { strategy: 'range' }>,
  type: PgType,
  at: Path,
): readonly FoundProblem[] {
  const { column, every, from, to } = partitionBy;
  const axis = axisOf(type);
  if (axis === null) {
    const types = 'date, timestamp, timestamptz, smallint, integer or bigint';
    return [errorAt(`Partitions by range need a column of ${types}, and "${column}" is ${formatted(type)}.`, [...at, 'column'])];
  }
  const step = parseStep(every);
  if (step === null || !fitsAxis(axis, step)) {
    const example = { number: 'a number, for example 1000000', day: '"1 year", "3 months", "1 week" or "1 day"' };
    const wanted = axis.unit === 'micros' ? '"1 year", "3 months", "1 week", "1 day" or "6 hours"' : example[axis.unit];
    return [errorAt(`"every" of ${formatted(type)} is ${wanted}, not ${JSON.stringify(every)}.`, [...at, 'every'])];
  }
  const bounds = (['from', 'to'] as const).flatMap((key) => {
    const given = partitionBy[key];
    if (given === undefined || parsePoint(axis, given) !== null) return [];
    const wanted =
      axis.unit === 'number' ? `an integer that ${formatted(type)} holds` : 'a day of the years 1 to 9999, for example "2020-01-01"';
    return [errorAt(`"${key}" is ${wanted}, not ${JSON.stringify(given)}.`, [...at, key])];
  });
  if (bounds.length > 0) return bounds;
  const isLoaded = table.load !== null && table.body.columns.some((one) => one.to === column && one.from !== null);
  if (!isLoaded && (from === undefined || to === undefined))
    return [errorAt(`"${column}" does not come from a source: say "from" and "to", for which partitions are made.`, at)];
  if (from === undefined || to === undefined) return [];
  const wanted = wantedRange(partitionBy, axis, null);
  if (wanted === null) return [errorAt('"to" must be behind "from".', [...at, 'to'])];
  return tooMany(table, countRanges(axis, step, wanted.first, wanted.last), [...at, 'every'], 'choose a larger "every"');
}

function tooMany({ label }: PlannedTable, count: bigint, path: Path, remedy: string): readonly FoundProblem[] {
  if (count <= BigInt(mostPartitions)) return [];
  return [errorAt(`${label} would have ${plural(count, 'partition')}, and more than ${mostPartitions} are not made: ${remedy}.`, path)];
}

function formatted({ name, arrayDepth }: PgType): string {
  return `${name}${'[]'.repeat(arrayDepth)}`;
}
