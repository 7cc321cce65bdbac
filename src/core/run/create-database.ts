import { MigrationError } from '../errors.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { openTarget } from '../target/open-target.ts';
import type { PostgresConnection, Target } from '../target/target.ts';

/** Databases that every server has, in the order in which they are tried. */
const maintenanceDatabases = ['postgres', 'template1'] as const;

/** Something to be done or asked on a server outside of the database that is meant. Throws `no-maintenance-database` where no other lets the user in. */
export async function withMaintenance<T>(connection: PostgresConnection, work: (maintenance: Target) => Promise<T>): Promise<T> {
  const maintenance = await openMaintenance(connection);
  try {
    return await work(maintenance);
  } finally {
    await maintenance.close();
  }
}

/** Makes the database of `connection`: empty, UTF8, owned by the user. 'there': somebody else was faster. */
export function createDatabase(connection: PostgresConnection): Promise<'created' | 'there'> {
  return withMaintenance(connection, async (maintenance) => {
    try {
      await maintenance.query(createDatabaseSql(connection.database, await hasUtf8(maintenance)));
      return 'created';
    } catch (error) {
      if (!(error instanceof MigrationError)) throw error;
      if (isThere(error)) return 'there';
      if (error.code === 'no-privilege') throw mayNotCreateDatabase(connection.user, connection.database, error);
      throw error;
    }
  });
}

/** `utf8`: the locale of template0 is one for UTF8; another does not go with it, and C goes with everything. */
export function createDatabaseSql(database: string, utf8: boolean): string {
  return `CREATE DATABASE ${quoteIdentifier(database)} ENCODING 'UTF8'${utf8 ? '' : " LOCALE 'C'"} TEMPLATE template0`;
}

export function mayNotCreateDatabase(user: string, database: string, cause?: MigrationError): MigrationError {
  const grant = `ALTER ROLE ${quoteIdentifier(user)} CREATEDB`;
  const context = {
    ...cause?.context,
    user,
    privilege: 'CREATEDB',
    object: 'the server',
    purpose: `to make database "${database}"`,
    grant,
  };
  return new MigrationError('no-privilege', { context, cause });
}

async function openMaintenance(connection: PostgresConnection): Promise<Target> {
  for (const database of maintenanceDatabases) {
    try {
      return await openTarget(
        { kind: 'postgres', connection: { ...connection, database }, applicationName: 'sluice' },
        { anyPooling: true },
      );
    } catch (error) {
      // Behind a pooler there may be none of these, and hosts may close them.
      if (!(error instanceof MigrationError) || !['no-such-database', 'no-privilege', 'role-not-allowed'].includes(error.code)) throw error;
    }
  }
  const { user, host, database } = connection;
  throw new MigrationError('no-maintenance-database', { context: { user, host, database, grant: createDatabaseSql(database, true) } });
}

async function hasUtf8(maintenance: Target): Promise<boolean> {
  const found = await maintenance.query(
    `SELECT pg_catalog.pg_encoding_to_char(encoding) = 'UTF8' OR datcollate = 'C' AND datctype = 'C' AS fits FROM pg_catalog.pg_database WHERE datname = 'template0'`,
  );
  return found.rows[0]?.['fits'] === true;
}

/** Two that make it at once: the server tells the second by its check or by its unique index. */
function isThere({ context }: MigrationError): boolean {
  return context.sqlstate === '42P04' || (context.sqlstate === '23505' && context.constraint === 'pg_database_datname_index');
}
