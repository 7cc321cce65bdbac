import type { StorageClass } from './expression-column.ts';
import type { Family } from './expression-value.ts';
import { leafAs } from './json-leaf.ts';
import { asInteger } from './translate-expression.ts';

/** The expression as a value of a column's type (without modifiers), null where the two are not the same kind of value. */
export function fitExpression(
  { sql, family }: { readonly sql: string; readonly family: Family },
  type: string,
  storage: StorageClass | null,
): string | null {
  if (family === 'json-leaf') return fitLeaf(sql, type, storage);
  const cast = casts[family]?.[type];
  return cast === undefined ? null : cast(sql);
}

type Cast = (sql: string) => string;

const same: Cast = (sql) => sql;
const integers: Readonly<Record<string, Cast>> = {
  smallint: (sql) => `${sql}::smallint`,
  integer: (sql) => `${sql}::integer`,
  bigint: same,
  numeric: (sql) => `${sql}::numeric`,
  'double precision': (sql) => `${sql}::double precision`,
};

const casts: Readonly<Partial<Record<Family, Readonly<Record<string, Cast>>>>> = {
  integer: integers,
  real: { 'double precision': same },
  decimal: { numeric: same },
  text: { text: same, varchar: same },
  // A condition is 1 or 0 where the store has no truth values.
  boolean: { boolean: same, bigint: asInteger, smallint: (sql) => `${sql}::integer::smallint`, integer: (sql) => `${sql}::integer` },
  bytes: { bytea: same },
};

function fitLeaf(sql: string, type: string, storage: StorageClass | null): string | null {
  if (storage === 'text' && (type === 'text' || type === 'varchar')) return leafAs(sql, 'text');
  if (storage === 'integer' && type === 'bigint') return leafAs(sql, 'integer');
  return storage === 'real' && type === 'double precision' ? leafAs(sql, 'real') : null;
}
