import type { Bench } from './engine.ts';

/** A bench for all tests of a suite: opened in a `before` hook, closed in an `after` hook. */
export async function openBench(
  withBench: (seed: string, work: (bench: Bench) => Promise<void>) => Promise<void>,
  seed: string,
): Promise<{ readonly bench: Bench; close(): Promise<void> }> {
  const opened = Promise.withResolvers<Bench>();
  const closing = Promise.withResolvers<void>();
  const over = withBench(seed, async (bench) => {
    opened.resolve(bench);
    await closing.promise;
  });
  over.catch(opened.reject);
  return {
    bench: await opened.promise,
    close: async () => {
      closing.resolve();
      await over;
    },
  };
}
