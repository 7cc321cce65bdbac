import { parsePgType } from '../../sql/pg-type.ts';
import { identifierFault } from '../../sql/quote.ts';
import { errorAt, type FoundProblem } from '../plan-problem.ts';
import type { Plan, PlanFullText } from '../plan-schema.ts';
import { fullTextsOf, type PlannedTable } from '../planned-table.ts';

/** The columns of the words are new and can have their names, and the texts are there and always the same. */
export function checkFullText(plan: Plan, table: PlannedTable): readonly FoundProblem[] {
  const { fullText } = table.body;
  const enums = new Set(plan.enums.map(({ name }) => (typeof name === 'string' ? name : name.table)));
  return fullTextsOf(table.body).flatMap((one, i, all) => {
    const at = [...table.path, 'fullText', ...(Array.isArray(fullText) ? [i] : [])];
    const isTwice = all.slice(0, i).some(({ column }) => column === one.column);
    return [
      ...(isTwice ? [errorAt(`${table.label} has two search columns "${one.column}".`, [...at, 'column'])] : []),
      ...checkOne(one, table, enums, at),
    ];
  });
}

function checkOne(
  fullText: PlanFullText,
  { body, label }: PlannedTable,
  enums: ReadonlySet<string>,
  at: FoundProblem['path'],
): readonly FoundProblem[] {
  const names = new Map(body.columns.map((column) => [column.to, column]));
  const fault = identifierFault(fullText.column);
  return [
    ...(fault === null ? [] : [errorAt(`The column name "${fullText.column}" cannot be used in PostgreSQL: ${fault}.`, [...at, 'column'])]),
    ...(names.has(fullText.column) ? [errorAt(`${label} has a column "${fullText.column}" already.`, [...at, 'column'])] : []),
    ...fullText.from.flatMap((name, i) => {
      const column = names.get(name);
      if (column === undefined) return [errorAt(`${label} has no column "${name}".`, [...at, 'from', i])];
      // PostgreSQL computes no generated column from another.
      if (column.generated !== null) return [errorAt(`"${name}" is generated itself and cannot be searched.`, [...at, 'from', i])];
      if (isFixed(column.type, enums)) return [];
      return [errorAt(`The text of a ${column.type} depends on the session, so "${name}" cannot be searched.`, [...at, 'from', i])];
    }),
  ];
}

/** Types whose output function is not immutable (pg_proc.provolatile); those of arrays and enums are not either. */
const sessionTypes: ReadonlySet<string> = new Set(['date', 'timestamp', 'timestamptz', 'money']);

function isFixed(text: string, enums: ReadonlySet<string>): boolean {
  try {
    const { name, arrayDepth } = parsePgType(text);
    return arrayDepth === 0 && !sessionTypes.has(name) && !enums.has(name);
  } catch {
    // Told with the column.
    return true;
  }
}
