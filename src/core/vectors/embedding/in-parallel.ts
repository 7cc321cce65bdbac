/**
 * Does `work` for each item, at most `limit` at a time; the first alone, since it may find out that all would fail. The first failure aborts what is
 * under way, waits for it, and is thrown.
 */
export async function inParallel<T>(
  items: AsyncIterable<T>,
  limit: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const start = (item: T): void => {
    const one = work(item, either)
      .catch((error: unknown) => {
        failures.push(error);
        stop.abort();
      })
      .finally(() => running.delete(one));
    running.add(one);
  };
  let most = 1;
  try {
    for await (const item of items) {
      start(item);
      while (running.size >= most) await Promise.race(running);
      most = limit;
      if (failures.length > 0) break;
    }
  } catch (error) {
    failures.unshift(error);
    stop.abort();
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
