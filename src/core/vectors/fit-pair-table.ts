import { MigrationError } from '../errors.ts';
import { readBrowsedTable, type BrowsedColumn } from '../target/browsed-table.ts';
import type { TargetSession } from '../target/target.ts';
import type { VectorColumn } from './vector-column.ts';

/** A table for pairs, as the user names it. */
export interface PairTableWish {
  readonly schema: string;
  readonly table: string;
  /** Columns of the first row's key, of the second row's key, and of the similarity; null = named after the searched table. */
  readonly columns: readonly string[] | null;
  /** Pairs that are there, either way round, stay as they are: somebody else wrote them, and perhaps meant more by their score. */
  readonly keep?: boolean;
}

/** A table that can take the pairs, there or to be made. */
export interface PairTable {
  readonly schema: string;
  readonly table: string;
  readonly there: boolean;
  readonly a: readonly PairColumn[];
  readonly b: readonly PairColumn[];
  readonly similarity: PairColumn;
  readonly keep: boolean;
}

export interface PairColumn {
  readonly name: string;
  /** As SQL, with length and precision. */
  readonly type: string;
}

/** Throws `pair-table-unfit`. `there`: the table exists. */
export async function fitPairTable(session: TargetSession, column: VectorColumn, wish: PairTableWish, there: boolean): Promise<PairTable> {
  const keys = keyColumns(column);
  const refuse = refusal(wish);
  if (keys.length === 0)
    throw refuse(
      `"${column.schema}.${column.table}" has no primary key, and the place of a row changes when it is written`,
      'Give the table a primary key first, or use --json.',
    );
  if (wish.schema === column.schema && wish.table === column.table) throw refuse('it is the table that is searched', 'Name another table.');
  const names =
    wish.columns ??
    defaultPairColumns(
      column.table,
      keys.map((key) => key.name),
    );
  const wanted = 2 * keys.length + 1;
  if (names.length !== wanted || new Set(names).size !== wanted)
    throw refuse(
      `${wanted} different columns are needed: the key of one row, that of the other, and the similarity`,
      `Name them with --into-columns, for example ${defaultPairColumns(
        column.table,
        keys.map((key) => key.name),
      ).join(',')}.`,
    );
  const types = [...keys, ...keys].map((key) => key.type);
  const fresh = names.map((name, i) => ({ name, type: types[i] ?? 'double precision' }));
  const columns = there ? await existingColumns(session, wish, names, [...keys, ...keys]) : fresh;
  const { schema, table } = wish;
  const similarity = columns.at(-1) ?? { name: 'similarity_score', type: 'double precision' };
  return {
    schema,
    table,
    there,
    a: columns.slice(0, keys.length),
    b: columns.slice(keys.length, -1),
    similarity,
    keep: wish.keep === true,
  };
}

/** `reports` with the key `id` → report_id, related_report_id, similarity_score. */
export function defaultPairColumns(table: string, keys: readonly string[]): readonly string[] {
  const one = singular(table);
  const own = keys.map((key) => (key === one || key.startsWith(`${one}_`) ? key : `${one}_${key}`));
  return [...own, ...own.map((name) => `related_${name}`), 'similarity_score'];
}

function singular(table: string): string {
  if (/[^aeiou]ies$/.test(table)) return `${table.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh)es$/.test(table)) return table.slice(0, -2);
  return /[^s]s$/.test(table) ? table.slice(0, -1) : table;
}

function keyColumns({ key, payload }: VectorColumn): readonly PairColumn[] {
  return key.flatMap(({ name }) =>
    payload.filter((column) => column.key !== null && column.name === name).map(({ type }) => ({ name, type })),
  );
}

async function existingColumns(
  session: TargetSession,
  wish: PairTableWish,
  names: readonly string[],
  keys: readonly PairColumn[],
): Promise<readonly PairColumn[]> {
  const { oid, columns } = await readBrowsedTable(session, wish.schema, wish.table);
  const refuse = refusal(wish);
  const found = names.map((name) => columns.find((column) => column.name === name));
  const missing = names.filter((_, i) => found[i] === undefined);
  if (missing.length > 0)
    throw refuse(
      `it has no ${missing.length === 1 ? 'column' : 'columns'} ${missing.join(', ')}; it has ${columns.map(({ name }) => name).join(', ')}`,
      'Say which of its columns are meant with --into-columns (the key of one row, that of the other, the similarity), or name a table that is not there yet.',
    );
  const there = found.filter((column) => column !== undefined);
  there.forEach((column, i) => {
    const fault = columnFault(column, keys[i] ?? null);
    if (fault !== null) throw refuse(fault);
  });
  const needed = (await session.query(neededQuery, [oid])).rows.map((row) => String(row['name'])).filter((name) => !names.includes(name));
  if (needed.length > 0)
    throw refuse(
      `${needed.join(', ')} must have a value and ${needed.length === 1 ? 'has' : 'have'} no default`,
      'Give the column a default.',
    );
  return there.map(({ name, type }) => ({ name, type }));
}

/** `key`: what the column is to hold; null = a similarity. */
function columnFault({ name, type, cast, generated, always }: BrowsedColumn, key: PairColumn | null): string | null {
  if (generated || always) return `its column ${name} is generated`;
  const family = familyOf(cast);
  if (key === null) return family === 'number' ? null : `its column ${name} is of type ${type}, which is no number with a fraction`;
  const wanted = familyOf(key.type.replace(/\(.*?\)/, ''));
  return family === wanted ? null : `its column ${name} is of type ${type}, and ${key.name} is of type ${key.type}`;
}

/** Types that hold each other's values, or the server says which it cannot. */
function familyOf(type: string): string {
  if (['smallint', 'integer', 'bigint'].includes(type)) return 'integer';
  if (['text', 'character varying', 'character'].includes(type)) return 'text';
  return ['real', 'double precision', 'numeric'].includes(type) ? 'number' : type;
}

/** Columns that an INSERT must name. */
const neededQuery = `SELECT a.attname AS name FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND t.typdefault IS NULL
ORDER BY a.attnum`;

function refusal({ schema, table }: PairTableWish): (detail: string, hint?: string) => MigrationError {
  return (detail, hint) =>
    new MigrationError('pair-table-unfit', { context: { table: `${schema}.${table}`, detail, ...(hint === undefined ? {} : { hint }) } });
}
