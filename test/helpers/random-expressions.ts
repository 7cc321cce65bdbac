/** Expressions over columns of a random table, as SQL by the quoted names of one or two of them. */
type Expression = (column: string, other: string) => string;

/** Conditions that rows may break: some are translated, some are not. */
export const checkForms = {
  present: (c) => `${c} IS NOT NULL`,
  kind: (c) => `typeof(${c}) <> 'blob'`,
  range: (c) => `${c} BETWEEN -1000 AND 100000`,
  length: (c) => `length(${c}) < 12`,
  differs: (c) => `${c} <> 'x'`,
  list: (c) => `${c} NOT IN (0, 'abc', 7)`,
  like: (c) => `${c} LIKE '%a%' OR ${c} IS NULL`,
  glob: (c) => `${c} NOT GLOB '*[0-9]*'`,
  either: (c) => `${c} > 0 OR typeof(${c}) = 'text'`,
  case: (c) => `CASE WHEN ${c} IS NULL THEN 1 ELSE ${c} <> '' END`,
  pair: (c, d) => `${c} <> ${d}`,
  instead: (c) => `coalesce(${c}, 1) <> 2`,
  document: (c) => `json_valid(${c})`,
} satisfies Readonly<Record<string, Expression>>;

/** Type and expression of a generated column. */
export const generatedForms = {
  kind: ['TEXT', (c) => `typeof(${c})`],
  instead: ['TEXT', (c) => `coalesce(${c}, 'none')`],
  length: ['INTEGER', (c) => `length(${c})`],
  joined: ['TEXT', (c, d) => `${c} || '!' || ${d}`],
  upper: ['TEXT', (c) => `upper(${c})`],
  missing: ['INTEGER', (c) => `${c} IS NULL`],
  twice: ['REAL', (c) => `${c} * 2`],
  next: ['', (c) => `${c} + 1`],
  begin: ['TEXT', (c) => `substr(${c}, 1, 2)`],
} satisfies Readonly<Record<string, readonly [string, Expression]>>;

export interface IndexForm {
  readonly unique?: true;
  /** null = the columns as they are. */
  readonly terms: Expression | null;
  readonly where?: Expression;
}

export const indexForms = {
  plain: { terms: null },
  unique: { unique: true, terms: null },
  descending: { terms: (c, d) => `${c} DESC, ${d}` },
  partial: { terms: null, where: (c) => `${c} IS NOT NULL` },
  positive: { terms: null, where: (c) => `${c} > 0` },
  texts: { unique: true, terms: null, where: (c) => `typeof(${c}) = 'text'` },
  lower: { terms: (c) => `lower(${c})` },
  'unique lower': { unique: true, terms: (c) => `lower(${c})` },
  nocase: { terms: (c) => `${c} COLLATE NOCASE` },
  'unique nocase': { unique: true, terms: (c, d) => `${c} COLLATE NOCASE, ${d}` },
  rtrim: { unique: true, terms: (c) => `${c} COLLATE RTRIM` },
  begin: { terms: (c, d) => `substr(${c}, 1, 3), ${d} DESC` },
} satisfies Readonly<Record<string, IndexForm>>;

/** A name as SQLite takes it. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
