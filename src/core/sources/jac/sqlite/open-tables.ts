import { MigrationError } from '../../../errors.ts';
import { openForReading, type Connection } from '../../shared/sqlite/connection.ts';
import { namingErrors } from '../../shared/sqlite/sqlite-errors.ts';

/** How the records of a store that is an SQLite database are kept: pickles of a shelf, or anchors of the runtime's own table. */
export type SqliteForm = 'shelf' | 'pickles' | 'json';

/** A store that is open, with the columns of its tables. */
export interface OpenTables {
  readonly connection: Connection;
  readonly form: SqliteForm;
  /** Names of columns by table. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Opens a private copy for reading; what is pending in a -wal beside it counts. Throws `corrupt-store` where it holds no anchors, and other diagnoses. */
export function openTables(path: string): OpenTables {
  const connection = openForReading(path);
  try {
    return namingErrors({ path }, () => {
      const columns = columnsOf(connection);
      const form = formOf(columns);
      if (form === null)
        throw new MigrationError('corrupt-store', { context: { path, detail: 'the tables of a Jac store are not in it' } });
      return { connection, form, columns };
    });
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Of plain tables, and of columns that are stored: what else may bear such a name is computed by whatever the file says. */
function columnsOf(connection: Connection): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = new Map<string, Set<string>>();
  const rows = connection
    .prepare(
      "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.sql LIKE 'CREATE TABLE%'",
    )
    .raw()
    .all() as [string, string][];
  for (const [table, column] of rows) columns.set(table, (columns.get(table) ?? new Set()).add(column));
  return columns;
}

function formOf(columns: OpenTables['columns']): SqliteForm | null {
  const has = (table: string, ...names: string[]): boolean => names.every((name) => columns.get(table)?.has(name) === true);
  if (has('anchors', 'id', 'data')) return has('anchors', 'format_version') ? 'json' : 'pickles';
  return has('Dict', 'key', 'value') ? 'shelf' : null;
}
