/** $1 schema, $2 table, $3 column. One row, or none when there is no such table. */
export const vectorColumnQuery = `
SELECT relation.oid::int8 AS relation, relation.relkind AS kind, pgvector.home AS vector_schema, pgvector.version AS vector_version,
  coalesce((
    SELECT json_agg(json_build_object(
      'name', attribute.attname,
      'type', format_type(attribute.atttypid, attribute.atttypmod),
      'cast', format_type(attribute.atttypid, -1),
      'nullable', NOT attribute.attnotnull,
      'numeric', type.typcategory = 'N',
      'vector', CASE WHEN type.typnamespace = pgvector.namespace AND type.typname IN ('vector', 'halfvec', 'sparsevec') THEN type.typname END,
      'dimensions', greatest(attribute.atttypmod, 0),
      'key', array_position(key.conkey, attribute.attnum) - 1,
      'references', (
        SELECT json_build_object('schema', parent_home.nspname, 'table', parent.relname, 'column', parent_column.attname)
        FROM pg_catalog.pg_constraint AS link
        JOIN pg_catalog.pg_class AS parent ON parent.oid = link.confrelid
        JOIN pg_catalog.pg_namespace AS parent_home ON parent_home.oid = parent.relnamespace
        JOIN pg_catalog.pg_attribute AS parent_column ON parent_column.attrelid = parent.oid AND parent_column.attnum = link.confkey[1]
        WHERE link.conrelid = relation.oid AND link.contype = 'f' AND link.conkey = ARRAY[attribute.attnum]
        ORDER BY link.conname LIMIT 1)
    ) ORDER BY attribute.attnum)
    FROM pg_catalog.pg_attribute AS attribute
    JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
    WHERE attribute.attrelid = relation.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped), '[]')::text AS columns,
  coalesce((
    SELECT json_agg(json_build_object(
      'name', index_relation.relname,
      'names', (
        SELECT json_agg(part.relname) FROM pg_catalog.pg_class AS part
        WHERE part.oid = index_relation.oid OR part.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(index_relation.oid))),
      'method', method.amname,
      'opclass', opclass.opcname,
      'options', index_relation.reloptions,
      'where', pg_get_expr(index.indpred, index.indrelid),
      'bytes', (
        SELECT sum(pg_relation_size(part.oid)) FROM pg_catalog.pg_class AS part
        WHERE part.oid = index_relation.oid OR part.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(index_relation.oid)))
    ) ORDER BY index_relation.relname)
    FROM pg_catalog.pg_index AS index
    JOIN pg_catalog.pg_class AS index_relation ON index_relation.oid = index.indexrelid
    JOIN pg_catalog.pg_am AS method ON method.oid = index_relation.relam
    JOIN pg_catalog.pg_opclass AS opclass ON opclass.oid = index.indclass[0]
    JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = relation.oid AND attribute.attnum = index.indkey[0]
    WHERE index.indrelid = relation.oid AND index.indisvalid AND method.amname IN ('hnsw', 'ivfflat') AND attribute.attname = $3), '[]')::text AS indexes
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS home ON home.oid = relation.relnamespace
LEFT JOIN pg_catalog.pg_constraint AS key ON key.conrelid = relation.oid AND key.contype = 'p'
LEFT JOIN (
  SELECT extension.extversion AS version, extension_home.nspname AS home, extension_home.oid AS namespace
  FROM pg_catalog.pg_extension AS extension
  JOIN pg_catalog.pg_namespace AS extension_home ON extension_home.oid = extension.extnamespace
  WHERE extension.extname = 'vector'
) AS pgvector ON true
WHERE relation.relkind IN ('r', 'p', 'm') AND home.nspname = $1 AND relation.relname = $2`;
