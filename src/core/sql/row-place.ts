/** Where a row is, as text: `16385(0,1)`. Rows of two partitions may have the same `ctid`, so the partition is a part of it. `alias`: of the table. */
export function placeSql(alias: string | null): string {
  const of = alias === null ? '' : `${alias}.`;
  return `${of}tableoid::text || ${of}ctid::text`;
}

/** Condition for the rows at the places that a parameter lists, as text[]. Each partition is looked into by `ctid`, which needs no index. */
export function atPlacesSql(alias: string, parameter: string): string {
  const places = `unnest(${parameter}::text[]) AS place`;
  const tid = `substring(place FROM '[(].*')::tid`;
  return `${alias}.ctid = ANY (ARRAY(SELECT ${tid} FROM ${places})) AND (${alias}.tableoid, ${alias}.ctid) IN (SELECT substring(place FROM '^[0-9]+')::oid, ${tid} FROM ${places})`;
}
