/** Columns that an expression of a plan names: the planner quotes every column in an expression, and nothing else but collations. */
export function quotedNames(sql: string | null | undefined): readonly string[] {
  const found = [...(sql ?? '').replaceAll(/'(?:[^']|'')*'/g, '').matchAll(/(COLLATE )?"((?:[^"]|"")+)"/g)];
  return found.filter(([, collation]) => collation === undefined).map(([, , name]) => (name as string).replaceAll('""', '"'));
}
