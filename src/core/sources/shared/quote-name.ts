/** A text as SQLite and DuckDB write it as a literal; where a statement can take parameters, texts are some. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQLite and DuckDB read it back unchanged. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
