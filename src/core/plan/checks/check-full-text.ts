import { parsePgType } from '../../sql/pg-type.ts';
import { identifierFault } from '../../sql/quote.ts';
import type { FoundProblem } from '../plan-problem.ts';
import type { PlannedTable } from '../planned-table.ts';

/** The column of the words is new and can have its name, and the texts are there and always the same. */
export function checkFullText({ body, label, path }: PlannedTable): readonly FoundProblem[] {
  const { fullText } = body;
  if (fullText === null) return [];
  const at = [...path, 'fullText'];
  const names = new Map(body.columns.map((column) => [column.to, column]));
  const fault = identifierFault(fullText.column);
  return [
    ...(fault === null ? [] : [error(`The column name "${fullText.column}" cannot be used in PostgreSQL: ${fault}.`, [...at, 'column'])]),
    ...(names.has(fullText.column) ? [error(`${label} has a column "${fullText.column}" already.`, [...at, 'column'])] : []),
    ...fullText.from.flatMap((name, i) => {
      const column = names.get(name);
      if (column === undefined) return [error(`${label} has no column "${name}".`, [...at, 'from', i])];
      // PostgreSQL computes no generated column from another.
      if (column.generated !== null) return [error(`"${name}" is generated itself and cannot be searched.`, [...at, 'from', i])];
      if (!dependsOnSession(column.type)) return [];
      return [error(`The text of a ${column.type} depends on the session, so "${name}" cannot be searched.`, [...at, 'from', i])];
    }),
  ];
}

/** Types whose output function is not immutable (pg_proc.provolatile). */
const sessionTypes: ReadonlySet<string> = new Set(['date', 'timestamp', 'timestamptz', 'money']);

function dependsOnSession(text: string): boolean {
  try {
    const { name, arrayDepth } = parsePgType(text);
    return arrayDepth > 0 || sessionTypes.has(name);
  } catch {
    // Told with the column.
    return false;
  }
}

function error(message: string, path: FoundProblem['path']): FoundProblem {
  return { severity: 'error', message, path };
}
