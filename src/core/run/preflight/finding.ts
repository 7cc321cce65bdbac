import type { ErrorContext } from '../../error-context.ts';
import type { ErrorCode } from '../../error-messages.ts';
import { MigrationError } from '../../errors.ts';
import { oneLine } from '../../model/one-line.ts';
import type { PreflightFinding } from '../../model/preflight.ts';

/** A finding as the error it would be: the words come from there. */
export interface Found {
  readonly severity: PreflightFinding['severity'];
  readonly error: MigrationError;
}

export function foundError(code: ErrorCode, context: ErrorContext): Found {
  return { severity: 'error', error: new MigrationError(code, { context }) };
}

export function foundWarning(code: ErrorCode, context: ErrorContext): Found {
  return { severity: 'warning', error: new MigrationError(code, { context }) };
}

export function toFinding({ severity, error }: Found): PreflightFinding {
  const { code, message, remedy, context } = error;
  return { code, severity, message, remedy, context };
}

/** Throws all errors among the findings as one: the first decides code and remedy and tells the others. */
export function refuseErrors(findings: readonly Found[]): void {
  const [first, ...others] = findings.filter(({ severity }) => severity === 'error').map(({ error }) => error);
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const also = others.map((error) => `${oneLine(error.message)} ${error.remedy}`);
  throw new MigrationError(first.code, { context: { ...first.context, also }, cause: first.cause, kind: first.kind });
}
