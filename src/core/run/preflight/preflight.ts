import type { EngineDeps } from '../../engine-deps.ts';
import { plural } from '../../model/plural.ts';
import type { PreflightReport } from '../../model/preflight.ts';
import type { LossNote } from '../../model/loss-note.ts';
import type { Plan } from '../../plan/plan-schema.ts';
import { withSourceNames } from '../../plan/source-names.ts';
import { syncKey } from '../../plan/sync-key.ts';
import type { Target } from '../../target/target.ts';
import type { ControlSession } from '../control-session.ts';
import type { EffectivePlan } from '../effective-plan.ts';
import type { EngineSession } from '../engine-session.ts';
import { staleSources, type FrozenSources } from '../frozen-sources.ts';
import { noteLosses } from '../note-losses.ts';
import type { RunRequest } from '../requests.ts';
import { checkBrokenChecks } from './check-broken-checks.ts';
import { checkClashes } from './check-clashes.ts';
import { checkEdgeEnds } from './check-edge-ends.ts';
import { checkIndexKeys } from './check-index-keys.ts';
import { checkParity } from './check-parity.ts';
import { checkPrivileges } from './check-privileges.ts';
import { checkRows, type RowTrial } from './check-rows.ts';
import { checkRowSizes } from './check-row-sizes.ts';
import { checkSeedValues } from './check-seed-values.ts';
import { checkServer } from './check-server.ts';
import { checkDisk, estimateDisk } from './estimate-disk.ts';
import { estimateVectorIndexes, readBuildMemory } from './estimate-vector-indexes.ts';
import { foundError, foundWarning, refuseErrors, toFinding, type Found } from './finding.ts';
import { checkLocks } from './check-locks.ts';
import { checkTextSearch } from './check-text-search.ts';
import { checkUnreadable } from './check-unreadable.ts';
import { checkPlanLimits, tablesOfRun } from './plan-limits.ts';

/** What preflight looks at. */
export interface PreflightSubject {
  readonly request: RunRequest;
  readonly effective: EffectivePlan;
  readonly sources: FrozenSources;
  readonly engine: EngineSession;
  readonly deps: EngineDeps;
  /** null: the run makes its target, where nothing can be in the way. */
  readonly control: ControlSession | null;
  /** What is known of the target already: of one that is not made, or of tables that are there. */
  readonly found: readonly Found[];
  /** This very command has read every value and found none that the plan would turn away. */
  readonly proven: boolean;
}

/**
 * Everything that can be known to fail is said here, all at once, before anything is created. Rows are read once, and not at all when the command
 * has just read them. Throws the first error, which tells the others.
 */
export async function preflight(subject: PreflightSubject): Promise<PreflightReport> {
  const { request, effective, sources, control, deps } = subject;
  const { plan, compiled } = effective;
  deps.emit({ type: 'phase', phase: 'preflight' });
  const disk = await estimateDisk(plan, compiled, sources, request.target, deps);
  const findings: Found[] = [
    // What is synced is a store that changes.
    ...(request.acceptStale || plan.options.mode === 'sync' ? [] : checkStale(plan, sources)),
    ...checkSyncKeys(effective),
    ...checkParity(effective, sources),
    ...checkEdgeEnds(effective, sources),
    ...checkUnreadable(effective, sources),
    ...checkPlanLimits(plan, compiled),
    ...subject.found,
    ...(control === null ? await checkUnmade(subject) : await control.use((target) => checkTarget(target, effective))),
    ...checkDisk(disk),
    ...checkSizes(effective, sources),
  ];
  const trial = await tryRows(subject, findings);
  const losses = noteLosses(plan, compiled.tables, trial.checks.length === 0 ? null : trial.checks);
  const { pool } = subject.engine;
  findings.push(...(await checkBrokenChecks(effective, sources, pool, request.signal)));
  findings.push(...(await checkIndexKeys(effective, sources, pool, request.signal)));
  findings.push(...trial.findings, ...(trial.checks.length === 0 ? expectedRejects(effective) : []), ...changes(losses));
  const buildMemory = control === null ? null : await control.use(readBuildMemory);
  const vectorIndexes = estimateVectorIndexes(effective, sources, buildMemory);
  const report = reportOf(subject, findings, { disk, vectorIndexes }, trial, losses);
  deps.emit({ type: 'preflight', report });
  refuseErrors(findings);
  return report;
}

/** What only the target knows. Whatever the run makes must not be there yet; in mode `create` that is everything. */
async function checkTarget(target: Target, { plan, compiled }: EffectivePlan): Promise<readonly Found[]> {
  const server = await checkServer(target, compiled);
  // An older server has other catalogs.
  if (server.some(({ error }) => error.code === 'server-too-old')) return server;
  return [
    ...server,
    ...(await checkPrivileges(target, compiled)),
    ...(await checkClashes(target, compiled)),
    ...(await checkTextSearch(target, tablesOfRun(plan, compiled))),
    ...(await checkSeedValues(target, tablesOfRun(plan, compiled))),
    ...(await checkLocks(target, tablesOfRun(plan, compiled), compiled)),
  ];
}

/** Of a target that the run makes only what is known of every new one. */
async function checkUnmade({ request, effective: { plan, compiled } }: PreflightSubject): Promise<readonly Found[]> {
  return request.target.kind === 'embedded' ? checkLocks(null, tablesOfRun(plan, compiled), compiled) : [];
}

function checkStale(plan: Plan, sources: FrozenSources): readonly Found[] {
  return staleSources(plan, sources).map(({ name, location }) => foundError('stale-plan', { source: name, path: location }));
}

/** Tables that are there are looked at one by one, with everything else that may be wrong with them. */
function checkSyncKeys({ plan, compiled }: EffectivePlan): readonly Found[] {
  if (plan.options.mode !== 'sync') return [];
  const keyless = compiled.tables.filter((table) => table.existing === undefined && syncKey(plan, table).length === 0);
  return keyless.length === 0 ? [] : [foundError('sync-without-key', { tables: keyless.map(({ label }) => label) })];
}

function checkSizes({ compiled }: EffectivePlan, sources: FrozenSources): readonly Found[] {
  return [...sources].flatMap(([name, { snapshot }]) =>
    checkRowSizes(
      snapshot,
      compiled.tables.filter(({ source }) => source === name).map(({ from }) => from),
    ),
  );
}

/** A dry run reads the rows where the run would do without: it is asked what would happen, and reads them for nothing else. */
async function tryRows(
  { request, effective, sources, engine, deps, proven }: PreflightSubject,
  before: readonly Found[],
): Promise<RowTrial> {
  if (before.some(({ error }) => error.code === 'row-too-large')) return { checks: [], findings: [] };
  const all = !proven && (effective.plan.options.onReject === 'stop' || request.dryRun);
  return checkRows(effective, sources, all, engine.pool, deps, request.signal);
}

/** What the plan itself says, when no row was tried. */
function expectedRejects({ plan, compiled }: EffectivePlan): readonly Found[] {
  const examples = compiled.tables.flatMap((table) => {
    const planned = plan.tables.find((one) => one.source === table.source && withSourceNames(one).from === table.from);
    return (planned?.columns ?? [])
      .filter(({ expectedRejects: values }) => values > 0)
      .map((column) => ({
        values: column.expectedRejects,
        text: `${table.label}.${column.to}: ${plural(column.expectedRejects, 'value')}`,
      }));
  });
  if (examples.length === 0) return [];
  const rejects = examples.reduce((sum, { values }) => sum + values, 0);
  return [foundWarning('rejects-known', { rejects, examples: examples.map(({ text }) => text) })];
}

function changes(losses: readonly LossNote[]): readonly Found[] {
  return losses
    .filter(({ loss, values }) => loss !== 'widened' && values !== 0)
    .map(({ table, column, message, values }) => foundWarning('values-change', { table, column, detail: message, values }));
}

function reportOf(
  { effective: { compiled }, control }: PreflightSubject,
  findings: readonly Found[],
  { disk, vectorIndexes }: Pick<PreflightReport, 'disk' | 'vectorIndexes'>,
  { checks }: RowTrial,
  losses: readonly LossNote[],
): PreflightReport {
  const capabilities = control?.target.capabilities ?? null;
  return {
    findings: findings.map(toFinding),
    server: {
      version: capabilities?.serverVersion ?? null,
      vector: {
        needed: compiled.needsVector,
        version: capabilities?.vectorVersion ?? null,
        installed: capabilities?.vectorInstalled ?? false,
        schema: capabilities?.vectorSchema ?? null,
      },
    },
    disk,
    vectorIndexes,
    rows:
      checks.length === 0
        ? null
        : {
            checked: checks.reduce((sum, { rows }) => sum + rows, 0),
            rejects: checks.reduce((sum, check) => sum + check.rejects, 0),
          },
    losses,
  };
}
