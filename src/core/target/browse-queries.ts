/** Tables of every schema that the user may use, sizes and estimates included. Partitions are counted with their parents. */
export const treeQuery = `
SELECT home.nspname AS schema, relation.relname AS name, relation.relkind AS kind,
  CASE WHEN relation.relkind = 'p'
    THEN (SELECT sum(pg_total_relation_size(part.relid)) FROM pg_catalog.pg_partition_tree(relation.oid) AS part)
    WHEN relation.relkind IN ('r', 'm') THEN pg_total_relation_size(relation.oid) ELSE 0 END::text AS bytes,
  CASE WHEN relation.relkind = 'p'
    THEN (SELECT CASE WHEN count(*) FILTER (WHERE leaf.reltuples < 0) > 0 THEN -1 ELSE sum(leaf.reltuples) END
      FROM pg_catalog.pg_partition_tree(relation.oid) AS part JOIN pg_catalog.pg_class AS leaf ON leaf.oid = part.relid WHERE part.isleaf)
    WHEN relation.relkind IN ('r', 'm') AND (relation.reltuples > 0 OR relation.relpages > 0 OR current_setting('server_version_num')::int >= 140000)
    THEN relation.reltuples ELSE -1 END::float8 AS estimate
FROM pg_catalog.pg_namespace AS home
LEFT JOIN pg_catalog.pg_class AS relation ON relation.relnamespace = home.oid AND relation.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relation.relispartition
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS owned WHERE owned.classid = 'pg_catalog.pg_class'::regclass AND owned.objid = relation.oid AND owned.deptype = 'e')
WHERE home.nspname !~ '^pg_' AND home.nspname <> 'information_schema' AND has_schema_privilege(home.oid, 'USAGE')
ORDER BY home.nspname, relation.relname`;

export const versionsQuery = `
SELECT current_setting('server_version') AS server,
  (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'vector') AS installed,
  (SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = 'vector') AS available`;

/** One row for the table or view $1.$2, its columns as JSON. */
export const tableQuery = `
SELECT relation.oid::text AS oid, relation.relkind AS kind, relation.reltuples::float8 AS estimate,
  vector_home.nspname AS vector_schema, extension.extversion AS vector_version, (
  SELECT json_agg(json_build_object(
    'name', attribute.attname,
    'type', format_type(attribute.atttypid, attribute.atttypmod),
    'cast', format_type(attribute.atttypid, -1),
    'nullable', NOT attribute.attnotnull,
    'key', (SELECT array_position(con.conkey, attribute.attnum) - 1 FROM pg_catalog.pg_constraint AS con WHERE con.conrelid = relation.oid AND con.contype = 'p'),
    'number', type.typcategory = 'N',
    'fixed', type.typlen > 0,
    'vector', CASE WHEN type.typname IN ('vector', 'halfvec') AND type.typnamespace = extension.extnamespace THEN greatest(attribute.atttypmod, 0) END,
    'vectorType', CASE WHEN type.typname IN ('vector', 'halfvec', 'sparsevec') AND type.typnamespace = extension.extnamespace THEN type.typname END,
    'bytes', attribute.atttypid = 'bytea'::regtype,
    'literal', attribute.atttypid IN (16, 20, 21, 23, 26, 114, 700, 701, 3802),
    'generated', attribute.attgenerated <> '',
    'always', attribute.attidentity = 'a',
    'default', CASE WHEN attribute.attgenerated = '' THEN pg_get_expr(stored.adbin, stored.adrelid) END,
    'collation', CASE WHEN attribute.attcollation <> type.typcollation
      THEN (SELECT json_build_array(place.nspname, own.collname) FROM pg_catalog.pg_collation AS own
            JOIN pg_catalog.pg_namespace AS place ON place.oid = own.collnamespace WHERE own.oid = attribute.attcollation) END,
    'references', (
      SELECT json_build_object('schema', parent_home.nspname, 'table', parent.relname, 'column', there.attname)
      FROM pg_catalog.pg_constraint AS con
      JOIN pg_catalog.pg_class AS parent ON parent.oid = con.confrelid
      JOIN pg_catalog.pg_namespace AS parent_home ON parent_home.oid = parent.relnamespace
      JOIN pg_catalog.pg_attribute AS there ON there.attrelid = parent.oid AND there.attnum = con.confkey[1]
      WHERE con.conrelid = relation.oid AND con.contype = 'f' AND con.conkey = ARRAY[attribute.attnum]
      ORDER BY con.conname LIMIT 1)
  ) ORDER BY attribute.attnum)
  FROM pg_catalog.pg_attribute AS attribute
  JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
  LEFT JOIN pg_catalog.pg_attrdef AS stored ON stored.adrelid = attribute.attrelid AND stored.adnum = attribute.attnum
  WHERE attribute.attrelid = relation.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped)::text AS columns
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS home ON home.oid = relation.relnamespace
LEFT JOIN pg_catalog.pg_extension AS extension ON extension.extname = 'vector'
LEFT JOIN pg_catalog.pg_namespace AS vector_home ON vector_home.oid = extension.extnamespace
WHERE home.nspname = $1 AND relation.relname = $2 AND relation.relkind IN ('r', 'p', 'v', 'm', 'f')`;

/** Primary key, unique, check and foreign keys of the table with oid $1. */
export const constraintsQuery = `
SELECT conname AS name, contype AS kind, pg_get_constraintdef(oid) AS definition, convalidated AS valid
FROM pg_catalog.pg_constraint WHERE conrelid = $1::oid AND contype IN ('p', 'u', 'c', 'f')
ORDER BY position(contype::text IN 'pufc'), conname`;

/** Indexes of the table with oid $1. */
export const indexesQuery = `
SELECT own.relname AS name, method.amname AS method, pg_get_indexdef(own.oid) AS definition, pg_relation_size(own.oid)::text AS bytes,
  index.indisvalid AS valid
FROM pg_catalog.pg_index AS index
JOIN pg_catalog.pg_class AS own ON own.oid = index.indexrelid
JOIN pg_catalog.pg_am AS method ON method.oid = own.relam
WHERE index.indrelid = $1::oid
ORDER BY index.indisprimary DESC, own.relname`;

/** One row: pgvector's indexes on columns of the table with oid $1 and on expressions, as JSON; those of a partitioned table with its partitions. */
export const vectorIndexesQuery = `
SELECT coalesce(json_agg(json_build_object(
  'name', own.relname,
  'column', attribute.attname,
  'expression', pg_get_expr(index.indexprs, index.indrelid),
  'names', parts.names,
  'method', method.amname,
  'opclass', opclass.opcname,
  'options', own.reloptions,
  'where', pg_get_expr(index.indpred, index.indrelid),
  'bytes', parts.bytes
) ORDER BY own.relname), '[]')::text AS indexes
FROM pg_catalog.pg_index AS index
JOIN pg_catalog.pg_class AS own ON own.oid = index.indexrelid
JOIN pg_catalog.pg_am AS method ON method.oid = own.relam
JOIN pg_catalog.pg_opclass AS opclass ON opclass.oid = index.indclass[0]
LEFT JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = index.indkey[0] AND index.indkey[0] <> 0
CROSS JOIN LATERAL (
  SELECT json_agg(part.relname) AS names, sum(pg_relation_size(part.oid)) AS bytes FROM pg_catalog.pg_class AS part
  WHERE part.oid = own.oid OR part.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(own.oid))
) AS parts
WHERE index.indrelid = $1::oid AND index.indisvalid AND method.amname IN ('hnsw', 'ivfflat')`;
