import { exitCode } from './exit-code.ts';

/** The part of `process` that is used; tests give their own. */
export interface SignalHost {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

/** The first SIGINT or SIGTERM cancels politely, the second ends this process at once. */
export function cancelOnSignal(host: SignalHost, say: (text: string) => void): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) {
      host.exit(exitCode.cancelled);
      return;
    }
    say('cancelling… (once more to stop at once)');
    controller.abort();
  };
  host.on('SIGINT', listener);
  host.on('SIGTERM', listener);
  return {
    signal: controller.signal,
    dispose() {
      host.off('SIGINT', listener);
      host.off('SIGTERM', listener);
    },
  };
}
