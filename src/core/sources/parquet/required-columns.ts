import type { DuckDBConnection } from '@duckdb/node-api';
import { readAllRows } from '../shared/duckdb/read-chunks.ts';
import { quoteText } from '../shared/quote-name.ts';

/** One element of a file's schema; those inside of a group follow it. */
interface SchemaElement {
  readonly name: string;
  readonly repetition: string | null;
  readonly children: number;
}

/**
 * Names, in small letters, of the columns at the top that are REQUIRED in every one of the files, so that no row can be without a value. A folder
 * `name=value` takes the place of a file's own column.
 */
export async function readRequiredColumns(connection: DuckDBConnection, files: readonly string[]): Promise<ReadonlySet<string>> {
  const required: ReadonlySet<string>[] = [];
  for (const file of files) {
    const rows = await readAllRows(connection, `SELECT name, repetition_type, num_children FROM parquet_schema(${quoteText(file)})`);
    const elements = rows.map(([name, repetition, children]) => ({
      name: String(name),
      repetition: repetition === null ? null : String(repetition),
      children: Number(children ?? 0),
    }));
    required.push(requiredIn(columnsAtTop(elements)));
  }
  const [first = new Set<string>(), ...others] = required;
  const folders = new Set(files.flatMap((file) => file.split(/[\\/]/).flatMap((part) => /^(.+?)=/.exec(part)?.[1]?.toLowerCase() ?? [])));
  return new Set([...first].filter((name) => !folders.has(name) && others.every((names) => names.has(name))));
}

/** DuckDB gives columns whose names differ only in case new names, which are not those of the file: then none is known. */
function requiredIn(columns: readonly SchemaElement[]): ReadonlySet<string> {
  const names = columns.map(({ name }) => name.toLowerCase());
  if (new Set(names).size < names.length) return new Set();
  return new Set(names.filter((_, i) => columns[i]?.repetition === 'REQUIRED'));
}

/** Without the root, which comes first, and what is inside of groups. */
function columnsAtTop(elements: readonly SchemaElement[]): readonly SchemaElement[] {
  const columns: SchemaElement[] = [];
  for (let at = 1; at < elements.length;) {
    columns.push(elements[at]!);
    // Skips the element and as many as are announced on the way.
    for (let left = 1; left > 0 && at < elements.length; at++) left += (elements[at]?.children ?? 0) - 1;
  }
  return columns;
}
