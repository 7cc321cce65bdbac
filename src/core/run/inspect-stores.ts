import type { EngineDeps } from '../engine-deps.ts';
import { planMigration } from '../plan/plan-migration.ts';
import { planSchema, type PlanTable } from '../plan/plan-schema.ts';
import { withSourceNames } from '../plan/source-names.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { EngineSession } from './engine-session.ts';
import { profileStores, type ProfiledSource } from './profile-stores.ts';
import type { InspectedColumn, InspectedTable, InspectRequest, InspectResult } from './requests.ts';

/** `sluice inspect`: what stores there are, and what their columns hold. Inferred types are those that a plan would propose. */
export async function inspectStores(request: InspectRequest, deps: EngineDeps): Promise<InspectResult> {
  const engine = new EngineSession(deps, deps.processorCount);
  try {
    const stores = await profileStores(request.locations, request.sample ?? null, { pool: engine.pool, deps, signal: request.signal });
    return { stores: stores.map((store) => inspected(store, request.sample ?? 'full')) };
  } finally {
    await engine.close();
  }
}

function inspected(store: ProfiledSource, profiled: number | 'full'): InspectResult['stores'][number] {
  const { snapshot, catalog, profiles } = store;
  const { plan } = planMigration({
    name: 'inspect',
    sources: { main: { kind: snapshot.kind, path: snapshot.location, fingerprint: snapshot.fingerprint, profiled, catalog, profiles } },
    target: { profile: 'embedded', schema: 'public' },
    options: {},
  });
  const planned = planSchema.parse(plan).tables.map(withSourceNames);
  const tables = catalog.tables.map((table): InspectedTable => {
    const plannedTable = planned.find((candidate) => candidate.from === table.name);
    return {
      name: table.name,
      rows: table.rows ?? profiles.find((profile) => profile.table === table.name)?.rows ?? 0,
      columns: table.columns.map((column) => {
        const mapped = plannedTable?.columns.find((candidate) => candidate.from === column.name);
        return {
          name: column.name,
          declared: column.declared,
          inferred: mapped?.type ?? 'not carried',
          nullable: column.nullable,
          evidence: mapped?.evidence ?? '',
          ...adviceFor(plannedTable, mapped?.to),
        };
      }),
      primaryKey: table.primaryKey,
      foreignKeys: table.foreignKeys,
      indexes: table.indexes,
    };
  });
  return { kind: snapshot.kind, location: snapshot.location, fingerprint: snapshot.fingerprint, tables };
}

/** What the plan would say of the index for neighbours. */
function adviceFor(table: PlanTable | undefined, column: string | undefined): Pick<InspectedColumn, 'indexAdvice'> {
  if (table === undefined || column === undefined) return {};
  const quoted = quoteIdentifier(column);
  const indexes = table.indexes.filter(
    ({ evidence, columns, expression }) => evidence !== '' && (columns.includes(column) || expression?.includes(quoted) === true),
  );
  return indexes.length === 0 ? {} : { indexAdvice: indexes.map(({ evidence }) => evidence).join(' ') };
}
