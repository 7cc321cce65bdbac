import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Reject } from '../../src/core/model/run.ts';
import type { PlanOptions, PlanTable } from '../../src/core/plan/plan-schema.ts';
import { parsePgType } from '../../src/core/sql/pg-type.ts';
import { quoteIdentifier } from '../../src/core/sql/quote.ts';

/** One table of a plan that ran, in schema `schema` of the target. */
export interface JudgedTable {
  readonly table: PlanTable;
  readonly schema: string;
  /** A name of the rowid that no column hides; null = the rows have none. */
  readonly rowid: string | null;
  readonly rejects: readonly Reject[];
  /** Changes of values that the run counted, by `column: change`. */
  readonly counts: Readonly<Record<string, number>>;
  /** CHECKs of the store: who breaks none may not be refused by the server. null = not judged. */
  readonly checks: readonly string[] | null;
}

/** Where the lines of `targetScript` come from. */
export type JudgedTarget = { readonly command: readonly string[]; readonly script: string } | { readonly file: string };

/** What store_oracle.py has to complain about; empty = every value is where it belongs. */
export async function judgeStore(
  store: string,
  options: PlanOptions,
  target: JudgedTarget,
  tables: readonly JudgedTable[],
  before: readonly string[],
): Promise<readonly string[]> {
  const request = { store, options, target, before, tables: tables.map((table) => toRequest(table, options)) };
  return JSON.parse(await python(JSON.stringify(request))) as readonly string[];
}

/** One query a table: each row as a JSON array of the table's position and its cells as texts, in hexadecimal. */
export function targetQueries(tables: readonly Pick<JudgedTable, 'table' | 'schema'>[]): readonly string[] {
  return tables.map(({ table, schema }, at) => {
    const cells = loadedColumns(table).map(({ to, type }) => cellText(quoteIdentifier(to), parsePgType(type).name));
    const json = `json_build_array(${[String(at), ...cells].join(', ')})::text`;
    // psql leaves characters out that Unicode calls none, such as U+FFFE.
    return `SELECT encode(convert_to(${json}, 'UTF8'), 'hex') AS line FROM ${quoteIdentifier(schema)}.${quoteIdentifier(String(table.to))}`;
  });
}

/** Without those that only the target has, such as the words of a full text. */
function loadedColumns({ columns }: PlanTable): PlanTable['columns'] {
  return columns.filter(({ from }) => from !== null);
}

function cellText(column: string, type: string): string {
  switch (type) {
    case 'double precision':
      return `encode(float8send(${column}), 'hex')`;
    case 'bytea':
      return `encode(${column}, 'hex')`;
    case 'uuid':
      return `replace(${column}::text, '-', '')`;
    case 'date':
      return `CASE WHEN isfinite(${column}) THEN (${column} - DATE '1970-01-01')::text ELSE ${column}::text END`;
    case 'time':
      return `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;
    case 'timestamp':
    case 'timestamptz':
      return `CASE WHEN isfinite(${column}) THEN (extract(epoch FROM ${column}) * 1000000)::bigint::text ELSE ${column}::text END`;
    default:
      return `${column}::text`;
  }
}

/** Texts are no NULL in these types. */
const keepsEmpty: readonly string[] = ['text', 'varchar', 'bytea'];

function toRequest({ table, schema, rowid, rejects, counts, checks }: JudgedTable, { emptyText }: PlanOptions): object {
  return {
    from: table.from,
    rowid,
    columns: loadedColumns(table).map((column) => {
      const { name } = parsePgType(column.type);
      return {
        from: column.from,
        to: column.to,
        type: column.type,
        convert: column.convert ?? 'auto',
        nullTokens: column.nullTokens ?? [],
        nullable: column.nullable && !column.identity && !table.primaryKey.includes(column.to),
        emptyIsNull: emptyText === 'null' && !keepsEmpty.includes(name),
        mayRound: column.loss === 'rounded' || column.loss === 'lossy' || name === 'vector',
      };
    }),
    rejects: rejects.filter((reject) => reject.table === `${schema}.${String(table.to)}`),
    counts,
    checks,
    carriesChecks: checks !== null && table.checks.length === checks.length,
    keys: plainKeys(table),
  };
}

/** Columns of each key that rows may break; null where one of them is over more than columns. */
function plainKeys({ primaryKey, uniques, indexes }: PlanTable): readonly (readonly string[])[] | null {
  const found: string[][] = primaryKey.length === 0 ? [] : [primaryKey];
  for (const unique of uniques) found.push(Array.isArray(unique) ? unique : unique.columns);
  for (const { unique, columns, expression, where } of indexes) {
    if (!unique) continue;
    const names = columns.map((column) => (typeof column === 'string' ? column : 'column' in column ? column.column : null));
    if (expression !== null || where !== null || names.includes(null)) return null;
    found.push(names.filter((name) => name !== null));
  }
  return found;
}

function python(input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('python3', [join(import.meta.dirname, 'store_oracle.py')], { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`the oracle failed: ${stderr || error.message}`));
    });
    child.stdin?.end(input);
  });
}
