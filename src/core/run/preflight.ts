import { MigrationError } from '../errors.ts';
import type { ConversionCheck } from '../load/check-conversions.ts';
import type { CompiledPlan } from '../plan/compiled-plan.ts';
import type { Plan } from '../plan/plan-schema.ts';
import type { Target } from '../target/target.ts';
import type { EngineDeps } from '../engine-deps.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Oldest pgvector that has HNSW. */
const hnswSince = [0, 5] as const;

/** Everything that can be known to fail is said here, before anything is created. */
export async function checkTarget(target: Target, plan: Plan, compiled: CompiledPlan): Promise<void> {
  checkMode(plan);
  checkVector(target, compiled);
  if (!target.capabilities.canCreateSchema)
    throw new MigrationError('no-privilege', { context: { privilege: 'CREATE on the database', target: target.label } });
  if (plan.options.mode === 'create') await checkClashes(target, compiled);
}

/** Under `stop`, rows that would be rejected are found now: the first bad row must not come after a thousand good ones were written. */
export async function checkRows(
  compiled: CompiledPlan,
  sources: FrozenSources,
  pool: WorkerPool,
  deps: EngineDeps,
  signal: AbortSignal,
): Promise<readonly ConversionCheck[]> {
  const meter = new ProgressMeter('preflight', null, deps);
  const checks = await Promise.all(
    compiled.tables.map((table) =>
      pool.run('check', { snapshot: sourceNamed(sources, table.source).snapshot, table }, signal, (progress) => meter.add(progress)),
    ),
  );
  const bad = checks.filter((check) => check.rejects > 0);
  if (bad.length > 0) {
    const rejects = bad.reduce((sum, check) => sum + check.rejects, 0);
    throw new MigrationError('rejects-expected', { context: { rejects, examples: bad.flatMap(describeCheck) } });
  }
  return checks;
}

function describeCheck(check: ConversionCheck): string[] {
  const columns = Object.entries(check.byColumn).map(([column, rows]) => `${check.table}.${column}: ${rows} of ${check.rows} rows`);
  return [...columns, ...check.examples.slice(0, 2).map((example) => `${example.provenance}, ${example.column}: ${example.message}`)];
}

function checkMode(plan: Plan): void {
  if (plan.options.mode === 'sync') throw new MigrationError('unsupported-mode', { context: { mode: plan.options.mode } });
}

function checkVector(target: Target, compiled: CompiledPlan): void {
  if (!compiled.needsVector) return;
  const version = target.capabilities.vectorVersion;
  if (version === null) throw new MigrationError('vector-missing', { context: { target: target.label } });
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const hnsw = compiled.postData.some((statement) => / USING "?hnsw"? /i.test(statement.sql));
  if (hnsw && (major < hnswSince[0] || (major === hnswSince[0] && minor < hnswSince[1]))) {
    throw new MigrationError('vector-too-old', { context: { version, needed: hnswSince.join('.') } });
  }
}

async function checkClashes(target: Target, compiled: CompiledPlan): Promise<void> {
  const wanted = compiled.preData.flatMap((statement) => (statement.object?.kind === 'table' ? [statement.object] : []));
  const found = await target.query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    [wanted.map((object) => object.schema ?? 'public'), wanted.map((object) => object.name)],
  );
  const tables = found.rows.map((row) => `${String(row['schema'])}.${String(row['name'])}`).sort();
  if (tables.length > 0) throw new MigrationError('table-exists', { context: { tables, target: target.label } });
}
