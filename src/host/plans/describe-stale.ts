/** One sentence about the sources that changed since the plan was made; null when none did. */
export function describeStale(changed: readonly string[]): string | null {
  if (changed.length === 0) return null;
  const names = changed.length === 1 ? changed[0] : `${changed.slice(0, -1).join(', ')} and ${changed.at(-1)}`;
  return `${names} ${changed.length === 1 ? 'has' : 'have'} changed since the plan was made. Types, counts and expected rejects may no longer be right.`;
}
