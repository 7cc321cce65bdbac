import type { TableVerification } from './discrepancy.ts';

/** The only judge of a table: counts, rows, aggregates and constraints. Warnings do not count. */
export function isTableMatch(table: TableVerification): boolean {
  return (
    table.missing + table.extra + table.different === 0 &&
    table.sourceRows === table.targetRows &&
    table.aggregates.every((aggregate) => aggregate.equal) &&
    table.constraints.every((constraint) => constraint.status !== 'mismatch')
  );
}
