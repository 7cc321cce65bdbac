import { quoteLiteral } from '../sql/quote.ts';
import type { PlanColumn } from './plan-schema.ts';

/** SQL of a default: the plan's own SQL, or its value as a literal that takes the column's type. */
export function defaultSql(given: NonNullable<PlanColumn['default']>): string {
  if ('sql' in given) return given.sql;
  const value = given.value;
  if (value === null) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return quoteLiteral(typeof value === 'string' ? value : JSON.stringify(value));
}
