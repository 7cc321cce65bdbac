import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { fromErrorShape, MigrationError, toErrorShape, type ErrorShape } from '../core/errors.ts';

/** An error as an answer: the other side rebuilds it from `data`. */
export function toResponseError(error: unknown): ResponseError<ErrorShape> {
  const shape = toErrorShape(error);
  return new ResponseError(ErrorCodes.UnknownErrorCode, shape.message, shape);
}

/** What the other side threw; null when there was no answer, since the channel broke. `connected`: the channel is there. */
export function fromRpcError(error: unknown, connected: boolean): MigrationError | null {
  if (!(error instanceof ResponseError)) return null;
  const shape = error.data as ErrorShape | undefined;
  if (shape !== undefined) return fromErrorShape(shape);
  // What cannot be sent although there is a channel is our own mistake.
  if (!connected || error.code === ErrorCodes.PendingResponseRejected) return null;
  return new MigrationError('internal', { context: { detail: error.message }, cause: error });
}
