import assert from 'node:assert/strict';
import { verifyMigration } from '../../src/core/index.ts';
import type { Bench } from './engine.ts';

/** `sluice verify <run-id>` finds every row as the run wrote it. */
export async function assertVerified(bench: Bench, runId: string | null): Promise<void> {
  const signal = new AbortController().signal;
  const verified = await verifyMigration({ input: { kind: 'run', runId: String(runId) }, target: bench.choice, signal }, bench.deps);
  assert.equal(verified.status, 'match');
}
