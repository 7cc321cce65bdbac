import { DuckDBTypeId, type DuckDBConnection } from '@duckdb/node-api';
import { MigrationError } from '../../../errors.ts';
import type { SourceValue } from '../../../model/source-value.ts';
import type { SourceAggregate } from '../../source.ts';
import { readAllRows } from './read-chunks.ts';
import type { Relation, RelationColumn } from './relation.ts';

/** What DuckDB computes exactly of a column, as SQL; null = not at all (source.ts says what each means). */
interface ColumnAggregates {
  readonly distinct: string | null;
  readonly extreme: string | null;
  readonly sum: string | null;
  readonly length: string | null;
}

type AggregatesOf = (column: string) => ColumnAggregates;

/** More rows make counting distinct values too slow. */
const mostRowsForDistinct = 200_000;

/** Aggregates in DuckDB's own SQL, in one walk through the relation. */
export async function aggregateColumns(
  connection: DuckDBConnection,
  relation: Relation,
  names: readonly string[],
  path: string,
): Promise<readonly SourceAggregate[]> {
  if (names.length === 0) return [];
  const columns = names.map((name) => {
    const found = relation.columns.find((column) => column.name === name);
    if (found === undefined) throw new MigrationError('no-such-source-column', { context: { path, table: relation.name, column: name } });
    return found;
  });
  const expressions = columns.flatMap((column) => expressionsOf(column, relation.rows <= mostRowsForDistinct));
  const [values = []] = await readAllRows(connection, `SELECT ${expressions.join(', ')} FROM ${relation.from}`);
  return columns.map(({ name }, c) => {
    const [nulls, distinct, min, max, sum, length] = values.slice(c * perColumn, (c + 1) * perColumn).map(toText);
    return {
      column: name,
      nulls: nulls ?? '0',
      distinct: distinct ?? null,
      min: min ?? null,
      max: max ?? null,
      sum: sum ?? null,
      length: length ?? null,
    };
  });
}

const perColumn = 6;

function expressionsOf({ sql, type }: RelationColumn, countsDistinct: boolean): readonly string[] {
  const { distinct, extreme, sum, length } = (byType.get(type.typeId) ?? nothing)(sql);
  return [
    `count(*) - count(${sql})`,
    distinct === null || !countsDistinct ? 'NULL' : `count(DISTINCT ${distinct})`,
    extreme === null ? 'NULL' : `min(${extreme})`,
    extreme === null ? 'NULL' : `max(${extreme})`,
    sum === null ? 'NULL' : `sum(${sum})`,
    length === null ? 'NULL' : `sum(${length})`,
  ];
}

const nothing: AggregatesOf = () => ({ distinct: null, extreme: null, sum: null, length: null });
/** The sum of 64-bit integers is one of 128 bits. */
const integers: AggregatesOf = (c) => ({ distinct: c, extreme: c, sum: c, length: null });
const wideIntegers: AggregatesOf = (c) => ({ ...integers(c), sum: null });
const reals: AggregatesOf = (c) => ({ distinct: c, extreme: c, sum: null, length: null });
const decimals: AggregatesOf = (c) => ({ distinct: null, extreme: c, sum: null, length: null });
const booleans: AggregatesOf = (c) => integers(`CAST(${c} AS TINYINT)`);
/** By their bytes, whatever collation the column has. */
const texts: AggregatesOf = (c) => ({ distinct: `encode(${c})`, extreme: null, sum: null, length: `strlen(${c})` });
const labels: AggregatesOf = (c) => ({ ...nothing(c), length: `strlen(CAST(${c} AS VARCHAR))` });
const blobs: AggregatesOf = (c) => ({ distinct: c, extreme: null, sum: null, length: `octet_length(${c})` });

const byType: ReadonlyMap<DuckDBTypeId, AggregatesOf> = new Map([
  [DuckDBTypeId.TINYINT, integers],
  [DuckDBTypeId.SMALLINT, integers],
  [DuckDBTypeId.INTEGER, integers],
  [DuckDBTypeId.BIGINT, integers],
  [DuckDBTypeId.UTINYINT, integers],
  [DuckDBTypeId.USMALLINT, integers],
  [DuckDBTypeId.UINTEGER, integers],
  [DuckDBTypeId.UBIGINT, integers],
  [DuckDBTypeId.HUGEINT, wideIntegers],
  [DuckDBTypeId.UHUGEINT, wideIntegers],
  [DuckDBTypeId.FLOAT, reals],
  [DuckDBTypeId.DOUBLE, reals],
  [DuckDBTypeId.DECIMAL, decimals],
  [DuckDBTypeId.BOOLEAN, booleans],
  [DuckDBTypeId.VARCHAR, texts],
  [DuckDBTypeId.ENUM, labels],
  [DuckDBTypeId.BLOB, blobs],
]);

function toText(value: SourceValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
