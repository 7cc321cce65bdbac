import type { TableVerification } from '../model/discrepancy.ts';

/** Nothing about this table speaks against it: rows, independent aggregates and what must hold. Warnings do not count. */
export function tableMatches(table: TableVerification): boolean {
  return (
    table.missing + table.extra + table.different === 0 &&
    table.aggregates.every((check) => check.equal) &&
    table.constraints.every((check) => check.status !== 'mismatch')
  );
}
