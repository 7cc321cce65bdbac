import path from 'node:path';
import type { EngineDeps } from '../engine-deps.ts';
import { readRefusedPlaces } from '../state/reject-store.ts';
import { parityOf } from './check-parities.ts';
import { EngineSession } from './engine-session.ts';
import { freezeStore, freezeSources, settingsOf, type FrozenSource, type FrozenSources } from './frozen-sources.ts';
import type { VerifyRequest, VerifyResult } from './requests.ts';
import { findVerifySubject, type VerifySubject } from './verify-subject.ts';
import { verifyTables } from './verify-tables.ts';

/** `sluice verify`: reads both sides again, in full. A plan need not have been run by Sluice to be verified. */
export async function verifyMigration(request: VerifyRequest, deps: EngineDeps): Promise<VerifyResult> {
  const engine = new EngineSession(deps, Math.max(2, Math.min(8, deps.processorCount)));
  try {
    const target = await engine.openTarget(request.target);
    const subject = await findVerifySubject(request, target);
    const { run, effective } = subject;
    deps.emit({ type: 'phase', phase: 'open' });
    const sources = await openSources(request, subject, engine, deps);
    const refused = run === null ? new Map<string, readonly string[]>() : await readRefusedPlaces(target, run.runId);
    const parity = parityOf(effective, effective.overrides.redactValues === true);
    const settings = { address: engine.workerAddress(request.target, null), checkpoints: null, refused, parity };
    const verification = await verifyTables(effective.compiled.tables, sources, engine.pool, settings, deps, request.signal);
    return { ...verification, runId: run?.runId ?? null };
  } finally {
    await engine.close();
  }
}

async function openSources(
  request: VerifyRequest,
  { effective, locations }: VerifySubject,
  engine: EngineSession,
  deps: EngineDeps,
): Promise<FrozenSources> {
  if (request.input.kind === 'plan')
    return freezeSources(effective.plan, path.dirname(request.input.path), { pool: engine.pool, deps, signal: request.signal });
  const sources = new Map<string, FrozenSource>();
  for (const [name, location] of locations)
    sources.set(
      name,
      await freezeStore(location, {
        pool: engine.pool,
        deps,
        signal: request.signal,
        kind: effective.plan.sources[name]?.kind,
        settings: settingsOf(effective.plan, name),
      }),
    );
  return sources;
}
