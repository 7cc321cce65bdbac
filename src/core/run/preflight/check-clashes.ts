import type { CompiledPlan } from '../../plan/compiled-plan.ts';
import type { QueryResult, Target } from '../../target/target.ts';
import { foundError, type Found } from './finding.ts';
import { wantedNames, type WantedName } from './wanted-objects.ts';

/** No table, sequence, index or type that the run makes may be there. Schemas and extensions are shared. */
export async function checkClashes(target: Target, compiled: CompiledPlan): Promise<readonly Found[]> {
  const wanted = wantedNames(compiled);
  const parameters = [wanted.map(({ schema }) => schema), wanted.map(({ name }) => name)];
  const relations = placesIn(await target.query(relationsQuery, parameters));
  const types = placesIn(await target.query(typesQuery, parameters));
  const isTaken = (name: WantedName): boolean =>
    (name.kind !== 'type' && relations.has(place(name))) || ((name.kind === 'type' || name.kind === 'table') && types.has(place(name)));
  const taken = wanted.filter(isTaken);
  const tables = taken.filter(({ kind }) => kind === 'table').map(place);
  const others = taken.filter(({ kind }) => kind !== 'table').map((name) => `${word(name)} ${place(name)}`);
  return [
    ...(tables.length > 0
      ? [foundError('table-exists', { tables: tables.sort(), target: target.label, left: tablesLeft(compiled, taken) })]
      : []),
    ...(others.length > 0 ? [foundError('name-exists', { names: others.sort(), target: target.label })] : []),
  ];
}

/** Tables of the run that are not there yet: an earlier run may have made the others. */
function tablesLeft(compiled: CompiledPlan, taken: readonly WantedName[]): readonly string[] {
  const there = new Set(taken.map(place));
  const wanted = wantedNames(compiled).filter(({ kind }) => kind === 'table');
  return wanted.filter((name) => !there.has(place(name))).map(({ name }) => name);
}

/** Tables, views, indexes and sequences have their names in common. */
const relationsQuery = `SELECT n.nspname AS schema, c.relname AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;

/** Each table has a type of its name as well. Arrays give way by themselves. */
const typesQuery = `SELECT n.nspname AS schema, t.typname AS name
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typelem = 0 AND (n.nspname, t.typname) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;

function placesIn({ rows }: QueryResult): ReadonlySet<string> {
  return new Set(rows.map((row) => `${String(row['schema'])}.${String(row['name'])}`));
}

function place({ schema, name }: Pick<WantedName, 'schema' | 'name'>): string {
  return `${schema}.${name}`;
}

/** A key is taken as the index that PostgreSQL makes for it. */
function word({ kind }: WantedName): string {
  return kind === 'primary-key' || kind === 'unique' ? 'index' : kind;
}
