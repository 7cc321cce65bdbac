/** Every query takes $1 = names of schemas as text[]; an empty one means all but the system's and Sluice's own. */
const wantedSchema = `
  CASE WHEN cardinality($1::text[]) > 0 THEN home.nspname = ANY ($1::text[])
  ELSE home.nspname <> 'sluice' AND home.nspname <> 'information_schema' AND home.nspname !~ '^pg_' END`;

/** Name of the extension that brought a relation, null when it is the user's own. */
const owningExtension = `(
  SELECT extension.extname
  FROM pg_catalog.pg_depend AS dependency
  JOIN pg_catalog.pg_extension AS extension ON extension.oid = dependency.refobjid
  WHERE dependency.classid = 'pg_catalog.pg_class'::regclass AND dependency.objid = relation.oid AND dependency.objsubid = 0
    AND dependency.refclassid = 'pg_catalog.pg_extension'::regclass AND dependency.deptype = 'e')`;

const columns = `(
  SELECT json_agg(json_build_object(
    'name', attribute.attname,
    'declared', format_type(attribute.atttypid, attribute.atttypmod),
    'nullable', NOT attribute.attnotnull,
    'expression', pg_get_expr(stored.adbin, stored.adrelid),
    'generated', attribute.attgenerated,
    'identity', attribute.attidentity <> '',
    'identityKind', attribute.attidentity,
    'sequence', (
      SELECT json_build_object('schema', sequence_home.nspname, 'name', sequence.relname)
      FROM pg_catalog.pg_depend AS owned
      JOIN pg_catalog.pg_class AS sequence ON sequence.oid = owned.objid AND sequence.relkind = 'S'
      JOIN pg_catalog.pg_namespace AS sequence_home ON sequence_home.oid = sequence.relnamespace
      WHERE owned.classid = 'pg_catalog.pg_class'::regclass AND owned.refclassid = 'pg_catalog.pg_class'::regclass
        AND owned.refobjid = attribute.attrelid AND owned.refobjsubid = attribute.attnum AND owned.deptype IN ('a', 'i')
      LIMIT 1),
    'collation', CASE WHEN attribute.attcollation <> type.typcollation THEN (SELECT collname FROM pg_catalog.pg_collation WHERE oid = attribute.attcollation) END
  ) ORDER BY attribute.attnum)
  FROM pg_catalog.pg_attribute AS attribute
  JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
  LEFT JOIN pg_catalog.pg_attrdef AS stored ON stored.adrelid = attribute.attrelid AND stored.adnum = attribute.attnum
  WHERE attribute.attrelid = relation.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped)`;

/** Names of the columns behind an array of column numbers, in the array's order. */
function columnNames(table: string, numbers: string): string {
  return `(
    SELECT json_agg(attribute.attname ORDER BY key.place)
    FROM unnest(${numbers}) WITH ORDINALITY AS key (number, place)
    JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = ${table} AND attribute.attnum = key.number)`;
}

/** A foreign key to a partitioned table has one for each of its partitions as well, which are not told. */
const constraints = `(
  SELECT json_agg(json_build_object(
    'name', con.conname,
    'type', con.contype,
    'columns', ${columnNames('con.conrelid', 'con.conkey')},
    'expression', CASE WHEN con.contype = 'c' THEN pg_get_expr(con.conbin, con.conrelid) END,
    'references', parent.relname,
    'referencesSchema', parent_home.nspname,
    'referencesColumns', ${columnNames('con.confrelid', 'con.confkey')},
    'onDelete', con.confdeltype,
    'onUpdate', con.confupdtype,
    'deferrable', con.condeferrable,
    'validated', con.convalidated,
    'definition', pg_get_constraintdef(con.oid)
  ) ORDER BY con.conname)
  FROM pg_catalog.pg_constraint AS con
  LEFT JOIN pg_catalog.pg_class AS parent ON parent.oid = con.confrelid
  LEFT JOIN pg_catalog.pg_namespace AS parent_home ON parent_home.oid = parent.relnamespace
  WHERE con.conrelid = relation.oid AND con.contype IN ('p', 'u', 'f', 'c', 'x')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS whole WHERE whole.oid = con.conparentid AND whole.conrelid = con.conrelid))`;

/** Those that a constraint owns are told by the constraint. */
const indexes = `(
  SELECT json_agg(json_build_object(
    'name', index_relation.relname,
    'unique', index.indisunique,
    'valid', index.indisvalid,
    'method', method.amname,
    'where', pg_get_expr(index.indpred, index.indrelid),
    'definition', pg_get_indexdef(index.indexrelid),
    'parts', (
      SELECT json_agg(json_build_object(
        'column', attribute.attname,
        'expression', CASE WHEN attribute.attname IS NULL THEN pg_get_indexdef(index.indexrelid, place, true) END,
        'descending', index.indoption[place - 1] & 1 = 1,
        'collation', (SELECT collname FROM pg_catalog.pg_collation WHERE oid = index.indcollation[place - 1] AND oid <> coalesce(attribute.attcollation, 100))
      ) ORDER BY place)
      FROM generate_series(1, index.indnkeyatts) AS place
      LEFT JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = index.indkey[place - 1] AND index.indkey[place - 1] <> 0)
  ) ORDER BY index_relation.relname)
  FROM pg_catalog.pg_index AS index
  JOIN pg_catalog.pg_class AS index_relation ON index_relation.oid = index.indexrelid
  JOIN pg_catalog.pg_am AS method ON method.oid = index_relation.relam
  WHERE index.indrelid = relation.oid
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS con WHERE con.conindid = index.indexrelid AND con.contype IN ('p', 'u', 'x')))`;

const wantedName = '(home.nspname, relation.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))';

/** Tables of schemas. */
export const tablesQuery = tablesWhere(wantedSchema);

/** $1 and $2: schemas and names of the tables, in parallel. */
export const namedTablesQuery = tablesWhere(wantedName);

function tablesWhere(condition: string): string {
  return `
SELECT home.nspname AS schema, relation.relname AS name, ${owningExtension} AS extension,
  coalesce(${columns}, '[]')::text AS columns,
  coalesce(${constraints}, '[]')::text AS constraints,
  coalesce(${indexes}, '[]')::text AS indexes,
  (SELECT parent.relname FROM pg_catalog.pg_inherits AS child JOIN pg_catalog.pg_class AS parent ON parent.oid = child.inhparent
   WHERE child.inhrelid = relation.oid AND relation.relispartition) AS partition_of,
  CASE WHEN relation.relkind = 'p' THEN pg_get_partkeydef(relation.oid) END AS partition_key
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS home ON home.oid = relation.relnamespace
WHERE relation.relkind IN ('r', 'p') AND ${condition}
ORDER BY home.nspname, relation.relname`;
}

export const viewsQuery = `
SELECT home.nspname AS schema, relation.relname AS name, pg_get_viewdef(relation.oid) AS definition
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS home ON home.oid = relation.relnamespace
WHERE relation.relkind IN ('v', 'm') AND ${wantedSchema} AND ${owningExtension} IS NULL
ORDER BY home.nspname, relation.relname`;

export const triggersQuery = `
SELECT home.nspname AS schema, relation.relname AS table, trigger.tgname AS name, pg_get_triggerdef(trigger.oid) AS definition
FROM pg_catalog.pg_trigger AS trigger
JOIN pg_catalog.pg_class AS relation ON relation.oid = trigger.tgrelid
JOIN pg_catalog.pg_namespace AS home ON home.oid = relation.relnamespace
WHERE NOT trigger.tgisinternal AND ${wantedSchema} AND ${owningExtension} IS NULL
ORDER BY home.nspname, relation.relname, trigger.tgname`;
