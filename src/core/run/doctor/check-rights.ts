import { MigrationError } from '../../errors.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { Target } from '../../target/target.ts';
import { checkStateRights, mayCreateVector } from '../preflight/check-privileges.ts';
import { checkHnsw } from '../preflight/check-server.ts';
import { installVector } from './install-vector.ts';
import { passed, problem, problemOf, type MadeCheck } from './make-check.ts';
import type { ServerFacts } from './server-facts.ts';

/** What every run needs: a schema for its state, tables to make, temporary tables. A plan may name other schemas; preflight looks at those. */
export async function checkRights(target: Target, facts: ServerFacts): Promise<MadeCheck> {
  const { user, database } = facts;
  const name = quoteIdentifier(user);
  const missing = (state: 'failed' | 'warning', privilege: string, on: string, object: string, purpose: string): MadeCheck =>
    problem('rights', state, 'no-privilege', { user, privilege, object, purpose, grant: `GRANT ${privilege} ON ${on} TO ${name}` });
  const [onDatabase, database_] = [`DATABASE ${quoteIdentifier(database)}`, `database "${database}"`];
  if (facts.state === 'none' && !facts.mayCreateSchemas)
    return missing('failed', 'CREATE', onDatabase, database_, 'to make schema "sluice", which keeps the state of runs');
  const [state] = await checkStateRights(target);
  if (state !== undefined) return problemOf('rights', 'failed', state.error);
  if (facts.mayCreateInPublic === false)
    return missing(
      'warning',
      'USAGE, CREATE',
      'SCHEMA public',
      'schema "public"',
      'where plans make their tables unless they name another schema',
    );
  if (!facts.mayMakeTemporaryTables)
    return missing('warning', 'TEMPORARY', onDatabase, database_, 'by runs into tables that are there already');
  return passed('rights', `"${user}" may make what a run needs in database "${database}".`);
}

/** pgvector: there, usable, new enough, or how it gets there. Tables without vectors do without it, so nothing here fails. */
export async function checkVector(target: Target, facts: ServerFacts, database = facts.database): Promise<MadeCheck> {
  const { vector, user } = facts;
  if (vector.installed !== null) return checkInstalled(facts);
  if (vector.available === null) {
    const commands = installVector(facts.versionText, target.capabilities.serverVersion);
    const install = commands.join(' && ');
    return problem('vector', 'warning', 'vector-missing', { target: target.label, planned: false, install }, [
      ...commands,
      'CREATE EXTENSION vector;',
    ]);
  }
  const [old] = checkHnsw(vector.available);
  if (old !== undefined)
    return problemOf('vector', 'warning', old.error, installVector(facts.versionText, target.capabilities.serverVersion));
  if (database !== facts.database) return passed('vector', `pgvector ${vector.available} can be created.`);
  if (facts.superuser || (vector.trusted && facts.mayCreateSchemas) || (await mayCreateVectorHere(target)))
    return passed(
      'vector',
      `pgvector ${vector.available} is on the server; the first run that needs it creates it in database "${database}".`,
    );
  const context = {
    user,
    privilege: 'to create extension vector (a superuser has it)',
    object: `database "${database}"`,
    purpose: 'for vector columns',
  };
  return problem('vector', 'warning', 'no-privilege', { ...context, grant: 'CREATE EXTENSION vector' });
}

function checkInstalled({ vector, user }: ServerFacts): MadeCheck {
  const { installed, available, schema, mayUseSchema } = vector;
  const version = installed ?? '?';
  if (!mayUseSchema) {
    const [object, on] = [`schema "${schema ?? ''}"`, `SCHEMA ${quoteIdentifier(schema ?? '')}`];
    const grant = `GRANT USAGE ON ${on} TO ${quoteIdentifier(user)}`;
    return problem('vector', 'warning', 'no-privilege', { user, privilege: 'USAGE', object, purpose: 'because pgvector is there', grant });
  }
  const update = available !== null && available !== version ? ['ALTER EXTENSION vector UPDATE;'] : [];
  const [old] = checkHnsw(version);
  if (old !== undefined) return problemOf('vector', 'warning', old.error, ['ALTER EXTENSION vector UPDATE;']);
  const text = `pgvector ${version}, in schema "${schema ?? '?'}".`;
  if (update.length === 0) return passed('vector', text);
  return passed('vector', text, { remedy: `The server has ${available}, which its owner can bring into this database.`, commands: update });
}

/** A standby can try nothing. */
async function mayCreateVectorHere(target: Target): Promise<boolean> {
  try {
    return await mayCreateVector(target);
  } catch (error) {
    if (error instanceof MigrationError) return false;
    throw error;
  }
}
