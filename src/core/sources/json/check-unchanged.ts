import { MigrationError } from '../../errors.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { fileSetOf } from '../shared/files/file-set.ts';
import { fileCost, Turns } from '../shared/turns.ts';
import { sameState, stateOf } from './file-state.ts';
import { jsonFiles } from './json-files.ts';
import { filesIn, type JsonSnapshot } from './json-snapshot.ts';

/** What looking at the state of a file costs, beside opening one. */
const stateCost = fileCost / 4;

/**
 * Throws `source-changed` when a file is no longer what was frozen, or when another one has come or gone; or `cancelled`. The hash of a file is computed
 * only when its size or one of its times differs: one that was merely touched has not changed.
 */
export async function checkUnchanged(snapshot: JsonSnapshot, signal?: AbortSignal): Promise<void> {
  const { location, single } = snapshot.set;
  const files = filesIn(snapshot);
  const changed = (cause?: unknown): MigrationError =>
    new MigrationError('source-changed', { context: { path: snapshot.location }, cause });
  const turns = new Turns(signal);
  try {
    if (!single) {
      const search = { ...(signal !== undefined && { signal }), known: (name: string) => files.numberOf(name) >= 0 };
      const now = await fileSetOf(location, jsonFiles, search);
      if (now.files.length !== files.length || now.files.some(({ path }, number) => path !== files.pathAt(number))) throw changed();
    }
    for (let number = 0; number < files.length; number++) {
      // What could not be read has not been looked at: it is what it was said to be, a reject.
      if (files.unreadAt(number) !== null && files.stateAt(number)[0] === 0n) continue;
      const path = files.pathAt(number);
      if (!sameState(stateOf(path), files.stateAt(number)) && (await fingerprintFiles([path], signal)) !== files.fingerprintAt(number))
        throw changed();
      if (turns.spend(stateCost)) await turns.take();
    }
  } catch (error) {
    throw error instanceof MigrationError && (error.code === 'source-changed' || error.code === 'cancelled') ? error : changed(error);
  }
}
