/** An engine that was well for so long is forgiven its crashes. */
const healthyMs = 60_000;
const longestMs = 30_000;

/** Milliseconds to wait after the n-th crash in a row: 0, 1000, 2000, 4000 … 30000. */
export function backOffMs(crashes: number): number {
  return crashes <= 1 ? 0 : Math.min(longestMs, 1000 * 2 ** (crashes - 2));
}

/** Crashes in a row after one more; `startedAt` null = it never ran. Both times in milliseconds. */
export function countCrash(crashes: number, startedAt: number | null, now: number): number {
  return startedAt !== null && now - startedAt >= healthyMs ? 1 : crashes + 1;
}
