import { qualifiedName } from './quote.ts';

/** A table of the target, unquoted. */
export interface SqlTableName {
  readonly schema: string;
  readonly table: string;
}

export function quoteTable(name: SqlTableName): string {
  return qualifiedName(name.schema, name.table);
}
