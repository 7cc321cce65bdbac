import type { EngineDeps } from '../engine-deps.ts';
import type { VectorHealth } from '../model/vector-health.ts';
import { checkHealth } from '../vectors/check-health.ts';
import type { VectorHealthRequest } from './browse-requests.ts';
import { onTarget } from './on-target.ts';

/** `checkHealth` on a session of its own, with an event for each scan. */
export async function checkVectorHealth(request: VectorHealthRequest, deps: EngineDeps): Promise<VectorHealth> {
  return onTarget(request.target, request.signal, deps, (target) =>
    checkHealth(request, target, (scan, at, of) => deps.emit({ type: 'scan', phase: 'health', scan, at, of })),
  );
}
