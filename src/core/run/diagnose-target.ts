import type { EngineDeps } from '../engine-deps.ts';
import { listRunRecords } from '../state/run-store.ts';
import { readStateVersion } from '../state/state-schema.ts';
import { embeddedLabel } from '../target/embedded/embedded-directory.ts';
import { EngineSession } from './engine-session.ts';
import type { TargetChoice, TargetDiagnosis } from './requests.ts';
import { isUnmade, standInFor } from './stand-in-target.ts';

/**
 * Connects and tells what is there. A failed connection throws its named diagnosis. Nothing is written; an embedded
 * target that was never made stays unmade, and what is told is what it would be. */
export async function diagnoseTarget(choice: TargetChoice, deps: EngineDeps): Promise<TargetDiagnosis> {
  const engine = new EngineSession(deps, 1);
  try {
    const unmade = isUnmade(choice);
    const target = await engine.openTarget(standInFor(choice, deps));
    const version = await target.query('SELECT version() AS version');
    const runs = (await readStateVersion(target)) === null ? [] : await listRunRecords(target);
    return {
      name: choice.name,
      label: unmade && choice.kind === 'embedded' ? embeddedLabel(choice.directory) : target.label,
      unmade,
      capabilities: target.capabilities,
      serverVersionText: String(version.rows[0]?.['version']),
      runs: runs.length,
    };
  } finally {
    await engine.close();
  }
}
