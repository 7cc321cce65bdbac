import type { Connection } from '../shared/sqlite/connection.ts';
import { parseStatement } from '../../dialect/parse-sqlite.ts';
import type { SchemaRow } from './schema-row.ts';

/** A virtual table of SQLite's full-text search. */
export interface FullTextTable {
  readonly name: string;
  readonly module: string;
  /** `external`: the texts are those of the table `content`; `none`: they were never kept. */
  readonly kept: 'own' | 'external' | 'none';
  readonly content: string | null;
  /** As declared: `porter unicode61`; '' when none is. */
  readonly tokenizer: string;
  /** Columns in order, as SQLite lists them. */
  readonly columns: readonly string[];
  /** Those of `columns` that can be searched. */
  readonly searched: readonly string[];
}

const modules = new Set(['fts3', 'fts4', 'fts5']);

/** Module of a virtual table in lower case; null for any other object. */
export function virtualModule({ sql }: Pick<SchemaRow, 'sql'>): string | null {
  const statement = parseStatement(sql ?? '');
  if (statement?.type === 'CreateVirtualTableStmt') return statement.moduleName.text.toLowerCase();
  return /^CREATE\s+VIRTUAL\s+TABLE[\s\S]*?\sUSING\s+["'`[]?(\w+)/i.exec(sql ?? '')?.[1]?.toLowerCase() ?? null;
}

/** null when it is none. Throws what SQLite says when the table cannot be opened: a tokenizer that only its application has. */
export function readFullTextTable(connection: Connection, row: Pick<SchemaRow, 'name' | 'sql'>): FullTextTable | null {
  const module = virtualModule(row);
  if (module === null || !modules.has(module)) return null;
  const options = moduleArguments(row.sql ?? '');
  const columns = connection
    .prepare(`SELECT name FROM pragma_table_xinfo(?, 'main') WHERE hidden = 0 ORDER BY cid`)
    .pluck()
    .all(row.name) as string[];
  const content = optionOf(options, 'content');
  const unsearched = new Set(unsearchedColumns(options).map((name) => name.toLowerCase()));
  return {
    name: row.name,
    module,
    kept: content === null ? 'own' : content === '' ? 'none' : 'external',
    content,
    tokenizer: (optionOf(options, 'tokenize') ?? '').replaceAll('"', '').trim(),
    columns,
    searched: columns.filter((name) => !unsearched.has(name.toLowerCase())),
  };
}

/** fts5 marks the column, fts4 names it in an option of its own. */
function unsearchedColumns(options: readonly string[]): readonly string[] {
  return options.flatMap((option) => {
    const [, marked] = /^(.*\S)\s+unindexed$/is.exec(option) ?? [];
    const [, named] = /^notindexed\s*=\s*(.*)$/is.exec(option) ?? [];
    const name = marked ?? named;
    return name === undefined ? [] : [unquote(name)];
  });
}

/** Value of an option without its quotes; null when it is not given. */
function optionOf(options: readonly string[], name: string): string | null {
  const found = options.map((option) => /^(\w+)\s*=\s*([\s\S]*)$/.exec(option)).find((match) => match?.[1]?.toLowerCase() === name);
  return found?.[2] === undefined ? null : unquote(found[2]);
}

export function unquote(text: string): string {
  const [, mark, inner] = /^(["'`[])([\s\S]*)["'`\]]$/.exec(text.trim()) ?? [];
  if (mark === undefined || inner === undefined) return text.trim();
  return mark === '[' ? inner : inner.replaceAll(mark + mark, mark);
}

/** What stands between the brackets, cut at its own commas: a module reads its arguments as it likes, so no parser takes them apart. */
export function moduleArguments(sql: string): readonly string[] {
  const start = /\sUSING\s+(?:"[^"]*"|\[[^\]]*\]|`[^`]*`|\w+)\s*\(/i.exec(sql);
  if (start === null) return [];
  const inside = sql.slice(start.index + start[0].length, sql.lastIndexOf(')'));
  const pieces = inside.match(/(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|\[[^\]]*\]|`[^`]*`|\((?:[^()]|\([^()]*\))*\)|--[^\n]*|[^,])+/g) ?? [];
  return pieces.map((piece) => piece.replace(/--[^\n]*/g, '').trim()).filter((piece) => piece !== '');
}
