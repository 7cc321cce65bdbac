import { MigrationError } from '../errors.ts';
import type { CreatedObject } from '../model/statement.ts';
import { commentOnTableSql } from './create-objects.ts';
import { qualifiedName, quoteIdentifier } from './quote.ts';

/**
 * SQL that takes back what a statement made. Never CASCADE: PostgreSQL refuses when somebody else's object depends on it, and names that object.
 * An object that is gone already is no error.
 */
export function dropStatement(object: CreatedObject): string {
  const name = quoteIdentifier(object.name);
  switch (object.kind) {
    case 'database':
      throw new MigrationError('internal', { context: { detail: 'a database is never dropped' } });
    case 'seed':
      throw new MigrationError('internal', { context: { detail: 'a seed row goes with its table' } });
    case 'extension':
      return `DROP EXTENSION IF EXISTS ${name}`;
    case 'schema':
      return `DROP SCHEMA IF EXISTS ${name}`;
    case 'type':
    case 'sequence':
    case 'table':
    case 'index':
      return `DROP ${object.kind.toUpperCase()} IF EXISTS ${qualifiedName(object.schema, object.name)}`;
    case 'partition':
      return `DROP TABLE IF EXISTS ${qualifiedName(object.schema, object.name)}`;
    case 'primary-key':
    case 'unique':
    case 'check':
    case 'foreign-key':
      return `${alterTable(object)} DROP CONSTRAINT IF EXISTS ${name}`;
    case 'identity':
      return `${alterTable(object)} ALTER COLUMN ${name} DROP IDENTITY IF EXISTS`;
    case 'comment':
      return commentOnTableSql({ schema: object.schema ?? 'public', table: object.table ?? object.name }, null);
  }
}

function alterTable(object: CreatedObject): string {
  return `ALTER TABLE IF EXISTS ${qualifiedName(object.schema, object.table ?? '')}`;
}
