import type { ErrorContext, ErrorKind } from './error-context.ts';
import { errorMessages, type ErrorCode } from './error-messages.ts';

export type { ErrorContext, ErrorKind } from './error-context.ts';

export interface MigrationErrorOptions {
  readonly context?: ErrorContext;
  readonly cause?: unknown;
  /** Overrides the kind that the code has by default (an 08006 seen twice is still transient). */
  readonly kind?: ErrorKind;
}

/** The only error that core throws. Its words come from error-messages.ts, chosen by `code`. */
export class MigrationError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly context: ErrorContext;
  /** One sentence that the user can act on. */
  readonly remedy: string;

  constructor(code: ErrorCode, options: MigrationErrorOptions = {}) {
    const context = options.context ?? {};
    const entry = errorMessages[code];
    super(withOthers(entry.message(context), context.also), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MigrationError';
    this.code = code;
    this.kind = options.kind ?? entry.kind;
    this.context = context;
    this.remedy = entry.remedy(context);
  }
}

/** Some checks tell everything that is wrong at once; the first of it is the error. */
function withOthers(message: string, also: readonly string[] | undefined): string {
  return also === undefined ? message : [message, ...also.map((other) => `Also: ${other}`)].join('\n  ');
}

/** Shape of an error in `--json` output and on every process border. */
export interface ErrorShape {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly remedy: string;
  readonly context: ErrorContext;
}

export function toErrorShape(error: unknown): ErrorShape {
  const known = toMigrationError(error);
  return { code: known.code, kind: known.kind, message: known.message, remedy: known.remedy, context: known.context };
}

/** Anything thrown becomes a MigrationError; what is not one already is an `internal` error with its cause. */
export function toMigrationError(error: unknown): MigrationError {
  if (error instanceof MigrationError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new MigrationError('internal', { context: { detail: message }, cause: error });
}

/** Rebuilds an error that crossed a process border as an ErrorShape. */
export function fromErrorShape(shape: ErrorShape): MigrationError {
  const code = (shape.code in errorMessages ? shape.code : 'internal') as ErrorCode;
  return new MigrationError(code, { context: shape.context, kind: shape.kind });
}
