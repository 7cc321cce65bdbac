import type { EngineDeps } from '../engine-deps.ts';
import type { RecallCurve } from '../model/recall-curve.ts';
import { measureRecall } from '../vectors/measure-recall.ts';
import type { RecallRequest } from './browse-requests.ts';
import { onTarget } from './on-target.ts';
import { ProgressMeter } from './progress-meter.ts';

/** `measureRecall` on a session of its own, with searches as progress of the phase `search`. */
export async function sampleRecall(request: RecallRequest, deps: EngineDeps): Promise<RecallCurve> {
  return onTarget(request.target, request.signal, deps, async (target) => {
    let meter: ProgressMeter | null = null;
    deps.emit({ type: 'phase', phase: 'search' });
    return measureRecall(request, target, deps.clock.elapsed, (_done, all) => {
      meter ??= new ProgressMeter('search', all, deps);
      meter.add({ rows: 1, bytes: 0 });
    });
  });
}
