import type { TargetSession } from './target.ts';

/** What has to be known of a relation before rows are written into it. */
export interface RelationFacts {
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind: r table, p partitioned, v view, m materialized view, f foreign table, S sequence, c composite type. */
  readonly kind: string;
  /** Other tables inherit from it, and it is not partitioned. */
  readonly hasHeirs: boolean;
  readonly rowSecurity: boolean;
  /** Row-level security hides rows from this user. */
  readonly rowSecurityApplies: boolean;
  /** In the table's order. */
  readonly columns: readonly RelationColumn[];
  /** Columns of its primary key, else of the first unique index on columns that are never NULL; empty when there is none. */
  readonly key: readonly string[];
  /** All unique indexes on columns alone and without a condition. */
  readonly uniques: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** Triggers of users that fire. */
  readonly triggers: readonly string[];
  /** Rewrite rules for INSERT, UPDATE and DELETE. */
  readonly rules: readonly string[];
  /** Its foreign keys, with the tables that they refer to: itself among them where rows refer to other rows. */
  readonly parents: readonly RelationParent[];
  /** Foreign keys that refer to it. */
  readonly references: readonly RelationReference[];
}

export interface RelationColumn {
  readonly name: string;
  /** format_type(). */
  readonly type: string;
  /** Also by a domain. */
  readonly notNull: boolean;
  /** A default of its own or of its domain. */
  readonly hasDefault: boolean;
  readonly generated: boolean;
  readonly identity: '' | 'a' | 'd';
}

export interface RelationParent {
  readonly constraint: string;
  readonly columns: readonly string[];
  /** The table that the key refers to. */
  readonly schema: string;
  readonly name: string;
  readonly parentColumns: readonly string[];
}

export interface RelationReference {
  readonly name: string;
  /** The table that has the key. */
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly parentColumns: readonly string[];
  /** What happens to its rows when a parent goes: confdeltype, a no action, r restrict, c cascade, n set null, d set default. */
  readonly onDelete: string;
  /** Each row that is deleted makes PostgreSQL read all of a table of more than a megabyte: no index begins with these columns. */
  readonly slow: boolean;
}

/** Facts of the relations that are there, whatever kind they are of. */
export async function readRelationFacts(
  session: TargetSession,
  names: readonly { readonly schema: string; readonly table: string }[],
): Promise<readonly RelationFacts[]> {
  if (names.length === 0) return [];
  const found = await session.query(factsQuery, [names.map(({ schema }) => schema), names.map(({ table }) => table)]);
  return found.rows.map((row) => JSON.parse(String(row['facts'])) as RelationFacts);
}

const columns = `(
  SELECT json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull OR t.typnotnull,
    'hasDefault', a.atthasdef OR t.typdefault IS NOT NULL, 'generated', a.attgenerated <> '', 'identity', a.attidentity) ORDER BY a.attnum)
  FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
  WHERE a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const key = `(
  SELECT json_agg(a.attname ORDER BY part.place)
  FROM (
    SELECT i.indrelid, i.indkey, i.indnkeyatts FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = relation.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_attribute AS nullable
      WHERE nullable.attrelid = i.indrelid AND nullable.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]) AND NOT nullable.attnotnull)
    ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) AS best
  CROSS JOIN LATERAL unnest((best.indkey::int2[])[0:best.indnkeyatts - 1]) WITH ORDINALITY AS part (number, place)
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = best.indrelid AND a.attnum = part.number)`;

const uniques = `(
  SELECT json_agg(json_build_object('name', c.relname, 'columns', ${columnNames('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')}) ORDER BY c.relname)
  FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
  WHERE i.indrelid = relation.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL)`;

function columnNames(relation: string, numbers: string): string {
  return `(SELECT json_agg(a.attname ORDER BY part.place) FROM unnest(${numbers}) WITH ORDINALITY AS part (number, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = ${relation} AND a.attnum = part.number)`;
}

/** A key that refers to a partitioned table has one for each partition as well. */
const parents = `(
  SELECT json_agg(json_build_object(
    'constraint', con.conname, 'columns', ${columnNames('con.conrelid', 'con.conkey')}, 'schema', home.nspname, 'name', parent.relname,
    'parentColumns', ${columnNames('con.confrelid', 'con.confkey')}) ORDER BY con.conname)
  FROM pg_catalog.pg_constraint AS con JOIN pg_catalog.pg_class AS parent ON parent.oid = con.confrelid JOIN pg_catalog.pg_namespace AS home ON home.oid = parent.relnamespace
  WHERE con.conrelid = relation.oid AND con.contype = 'f'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS whole WHERE whole.oid = con.conparentid AND whole.conrelid = con.conrelid))`;

/** Those of partitions repeat the one of their table. */
const references = `(
  SELECT json_agg(json_build_object(
    'name', con.conname, 'schema', home.nspname, 'table', child.relname, 'columns', ${columnNames('con.conrelid', 'con.conkey')},
    'parentColumns', ${columnNames('con.confrelid', 'con.confkey')}, 'onDelete', con.confdeltype,
    'slow', pg_catalog.pg_relation_size(con.conrelid) > 1 << 20 AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid = con.conrelid AND i.indisvalid AND i.indpred IS NULL
        AND (i.indkey::int2[])[0:cardinality(con.conkey) - 1] @> con.conkey)) ORDER BY home.nspname, child.relname, con.conname)
  FROM pg_catalog.pg_constraint AS con JOIN pg_catalog.pg_class AS child ON child.oid = con.conrelid JOIN pg_catalog.pg_namespace AS home ON home.oid = child.relnamespace
  WHERE con.confrelid = relation.oid AND con.contype = 'f' AND con.conparentid = 0)`;

/** $1 and $2: schemas and names, in parallel. */
const factsQuery = `
SELECT json_build_object(
  'schema', home.nspname, 'name', relation.relname, 'kind', relation.relkind,
  'hasHeirs', relation.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits AS heir WHERE heir.inhparent = relation.oid),
  'rowSecurity', relation.relrowsecurity,
  'rowSecurityApplies', CASE WHEN relation.relrowsecurity THEN row_security_active(relation.oid) ELSE false END,
  'columns', coalesce(${columns}, '[]'), 'key', coalesce(${key}, '[]'), 'uniques', coalesce(${uniques}, '[]'),
  'triggers', coalesce((SELECT json_agg(tgname ORDER BY tgname) FROM pg_catalog.pg_trigger WHERE tgrelid = relation.oid AND NOT tgisinternal AND tgenabled <> 'D'), '[]'),
  'rules', coalesce((SELECT json_agg(rulename ORDER BY rulename) FROM pg_catalog.pg_rewrite WHERE ev_class = relation.oid AND ev_type <> '1'), '[]'),
  'parents', coalesce(${parents}, '[]'), 'references', coalesce(${references}, '[]'))::text AS facts
FROM pg_catalog.pg_class AS relation JOIN pg_catalog.pg_namespace AS home ON home.oid = relation.relnamespace
WHERE (home.nspname, relation.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))
ORDER BY home.nspname, relation.relname`;
