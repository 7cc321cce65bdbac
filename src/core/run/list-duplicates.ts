import type { EngineDeps } from '../engine-deps.ts';
import type { DuplicatesResult } from '../model/duplicates.ts';
import { findDuplicates } from '../vectors/find-duplicates.ts';
import type { DuplicatesRequest } from './browse-requests.ts';
import { onTarget } from './on-target.ts';
import { ProgressMeter } from './progress-meter.ts';

/** `findDuplicates` on a session of its own, with progress as events of the phase `compare`. */
export async function listDuplicates(request: DuplicatesRequest, deps: EngineDeps): Promise<DuplicatesResult> {
  return onTarget(request.target, request.signal, deps, (target) => {
    let meter: ProgressMeter | null = null;
    let told = 0;
    deps.emit({ type: 'phase', phase: 'search' });
    return findDuplicates(request, target, deps.clock.elapsed, (done, total) => {
      meter ??= new ProgressMeter('search', total, deps);
      // A search that has to begin anew compares rows that were told before.
      if (done > told) meter.add({ rows: done - told, bytes: 0 });
      told = Math.max(told, done);
    });
  });
}
