/**
 * What a session must say so that every value is written and read in one way, whatever the server, database or role sets.
 * Settings that an older server does not know are left out by the query. `search_path` ends with pgvector's schema, so that
 * `vector` and its operators are found; everything else that Sluice names is qualified, and pg_catalog comes first implicitly.
 */
export const sessionSettingsQuery = `
SET statement_timeout = 0;
SELECT set_config(wanted.name, wanted.setting, false)
FROM (VALUES
  ('client_encoding', 'UTF8'),
  ('standard_conforming_strings', 'on'),
  ('bytea_output', 'hex'),
  ('DateStyle', 'ISO, YMD'),
  ('IntervalStyle', 'postgres'),
  ('TimeZone', 'UTC'),
  ('extra_float_digits', '1'),
  ('lc_monetary', 'C'),
  ('xmloption', 'content'),
  ('row_security', 'off'),
  ('default_transaction_isolation', 'read committed'),
  ('default_transaction_read_only', 'off'),
  ('default_transaction_deferrable', 'off'),
  ('statement_timeout', '0'),
  ('transaction_timeout', '0'),
  ('lock_timeout', '0'),
  ('idle_in_transaction_session_timeout', '0'),
  ('idle_session_timeout', '0'),
  ('search_path', (
    SELECT concat_ws(', ', 'public', min(quote_ident(home.nspname)))
    FROM pg_catalog.pg_extension AS extension
    JOIN pg_catalog.pg_namespace AS home ON home.oid = extension.extnamespace
    WHERE extension.extname = 'vector' AND home.nspname NOT IN ('public', 'pg_catalog')))
) AS wanted (name, setting)
JOIN pg_catalog.pg_settings AS known ON known.name = wanted.name`;
