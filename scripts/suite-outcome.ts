import { existsSync, readFileSync } from 'node:fs';

/** What a check or a suite of tests came to, as scripts/test-reporter.cjs writes it. */
export interface Outcome {
  /** Number of tests. */
  readonly passed: number;
  readonly skipped: readonly string[];
  readonly failed: readonly { readonly title: string; readonly error: string }[];
}

/**
 * The outcome that a suite left in `file` when it ended with `code`. A suite that ended before its last test leaves none, or a part of one, whatever its
 * code: that is a failure, and so is a code that no failed test explains.
 */
export function suiteOutcome(title: string, file: string, code: number | string): Outcome {
  const outcome = readOutcome(file);
  if (outcome === null) return failure(title, `it ended with ${named(code)} and no result`);
  if (code === 0 || outcome.failed.length > 0) return outcome;
  return { ...outcome, failed: failure(title, `it ended with ${named(code)} although no test failed`).failed };
}

export function failure(title: string, error: string): Outcome {
  return { passed: 0, skipped: [], failed: [{ title, error }] };
}

export function sumOf(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, outcome) => sum + outcome.passed, 0),
    skipped: outcomes.flatMap((outcome) => outcome.skipped),
    failed: outcomes.flatMap((outcome) => outcome.failed),
  };
}

function readOutcome(file: string): Outcome | null {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
  } catch {
    return null;
  }
}

/** scripts/with-node.mjs tells a signal as 128 + its number, as shells do. */
function named(code: number | string): string {
  const killed = code === 137 ? ' (killed)' : '';
  return typeof code === 'string' ? `signal ${code}` : `code ${code}${killed}`;
}
