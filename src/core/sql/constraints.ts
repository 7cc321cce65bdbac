import type { ForeignKeyAction } from '../model/catalog.ts';
import { quoteIdentifier, quoteList } from './quote.ts';
import { quoteTable, type SqlTableName } from './table-name.ts';

export interface SqlForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: SqlTableName;
  readonly referencesColumns: readonly string[];
  readonly onDelete: ForeignKeyAction | null;
  readonly onUpdate: ForeignKeyAction | null;
  readonly deferrable: boolean;
}

export function addPrimaryKeySql(table: SqlTableName, name: string, columns: readonly string[]): string {
  return `${addConstraint(table, name)} PRIMARY KEY (${quoteList(columns)})`;
}

export function addUniqueSql(table: SqlTableName, name: string, columns: readonly string[]): string {
  return `${addConstraint(table, name)} UNIQUE (${quoteList(columns)})`;
}

/**
 * `not valid`: new rows are checked from now on, the rows that are there when `validateConstraintSql` runs. `validated`: fails when rows are there that
 * have no parent; partitioned tables know no other.
 */
export function addForeignKeySql(table: SqlTableName, key: SqlForeignKey, proof: 'not valid' | 'validated' = 'not valid'): string {
  const actions = [
    ...(key.onDelete === null ? [] : [` ON DELETE ${key.onDelete.toUpperCase()}`]),
    ...(key.onUpdate === null ? [] : [` ON UPDATE ${key.onUpdate.toUpperCase()}`]),
    ...(key.deferrable ? [' DEFERRABLE INITIALLY DEFERRED'] : []),
  ];
  const target = `${quoteTable(key.references)} (${quoteList(key.referencesColumns)})`;
  return `${addConstraint(table, key.name)} FOREIGN KEY (${quoteList(key.columns)}) REFERENCES ${target}${actions.join('')}${proof === 'validated' ? '' : ' NOT VALID'}`;
}

/** Fails when rows are there that have no parent. */
export function validateConstraintSql(table: SqlTableName, name: string): string {
  return `ALTER TABLE ${quoteTable(table)} VALIDATE CONSTRAINT ${quoteIdentifier(name)}`;
}

function addConstraint(table: SqlTableName, name: string): string {
  return `ALTER TABLE ${quoteTable(table)} ADD CONSTRAINT ${quoteIdentifier(name)}`;
}
