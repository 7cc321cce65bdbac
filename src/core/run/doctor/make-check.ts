import type { ErrorContext } from '../../error-context.ts';
import type { ErrorCode } from '../../error-messages.ts';
import { MigrationError } from '../../errors.ts';
import type { ConnectionCheck, ConnectionCheckName } from '../../model/connection-check.ts';

/** A check with the error behind it, which decides how a failed look ends. */
export interface MadeCheck extends ConnectionCheck {
  readonly error: MigrationError | null;
}

export function passed(
  check: ConnectionCheckName,
  message: string,
  advice: Pick<ConnectionCheck, 'remedy' | 'commands'> = noAdvice,
): MadeCheck {
  return { check, state: 'ok', code: null, message, ...advice, error: null };
}

export function skipped(check: ConnectionCheckName, message: string): MadeCheck {
  return { check, state: 'skipped', code: null, message, ...noAdvice, error: null };
}

/** What is wrong, in the words of the error that it would be. `commands`: what to run, unless the context has a `grant`. */
export function problem(
  check: ConnectionCheckName,
  state: 'warning' | 'failed',
  code: ErrorCode,
  context: ErrorContext,
  commands: readonly string[] = [],
): MadeCheck {
  return problemOf(check, state, new MigrationError(code, { context }), commands);
}

export function problemOf(
  check: ConnectionCheckName,
  state: 'warning' | 'failed',
  error: MigrationError,
  commands: readonly string[] = [],
): MadeCheck {
  const { grant } = error.context;
  const { code, message, remedy } = error;
  return { check, state, code, message, remedy, commands: typeof grant === 'string' ? [`${grant};`, ...commands] : commands, error };
}

const noAdvice = { remedy: null, commands: [] } as const;
