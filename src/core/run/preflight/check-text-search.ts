import { fullTextsOf, type PlannedTable } from '../../plan/planned-table.ts';
import type { Target } from '../../target/target.ts';
import { foundError, type Found } from './finding.ts';

/** Text search configurations that the plan names and the target does not have. */
export async function checkTextSearch(target: Target, tables: readonly PlannedTable[]): Promise<readonly Found[]> {
  const wanted = tables.flatMap(({ label, body }) => fullTextsOf(body).map(({ column, config }) => ({ table: label, column, config })));
  if (wanted.length === 0) return [];
  const { rows } = await target.query(configsQuery);
  const there = rows.map((row) => ({ short: row['short'] as string | null, full: String(row['full']) }));
  const isThere = (config: string): boolean => there.some(({ short, full }) => [short, full].includes(folded(config)));
  return wanted
    .filter(({ config }) => !isThere(config))
    .map((missing) =>
      foundError('no-text-search', { ...missing, there: there.map(({ short, full }) => short ?? full), target: target.label }),
    );
}

/** Names as a cast to regconfig reads them; the short one where it is found without its schema. */
const configsQuery = `SELECT CASE WHEN pg_catalog.pg_ts_config_is_visible(config.oid) THEN quote_ident(config.cfgname) END AS short,
    quote_ident(home.nspname) || '.' || quote_ident(config.cfgname) AS full
  FROM pg_catalog.pg_ts_config AS config JOIN pg_catalog.pg_namespace AS home ON home.oid = config.cfgnamespace ORDER BY 2`;

/** What is not in quotes is read in lower case. */
function folded(config: string): string {
  return config.replaceAll(/"(?:[^"]|"")*"|[^"]+/g, (part) => (part.startsWith('"') ? part : part.toLowerCase()));
}
