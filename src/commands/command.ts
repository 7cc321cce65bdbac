import type { Host } from '../host/host.ts';

/** One command of the palette. `run` gets what the menu passed (a tree node, a uri, arguments of a link), or nothing from the palette. */
export interface Command {
  readonly id: string;
  /** Errors are shown by whoever registered the command; a `cancelled` error is shown to nobody. */
  run(host: Host, ...args: readonly unknown[]): Promise<void> | void;
}
