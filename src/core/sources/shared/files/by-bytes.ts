/** Compares texts by their bytes as UTF-8, the same on every machine and in every language. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
