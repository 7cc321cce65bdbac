/** Functions of SQLite that PostgreSQL knows by another name. */
export const renamedFunctions: Readonly<Record<string, string>> = { ifnull: 'coalesce', instr: 'strpos', group_concat: 'string_agg' };

/** Functions that both know by one name and that give the same for plain arguments. */
export const safeFunctions: ReadonlySet<string> = new Set([
  'abs',
  'avg',
  'coalesce',
  'count',
  'dense_rank',
  'first_value',
  'lag',
  'last_value',
  'lead',
  'length',
  'lower',
  'ltrim',
  'max',
  'min',
  'ntile',
  'nullif',
  'rank',
  'replace',
  'round',
  'row_number',
  'rtrim',
  'substr',
  'sum',
  'trim',
  'upper',
]);
