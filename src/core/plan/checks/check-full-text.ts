import { identifierFault } from '../../sql/quote.ts';
import type { FoundProblem } from '../plan-problem.ts';
import type { PlannedTable } from '../planned-table.ts';

/** The column of the words is new and can have its name, and the texts are there. */
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
      return column.generated === null ? [] : [error(`"${name}" is generated itself and cannot be searched.`, [...at, 'from', i])];
    }),
  ];
}

function error(message: string, path: FoundProblem['path']): FoundProblem {
  return { severity: 'error', message, path };
}
