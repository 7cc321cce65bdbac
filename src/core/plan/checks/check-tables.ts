import { identifierFault } from '../../sql/quote.ts';
import { errorAt, warningAt, type FoundProblem } from '../plan-problem.ts';
import type { Plan, PlanTableName } from '../plan-schema.ts';
import { plannedTables, resolveTableName, tableLabel } from '../planned-table.ts';

/** Sources, tables, enums and sequences as wholes: known, named once, in schemas that are free for them. */
export function checkTables(plan: Plan): readonly FoundProblem[] {
  return [
    ...unknownSources(plan),
    ...namedTwice(plan),
    ...badNames(plan),
    ...emptyPlan(plan),
    ...sequenceOwners(plan),
    ...watermarks(plan),
    ...storedUrl(plan),
  ];
}

function unknownSources(plan: Plan): readonly FoundProblem[] {
  const known = Object.keys(plan.sources);
  return plan.tables.flatMap((table, i) =>
    known.includes(table.source)
      ? []
      : [errorAt(`There is no source "${table.source}" in this plan; it has ${known.join(', ') || 'none'}.`, ['tables', i, 'source'])],
  );
}

interface Named {
  readonly kind: string;
  readonly name: PlanTableName;
  readonly path: readonly (string | number)[];
}

function namedTwice(plan: Plan): readonly FoundProblem[] {
  const seen = new Map<string, string>();
  return named(plan).flatMap((item) => {
    const label = tableLabel(resolveTableName(item.name, plan.target.schema));
    const other = seen.get(label);
    seen.set(label, other ?? item.kind);
    return other === undefined ? [] : [errorAt(`The name ${label} is taken by another ${other} of this plan.`, item.path)];
  });
}

/** Tables, sequences and types share one space of names in a PostgreSQL schema. */
function named(plan: Plan): readonly Named[] {
  return [
    ...plannedTables(plan, plan.target.schema).map(({ body, path }) => ({ kind: 'table', name: body.to, path: [...path, 'to'] })),
    ...plan.enums.map(({ name }, i) => ({ kind: 'enum', name, path: ['enums', i, 'name'] })),
    ...plan.sequences.map(({ name }, i) => ({ kind: 'sequence', name, path: ['sequences', i, 'name'] })),
  ];
}

function badNames(plan: Plan): readonly FoundProblem[] {
  const schemas = [{ name: { schema: plan.target.schema, table: 'x' }, path: ['target', 'schema'] as (string | number)[] }];
  return [...schemas, ...named(plan)].flatMap(({ name, path }) => {
    const { schema, table } = resolveTableName(name, 'public');
    const fault = identifierFault(schema) ?? identifierFault(table);
    if (fault !== null) return [errorAt(`This name cannot be used in PostgreSQL: ${fault}.`, path)];
    return isReserved(schema) ? [errorAt(`The schema "${schema}" is reserved.`, path)] : [];
  });
}

function isReserved(schema: string): boolean {
  return schema === 'sluice' || schema === 'information_schema' || schema.startsWith('pg_');
}

function emptyPlan(plan: Plan): readonly FoundProblem[] {
  return plan.tables.some((table) => table.include) || plan.targetOnly.length > 0
    ? []
    : [warningAt('This plan moves no table.', ['tables'])];
}

function sequenceOwners(plan: Plan): readonly FoundProblem[] {
  const tables = [...plan.tables, ...plan.targetOnly];
  return plan.sequences.flatMap(({ ownedBy }, i) => {
    if (ownedBy === null) return [];
    const label = tableLabel(resolveTableName(ownedBy.table, plan.target.schema));
    const table = tables.find((candidate) => tableLabel(resolveTableName(candidate.to, plan.target.schema)) === label);
    if (table === undefined) return [errorAt(`There is no table ${label} in this plan.`, ['sequences', i, 'ownedBy', 'table'])];
    const known = table.columns.some((column) => column.to === ownedBy.column);
    return known ? [] : [errorAt(`${label} has no column "${ownedBy.column}".`, ['sequences', i, 'ownedBy', 'column'])];
  });
}

/** New rows are found by a value that the source has. */
function watermarks(plan: Plan): readonly FoundProblem[] {
  return plan.tables.flatMap(({ incremental, columns, to }, i) => {
    if (incremental?.by !== 'watermark') return [];
    const column = columns.find((candidate) => candidate.to === incremental.column);
    const label = tableLabel(resolveTableName(to, plan.target.schema));
    const path = ['tables', i, 'incremental', 'column'];
    if (column === undefined) return [errorAt(`${label} has no column "${incremental.column}".`, path)];
    return column.from === null || column.generated !== null
      ? [errorAt(`"${incremental.column}" does not come from the source, so that no new rows can be found by it.`, path)]
      : [];
  });
}

/** A plan is committed to a repository: a URL there gives its password away. */
function storedUrl(plan: Plan): readonly FoundProblem[] {
  const isUrl = /^postgres(?:ql)?:\/\//i.test(plan.target.profile);
  return isUrl
    ? [
        errorAt('A plan must not hold a connection URL; use "env:NAME" and put the URL into that environment variable.', [
          'target',
          'profile',
        ]),
      ]
    : [];
}
