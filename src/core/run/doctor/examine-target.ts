import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError, toErrorShape } from '../../errors.ts';
import { listRunRecords } from '../../state/run-store.ts';
import { readStateVersion } from '../../state/state-schema.ts';
import { embeddedLabel } from '../../target/embedded/embedded-directory.ts';
import type { Target } from '../../target/target.ts';
import { EngineSession } from '../engine-session.ts';
import type { TargetChoice, TargetDiagnosis, TargetExamination } from '../requests.ts';
import { isUnmade, standInFor } from '../stand-in-target.ts';
import { checkServer } from './check-server.ts';
import { failedConnection } from './failed-connection.ts';
import type { MadeCheck } from './make-check.ts';

/**
 * Looks at everything that a run needs of a target, and says what is wrong and how to mend it; goes on behind a failure as far as that has a meaning. Nothing is
 * written; an embedded target that was never made stays unmade, and what is told is what it would be. `createDatabase`: makes a missing database first.
 */
export async function examineTarget(
  choice: TargetChoice,
  deps: EngineDeps,
  options: { readonly createDatabase?: boolean } = {},
): Promise<TargetExamination> {
  const engine = new EngineSession(deps, 1);
  try {
    const target = await open(choice, deps, engine, options.createDatabase === true);
    if (target instanceof MigrationError) return examination(await failedConnection(choice, target), null);
    const checks = await checkServer(choice, target, engine.madeDatabase);
    // Commands do not connect to such a target.
    const usable = checks.every(({ check, state }) => check !== 'pooling' || state !== 'failed');
    return examination(checks, usable ? await describe(choice, target, checks) : null);
  } finally {
    await engine.close();
  }
}

async function open(
  choice: TargetChoice,
  deps: EngineDeps,
  engine: EngineSession,
  createDatabase: boolean,
): Promise<Target | MigrationError> {
  try {
    return await engine.openTarget(standInFor(choice, deps), { createDatabase, anyPooling: true });
  } catch (error) {
    if (error instanceof MigrationError && error.code !== 'internal') return error;
    throw error;
  }
}

async function describe(choice: TargetChoice, target: Target, checks: readonly MadeCheck[]): Promise<TargetDiagnosis> {
  const unmade = isUnmade(choice);
  const version = await target.query('SELECT version() AS version');
  const mayLook = checks.every(({ check, state }) => check !== 'rights' || state !== 'failed');
  const runs = mayLook && (await readStateVersion(target)) !== null ? await listRunRecords(target) : [];
  return {
    name: choice.name,
    label: unmade && choice.kind === 'embedded' ? embeddedLabel(choice.directory) : target.label,
    unmade,
    capabilities: target.capabilities,
    serverVersionText: String(version.rows[0]?.['version']),
    runs: runs.length,
  };
}

function examination(made: readonly MadeCheck[], diagnosis: TargetDiagnosis | null): TargetExamination {
  const failure = made.find(({ state }) => state === 'failed')?.error ?? null;
  return {
    checks: made.map(({ error: _, ...check }) => check),
    diagnosis,
    error: failure === null ? null : toErrorShape(failure),
  };
}
