import type { PgType } from '../model/pg-type.ts';

/** Numbers of built-in types, which stand in the binary form of their arrays: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const elementOids: ReadonlyMap<string, number> = new Map([
  ['boolean', 16],
  ['bytea', 17],
  ['bigint', 20],
  ['smallint', 21],
  ['integer', 23],
  ['text', 25],
  ['real', 700],
  ['double precision', 701],
  ['varchar', 1043],
  ['date', 1082],
  ['time', 1083],
  ['timestamp', 1114],
  ['timestamptz', 1184],
  ['interval', 1186],
  ['timetz', 1266],
  ['bit varying', 1562],
  ['numeric', 1700],
  ['uuid', 2950],
]);

/** Whether arrays of the type can be written. */
export function hasArrayType(type: PgType): boolean {
  return elementOid(type) !== null;
}

/** Number of the element type of an array type; null when it is not one that every server has. */
export function elementOid({ name, schema }: PgType): number | null {
  return schema === null ? (elementOids.get(name) ?? null) : null;
}
