import type { Verification } from './discrepancy.ts';

/** Labels of the tables of which only the rows that the run read were compared. */
export function comparedInPart({ tables }: Pick<Verification, 'tables'>): readonly string[] {
  return tables.flatMap(({ table, scope }) => (scope === 'rows-read' ? [table] : []));
}
