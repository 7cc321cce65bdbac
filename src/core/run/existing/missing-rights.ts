import type { MigrationError } from '../../errors.ts';
import type { SqlStagedTable } from '../../sql/existing/staging.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { quoteTable, type SqlTableName } from '../../sql/table-name.ts';
import type { TargetSession } from '../../target/target.ts';
import { foundError, type Found } from '../preflight/finding.ts';

/**
 * Which rights on a table that is there the user has not, with the GRANT for them. `deletes`: rows are deleted as well; `refused`: what the server said,
 * where its catalogs do not tell why.
 */
export async function missingRights(
  session: TargetSession,
  { to, label, mode }: SqlStagedTable,
  deletes: boolean,
  refused: MigrationError,
): Promise<readonly Found[]> {
  const asked = await session.query(rightsQuery, [quoteTable(to), rightsOf(mode, deletes)]);
  const { user, database, staging, rights } = JSON.parse(String(asked.rows[0]?.['facts'])) as MissingRights;
  const purpose = `for rows of ${label}, which is there already`;
  const missing = (privilege: string, object: string, on: string): Found =>
    foundError('no-privilege', { user, privilege, object, purpose, grant: `GRANT ${privilege} ON ${on} TO ${quoteIdentifier(user)}` });
  const found = [
    ...(staging ? [] : [missing('TEMPORARY', `database "${database}"`, `DATABASE ${quoteIdentifier(database)}`)]),
    ...(rights.length === 0 ? [] : [missing(rights.join(', '), `table ${label}`, `TABLE ${quoteTable(to)}`)]),
  ];
  return found.length > 0 ? found : [{ severity: 'error', error: refused }];
}

/** Rights on the sequences of columns that are written, which are moved past the values of the source. */
export async function missingOnSequences(session: TargetSession, { to, label, written }: SqlStagedTable): Promise<readonly Found[]> {
  const { rows } = await session.query(
    `SELECT current_user AS user, owned.sequence, string_agg(wanted.name, ', ' ORDER BY wanted.name) AS rights
       FROM (SELECT pg_get_serial_sequence($1, name) AS sequence FROM unnest($2::text[]) AS names(name)) AS owned
       CROSS JOIN unnest(ARRAY['SELECT', 'UPDATE']) AS wanted(name)
      WHERE owned.sequence IS NOT NULL AND NOT has_sequence_privilege(owned.sequence, wanted.name) GROUP BY owned.sequence`,
    [quoteTable(to), written],
  );
  return rows.map((row) => {
    const [user, privilege, sequence] = [row['user'], row['rights'], row['sequence']].map(String) as [string, string, string];
    const purpose = `to number new rows of ${label} behind those of the source`;
    const grant = `GRANT ${privilege} ON SEQUENCE ${sequence} TO ${quoteIdentifier(user)}`;
    return foundError('no-privilege', { user, privilege, object: `sequence ${sequence}`, purpose, grant });
  });
}

/** The right to look whether rows of a table refer to those of another, with the GRANT for it where the user has it not. */
export async function missingRead(session: TargetSession, child: SqlTableName, parent: string): Promise<readonly Found[]> {
  const { rows } = await session.query(
    `SELECT current_user AS user, has_schema_privilege($2::text, 'USAGE') AND has_table_privilege($1::text, 'SELECT') AS allowed`,
    [quoteTable(child), child.schema],
  );
  if (rows[0]?.['allowed'] === true) return [];
  const user = String(rows[0]?.['user']);
  const purpose = `to see which of its rows refer to rows of ${parent} that are to be deleted`;
  const grant = `GRANT SELECT ON TABLE ${quoteTable(child)} TO ${quoteIdentifier(user)}`;
  return [foundError('no-privilege', { user, privilege: 'SELECT', object: `table ${child.schema}.${child.table}`, purpose, grant })];
}

interface MissingRights {
  readonly user: string;
  readonly database: string;
  /** May make temporary tables. */
  readonly staging: boolean;
  readonly rights: readonly string[];
}

function rightsOf(mode: SqlStagedTable['mode'], deletes: boolean): readonly string[] {
  return ['SELECT', 'INSERT', ...(mode === 'upsert' || mode === 'sync' ? ['UPDATE'] : []), ...(deletes ? ['DELETE'] : [])];
}

const rightsQuery = `SELECT json_build_object('user', current_user, 'database', current_database(),
    'staging', has_database_privilege(current_database(), 'TEMPORARY'),
    'rights', (SELECT coalesce(json_agg(wanted.name ORDER BY wanted.at), '[]') FROM unnest($2::text[]) WITH ORDINALITY AS wanted(name, at)
               WHERE NOT has_table_privilege($1::text, wanted.name)))::text AS facts`;
