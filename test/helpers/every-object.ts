/** There is no pg_dump for PGlite: names of everything that is not the system's own. It makes schemas for temporary tables and keeps them. */
export const everyObject = `
  SELECT line FROM (
    SELECT 'schema ' || nspname AS line FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'
    UNION ALL SELECT 'extension ' || extname FROM pg_extension
    UNION ALL SELECT format('relation %s %s.%s', c.relkind, n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_|^information_schema$'
    UNION ALL SELECT format('column %s.%s.%s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attnum > 0 AND n.nspname !~ '^pg_|^information_schema$'
    UNION ALL SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace::regnamespace::text !~ '^pg_|^information_schema$'
    UNION ALL SELECT format('routine %s', oid::regprocedure) FROM pg_proc WHERE pronamespace::regnamespace::text !~ '^pg_|^information_schema$'
    UNION ALL SELECT format('type %s', oid::regtype) FROM pg_type WHERE typnamespace::regnamespace::text !~ '^pg_|^information_schema$') objects
  ORDER BY line`;
