import type { DuckDBConnection } from '@duckdb/node-api';
import { readColumnRows, textRows, type ColumnRow, type TableRow } from './system-tables.ts';

/** What lies outside of the tables and bears on their columns. */
export interface Surroundings {
  readonly columns: ReadonlyMap<TableRow, readonly ColumnRow[]>;
  /** By their name. */
  readonly sequences: ReadonlyMap<string, SequenceFacts>;
  /** Names of enum types by their labels. */
  readonly enums: ReadonlyMap<string, string>;
}

export interface SequenceFacts {
  readonly next: bigint;
  /** The only column whose default takes its numbers from it, counting by one. */
  readonly column: ColumnRow | null;
  /** Columns whose default names it. */
  readonly uses: number;
}

export async function readSurroundings(connection: DuckDBConnection, tables: readonly TableRow[]): Promise<Surroundings> {
  const columns = new Map<TableRow, readonly ColumnRow[]>();
  for (const table of tables) columns.set(table, await readColumnRows(connection, table));
  return { columns, sequences: await readSequences(connection, [...columns.values()].flat()), enums: await readEnums(connection) };
}

const integers = /^(?:SMALLINT|INTEGER|BIGINT)$/;

/** The sequence that numbers a column, as an identity column of PostgreSQL would be numbered; null when there is none. */
export function numberingSequence(column: ColumnRow, sequences: Surroundings['sequences']): SequenceFacts | null {
  return [...sequences.values()].find((sequence) => sequence.column === column) ?? null;
}

/** The labels in `ENUM('small', 'large')`; null when it is none. */
export function enumLabels(declared: string): readonly string[] | null {
  const list = /^ENUM\((.*)\)$/s.exec(declared)?.[1];
  return list === undefined ? null : [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) => label.replaceAll("''", "'"));
}

async function readSequences(connection: DuckDBConnection, columns: readonly ColumnRow[]): Promise<Surroundings['sequences']> {
  const rows = await textRows(
    connection,
    `SELECT sequence_name, sql, increment_by FROM duckdb_sequences() WHERE database_name = current_database() ORDER BY sequence_oid`,
  );
  return new Map(
    rows.map(([name, sql, step]) => {
      // The statement that would make it again starts where it stands.
      const next = BigInt(/ START (-?\d+)/.exec(sql ?? '')?.[1] ?? 1);
      const users = columns.filter((column) => sequenceIn(column.default) === name);
      const [only] = users;
      const numbers = users.length === 1 && only !== undefined && step === '1' && integers.test(only.declared) && !only.nullable;
      return [name ?? '', { next, column: numbers ? only : null, uses: users.length }] as const;
    }),
  );
}

/** The sequence in `nextval('s2.sq')`, without its schema. */
function sequenceIn(value: string | null): string | null {
  const name = /^nextval\('((?:[^']|'')+)'\)$/.exec(value ?? '')?.[1];
  return name === undefined ? null : (name.split('.').at(-1)?.replaceAll('"', '') ?? null);
}

/** Of two types with the same labels the first. */
async function readEnums(connection: DuckDBConnection): Promise<Surroundings['enums']> {
  const rows = await textRows(
    connection,
    `SELECT type_name, to_json(labels) FROM duckdb_types() WHERE database_name = current_database() AND NOT internal AND logical_type = 'ENUM' ORDER BY type_oid DESC`,
  );
  return new Map(rows.map(([name, labels]) => [(JSON.parse(labels ?? '[]') as string[]).join('\0'), name ?? '']));
}
