import { embeddedFolder } from './embedded.ts';
import { everyObject } from './every-object.ts';
import { HeldEmbedded } from './held-embedded.ts';

interface Place {
  readonly database: HeldEmbedded;
  readonly directory: string;
  readonly remove: () => void;
  /** What `state` said before anybody had it. */
  readonly empty: string;
}

/**
 * One embedded database for the tests of a suite, one after the other: starting PGlite takes seconds of a core, emptying a database a few hundredths.
 * Where it cannot be made what it was, for example since a test has killed its process, the next test gets a new one.
 */
export class SharedEmbedded {
  #place: Place | null = null;

  async take(): Promise<Place> {
    return (this.#place ??= await newPlace());
  }

  async giveBack(): Promise<void> {
    const place = this.#place;
    if (place === null) return;
    const found = await ask(place.database, makeEmpty)
      .then(() => stateOf(place.database))
      .catch(() => 'not to be emptied');
    if (found !== place.empty) await this.close();
  }

  async close(): Promise<void> {
    const place = this.#place;
    this.#place = null;
    await place?.database.close();
    place?.remove();
  }
}

async function newPlace(): Promise<Place> {
  const { directory, remove } = embeddedFolder();
  const database = new HeldEmbedded(directory);
  return { database, directory, remove, empty: await stateOf(database) };
}

async function stateOf(database: HeldEmbedded): Promise<string> {
  return JSON.stringify([await ask(database, everyObject), await ask(database, everythingElse)]);
}

async function ask(database: HeldEmbedded, sql: string): Promise<unknown> {
  return (await (await database.link()).request('query', { session: null, sql, parameters: [] })).rows;
}

const makeEmpty = `
  DO $$ DECLARE found text; BEGIN
    FOR found IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$' LOOP EXECUTE format('DROP SCHEMA %I CASCADE', found); END LOOP;
    FOR found IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP EXECUTE format('DROP EXTENSION %I CASCADE', found); END LOOP;
    CREATE SCHEMA public AUTHORIZATION pg_database_owner;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
    COMMENT ON SCHEMA public IS 'standard public schema';
  END $$`;

/** Beside `everyObject`: what tests change of a database, and what a session keeps from one statement to the next. */
const everythingElse = `
  SELECT 'role ' || rolname AS line FROM pg_roles
  UNION ALL SELECT 'setting ' || name || ' ' || setting FROM pg_settings WHERE source = 'session'
  UNION ALL SELECT 'stored setting ' || setconfig::text FROM pg_db_role_setting
  UNION ALL SELECT 'schema ' || nspname || ' ' || coalesce(nspacl::text, '') || ' ' || nspowner::regrole FROM pg_namespace WHERE nspname = 'public'
  UNION ALL SELECT 'database ' || coalesce(datacl::text, '') FROM pg_database
  UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
  UNION ALL SELECT 'large object ' || oid FROM pg_largeobject_metadata
  UNION ALL SELECT 'temporary ' || relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'
  ORDER BY line`;
