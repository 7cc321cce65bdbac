import type { MigrationError, RunResult, VectorHealth, Verification } from '../core/index.ts';

/** What the shell is told. A contract: scripts depend on it. */
export const exitCode = { done: 0, failed: 1, usage: 2, rejected: 3, mismatch: 4, cancelled: 130 } as const;

const usageErrors: ReadonlySet<string> = new Set([
  'bad-usage',
  'path-not-found',
  'unknown-target',
  'target-variable-missing',
  'no-embedded-target',
  'invalid-plan',
  'bad-target-url',
  'bad-embedding-endpoint',
  'embedding-key-missing',
]);

export function exitCodeOfError(error: MigrationError): number {
  if (error.code === 'cancelled') return exitCode.cancelled;
  return usageErrors.has(error.code) ? exitCode.usage : exitCode.failed;
}

/** The first that applies: cancelled, failed, discrepancies, rejected rows, done. */
export function exitCodeOfRun(result: Pick<RunResult, 'status' | 'verification' | 'rejects'>): number {
  if (result.status === 'cancelled') return exitCode.cancelled;
  if (result.status === 'failed') return exitCode.failed;
  if (result.verification.status === 'mismatch') return exitCode.mismatch;
  return result.status === 'partial' || result.rejects > 0 ? exitCode.rejected : exitCode.done;
}

export function exitCodeOfVerification(verification: Verification): number {
  return verification.status === 'mismatch' ? exitCode.mismatch : exitCode.done;
}

/** Problems are discrepancies between the vectors as they are and as they can be used; warnings are not. */
export function exitCodeOfHealth(health: Pick<VectorHealth, 'healthy'>): number {
  return health.healthy ? exitCode.done : exitCode.mismatch;
}
