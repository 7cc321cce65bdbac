import type { MigrationError } from '../../errors.ts';
import type { SqlStagedTable } from '../../sql/existing/staging.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { quoteTable } from '../../sql/table-name.ts';
import type { TargetSession } from '../../target/target.ts';
import { foundError, type Found } from '../preflight/finding.ts';

/** Which rights on a table that is there the user has not, with the GRANT for them. `refused`: what the server said, where its catalogs do not tell why. */
export async function missingRights(
  session: TargetSession,
  { to, label, mode }: SqlStagedTable,
  refused: MigrationError,
): Promise<readonly Found[]> {
  const asked = await session.query(rightsQuery, [quoteTable(to), rightsOf(mode)]);
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

interface MissingRights {
  readonly user: string;
  readonly database: string;
  /** May make temporary tables. */
  readonly staging: boolean;
  readonly rights: readonly string[];
}

function rightsOf(mode: SqlStagedTable['mode']): readonly string[] {
  return ['SELECT', 'INSERT', ...(mode === 'upsert' ? ['UPDATE'] : []), ...(mode === 'replace' ? ['DELETE'] : [])];
}

const rightsQuery = `SELECT json_build_object('user', current_user, 'database', current_database(),
    'staging', has_database_privilege(current_database(), 'TEMPORARY'),
    'rights', (SELECT coalesce(json_agg(wanted.name ORDER BY wanted.at), '[]') FROM unnest($2::text[]) WITH ORDINALITY AS wanted(name, at)
               WHERE NOT has_table_privilege($1::text, wanted.name)))::text AS facts`;
