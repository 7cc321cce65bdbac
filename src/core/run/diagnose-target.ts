import type { EngineDeps } from '../engine-deps.ts';
import { listRunRecords } from '../state/run-store.ts';
import { readStateVersion } from '../state/state-schema.ts';
import { EngineSession } from './engine-session.ts';
import type { TargetChoice, TargetDiagnosis } from './requests.ts';

/** Connects and tells what is there. A failed connection throws its named diagnosis. Nothing is written. */
export async function diagnoseTarget(choice: TargetChoice, deps: EngineDeps): Promise<TargetDiagnosis> {
  const engine = new EngineSession(deps, 1);
  try {
    const target = await engine.openTarget(choice);
    const version = await target.query('SELECT version() AS version');
    const runs = (await readStateVersion(target)) === null ? [] : await listRunRecords(target);
    return {
      name: choice.name,
      label: target.label,
      capabilities: target.capabilities,
      serverVersionText: String(version.rows[0]?.['version']),
      runs: runs.length,
    };
  } finally {
    await engine.close();
  }
}
