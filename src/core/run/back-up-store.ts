import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { BackupNote } from '../model/run.ts';
import { EngineSession } from './engine-session.ts';
import { freezeStore } from './frozen-sources.ts';
import { prepareBackup } from './prepare-backup.ts';
import type { BackUpRequest } from './requests.ts';

/** Copies one store without a run. Throws as a run with a backup does. */
export async function backUpStore({ location, directory, signal }: BackUpRequest, deps: EngineDeps): Promise<BackupNote> {
  const engine = new EngineSession(deps, 1);
  try {
    const frozen = await freezeStore(location, { pool: engine.pool, deps, signal });
    const make = await prepareBackup(directory, new Map([['main', frozen]]), deps);
    const [backup] = await make(engine.pool, signal);
    if (backup === undefined) throw new MigrationError('internal', { context: { detail: 'no backup was made' } });
    return backup;
  } finally {
    await engine.close();
  }
}
