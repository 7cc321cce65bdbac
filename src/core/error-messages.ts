import type { ErrorContext, ErrorKind } from './errors.ts';

interface ErrorMessage {
  readonly kind: ErrorKind;
  readonly message: (context: ErrorContext) => string;
  readonly remedy: (context: ErrorContext) => string;
}

/**
 * The only prose about errors. One entry per code: what happened, and one sentence that the user can act on.
 * Texts are filled from the context, which never holds a secret.
 */
export const errorMessages = {
  internal: terminal(
    (c) => `Something unexpected went wrong inside Sluice: ${c.detail ?? 'no detail'}.`,
    () => 'Please report this with the output of `sluice doctor`; the source was not changed.',
  ),
  cancelled: terminal(
    () => 'The run was cancelled.',
    (c) => (c['resume'] === undefined ? 'Nothing was written.' : `Resume it with: ${c['resume']}`),
  ),
} as const satisfies Record<string, ErrorMessage>;

export type ErrorCode = keyof typeof errorMessages;

type Text = (context: ErrorContext) => string;

function terminal(message: Text, remedy: Text): ErrorMessage {
  return { kind: 'terminal', message, remedy };
}

function transient(message: Text, remedy: Text): ErrorMessage {
  return { kind: 'transient', message, remedy };
}

function row(message: Text, remedy: Text): ErrorMessage {
  return { kind: 'row', message, remedy };
}
