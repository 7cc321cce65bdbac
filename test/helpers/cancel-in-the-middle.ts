import assert from 'node:assert/strict';
import { MigrationError, type EngineEvent, type RunRequest } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import type { Bench } from './engine.ts';

/** Aborts a run once its first chunk is committed; gives its id. */
export async function cancelInTheMiddle(bench: Bench, plan: PlanInput, settings: Partial<RunRequest> = {}): Promise<string> {
  const controller = new AbortController();
  const isLoading = (event: EngineEvent): boolean => event.type === 'progress' && event.phase === 'data' && event.rows > 0;
  const watch = setInterval(() => {
    if (bench.events.some(isLoading)) controller.abort();
  }, 5);
  try {
    await bench.run(plan, { ...settings, signal: controller.signal });
  } catch (error) {
    assert.ok(error instanceof MigrationError);
    assert.equal(error.code, 'cancelled');
    return String(error.context['runId']);
  } finally {
    clearInterval(watch);
  }
  throw new assert.AssertionError({ message: 'the run ended before it was cancelled' });
}
