import { MigrationError } from '../../errors.ts';
import type { CompiledPlan } from '../../plan/compiled-plan.ts';
import { tableLabel } from '../../plan/planned-table.ts';
import { qualifiedName, quoteIdentifier } from '../../sql/quote.ts';
import type { Target } from '../../target/target.ts';
import { rollingBack } from '../rolling-back.ts';
import { foundError, type Found } from './finding.ts';
import { wantedSchemas } from './wanted-objects.ts';

/** Who asks, and for what. */
interface Asker {
  readonly user: string;
  readonly database: string;
  readonly superuser: boolean;
  readonly canCreate: boolean;
  /** pgvector may be created by whoever may create schemas. */
  readonly vectorTrusted: boolean;
}

/** Rights that the run will need and the user does not have, each with the GRANT that mends it. */
export async function checkPrivileges(target: Target, compiled: CompiledPlan): Promise<readonly Found[]> {
  const asker = await readAsker(target);
  const schemas = await readSchemas(target, [...wantedSchemas(compiled), 'sluice']);
  return [
    ...checkDatabase(asker, schemas),
    ...checkSchemas(asker, schemas),
    ...(await checkExtension(target, asker, compiled)),
    ...(await checkVectorSchema(target, asker, compiled)),
    ...(await checkState(target, asker, schemas)),
    ...(await checkParents(target, asker, compiled)),
  ];
}

async function readAsker(target: Target): Promise<Asker> {
  const row = (await target.query(askerQuery)).rows[0] ?? {};
  return {
    user: String(row['user_name']),
    database: String(row['database']),
    superuser: row['superuser'] === true,
    canCreate: row['can_create'] === true,
    vectorTrusted: row['vector_trusted'] === true,
  };
}

const askerQuery = `SELECT current_user AS user_name, current_database() AS database,
    (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS superuser,
    has_database_privilege(current_database(), 'CREATE') AS can_create,
    (SELECT v.trusted FROM pg_catalog.pg_available_extensions e JOIN pg_catalog.pg_available_extension_versions v ON v.name = e.name AND v.version = e.default_version
      WHERE e.name = 'vector') AS vector_trusted`;

interface WantedSchema {
  readonly name: string;
  readonly present: boolean;
  readonly canCreate: boolean;
  readonly canUse: boolean;
}

async function readSchemas(target: Target, names: readonly string[]): Promise<readonly WantedSchema[]> {
  const found = await target.query(
    `SELECT wanted.name, n.oid IS NOT NULL AS present, has_schema_privilege(n.oid, 'CREATE') AS can_create, has_schema_privilege(n.oid, 'USAGE') AS can_use
     FROM unnest($1::text[]) AS wanted(name) LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name`,
    [names],
  );
  return found.rows.map((row) => ({
    name: String(row['name']),
    present: row['present'] === true,
    canCreate: row['can_create'] === true,
    canUse: row['can_use'] === true,
  }));
}

function checkDatabase(asker: Asker, schemas: readonly WantedSchema[]): readonly Found[] {
  const unmade = schemas.filter(({ present }) => !present).map(({ name }) => `"${name}"`);
  if (unmade.length === 0 || asker.canCreate) return [];
  return [
    missing(asker, 'CREATE', `database "${asker.database}"`, {
      purpose: `to make schema ${unmade.join(' and ')}${unmade.includes('"sluice"') ? ' (Sluice keeps the state of runs in "sluice")' : ''}`,
      grant: `GRANT CREATE ON DATABASE ${quoteIdentifier(asker.database)} TO ${quoteIdentifier(asker.user)}`,
    }),
  ];
}

/** Schema sluice is asked about below: nothing is made in it once it is there. */
function checkSchemas(asker: Asker, schemas: readonly WantedSchema[]): readonly Found[] {
  return schemas.flatMap(({ name, present, canCreate, canUse }) => {
    if (!present || name === 'sluice' || (canCreate && canUse)) return [];
    const rights = [...(canUse ? [] : ['USAGE']), ...(canCreate ? [] : ['CREATE'])].join(', ');
    return [
      missing(asker, rights, `schema "${name}"`, {
        purpose: 'to make tables in it',
        grant: `GRANT ${rights} ON SCHEMA ${quoteIdentifier(name)} TO ${quoteIdentifier(asker.user)}`,
      }),
    ];
  });
}

async function checkExtension(target: Target, asker: Asker, compiled: CompiledPlan): Promise<readonly Found[]> {
  const { vectorInstalled, vectorVersion } = target.capabilities;
  if (!compiled.needsVector || vectorInstalled || vectorVersion === null) return [];
  if (asker.superuser || (asker.vectorTrusted && asker.canCreate)) return [];
  if (await mayCreateVector(target, compiled.preData.find(({ object }) => object?.kind === 'extension')?.sql)) return [];
  return [
    missing(asker, `to create extension vector${asker.vectorTrusted ? '' : ' (a superuser has it)'}`, `database "${asker.database}"`, {
      purpose: 'for the vector columns of the plan',
      grant: asker.vectorTrusted
        ? `GRANT CREATE ON DATABASE ${quoteIdentifier(asker.database)} TO ${quoteIdentifier(asker.user)}`
        : 'CREATE EXTENSION vector',
    }),
  ];
}

/** Hosted servers let their administrators, who are no superusers, create some extensions by ways of their own: only trying tells. */
export async function mayCreateVector(target: Target, sql = 'CREATE EXTENSION vector'): Promise<boolean> {
  try {
    await rollingBack(target, (session) => session.query(sql));
    return true;
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'no-privilege') return false;
    throw error;
  }
}

/** Types of an extension that is there need the right to use its schema. */
async function checkVectorSchema(target: Target, asker: Asker, compiled: CompiledPlan): Promise<readonly Found[]> {
  const { vectorSchema } = target.capabilities;
  if (!compiled.needsVector || vectorSchema === null || wantedSchemas(compiled).includes(vectorSchema)) return [];
  const [schema] = await readSchemas(target, [vectorSchema]);
  if (schema === undefined || schema.canUse) return [];
  return [
    missing(asker, 'USAGE', `schema "${vectorSchema}"`, {
      purpose: 'because pgvector is there',
      grant: `GRANT USAGE ON SCHEMA ${quoteIdentifier(vectorSchema)} TO ${quoteIdentifier(asker.user)}`,
    }),
  ];
}

/** Rights on the state of runs that the user lacks, where there is one. */
export async function checkStateRights(target: Target): Promise<readonly Found[]> {
  return checkState(target, await readAsker(target), await readSchemas(target, ['sluice']));
}

/** The tables in which Sluice keeps the state of runs may belong to another user. */
async function checkState(target: Target, asker: Asker, schemas: readonly WantedSchema[]): Promise<readonly Found[]> {
  const schema = schemas.find(({ name }) => name === 'sluice');
  if (schema?.present !== true) return [];
  const all = `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sluice TO ${quoteIdentifier(asker.user)}`;
  const purpose = 'because Sluice keeps the state of runs there';
  if (!schema.canUse) {
    return [
      missing(asker, 'USAGE', 'schema "sluice"', {
        purpose,
        grant: `GRANT USAGE ON SCHEMA sluice TO ${quoteIdentifier(asker.user)}; ${all}`,
      }),
    ];
  }
  const lacking = (await target.query(stateRightsQuery)).rows.map((row) => `${String(row['right'])} on ${String(row['name'])}`);
  return lacking.length === 0 ? [] : [missing(asker, lacking.join(', '), 'tables of schema "sluice"', { purpose, grant: all })];
}

const stateRightsQuery = `SELECT c.relname AS name, wanted.name AS right
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS wanted(name)
  WHERE n.nspname = 'sluice' AND c.relkind = 'r' AND NOT has_table_privilege(c.oid, wanted.name)
    AND (c.relname <> 'state_version' OR wanted.name = 'SELECT')
  ORDER BY 1, 2`;

/** A foreign key to a table of somebody else needs a right on that table. */
async function checkParents(target: Target, asker: Asker, compiled: CompiledPlan): Promise<readonly Found[]> {
  const { parents } = compiled;
  if (parents.length === 0) return [];
  const found = await target.query(
    `SELECT wanted.schema, wanted.name, c.oid IS NOT NULL AS present, has_table_privilege(c.oid, 'REFERENCES') AS allowed
     FROM unnest($1::text[], $2::text[]) AS wanted(schema, name)
     LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
     LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind IN ('r', 'p')`,
    [parents.map(({ schema }) => schema), parents.map(({ table }) => table)],
  );
  const rows = found.rows.map((row) => ({
    to: { schema: String(row['schema']), table: String(row['name']) },
    present: row['present'] === true,
    allowed: row['allowed'] === true,
  }));
  const absent = rows.filter(({ present }) => !present).map(({ to }) => tableLabel(to));
  const refused = rows.filter(({ present, allowed }) => present && !allowed);
  return [
    ...(absent.length > 0 ? [foundError('referenced-table-missing', { target: target.label, tables: absent })] : []),
    ...refused.map(({ to }) =>
      missing(asker, 'REFERENCES', `table ${tableLabel(to)}`, {
        purpose: 'for a foreign key of the plan',
        grant: `GRANT REFERENCES ON TABLE ${qualifiedName(to.schema, to.table)} TO ${quoteIdentifier(asker.user)}`,
      }),
    ),
  ];
}

function missing(
  asker: Asker,
  privilege: string,
  object: string,
  { purpose, grant }: { readonly purpose: string; readonly grant: string },
): Found {
  return foundError('no-privilege', { user: asker.user, privilege, object, purpose, grant });
}
