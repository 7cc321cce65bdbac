import type { ErrorShape } from '../../src/core/errors.ts';

/** An error that the host answered with, or that the page made up in the same shape. */
export class PanelError extends Error {
  readonly shape: ErrorShape;

  constructor(shape: ErrorShape) {
    super(shape.message);
    this.name = 'PanelError';
    this.shape = shape;
  }
}

/** A newer request of the same lane, or the caller itself, made the answer unwanted. Nobody is told about it. */
export class SupersededError extends Error {
  constructor() {
    super('superseded');
    this.name = 'SupersededError';
  }
}

/** Anything thrown in the page, in the shape that cards show. */
export function toErrorShape(error: unknown): ErrorShape {
  if (error instanceof PanelError) return error.shape;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', kind: 'terminal', message, remedy: 'Close this tab and open it again.', context: {} };
}
