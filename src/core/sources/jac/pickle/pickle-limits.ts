/** What one record may cost. A record beyond any of them is broken; the others go on. */
export interface RecordLimits {
  /** Bytes of a stored value. */
  readonly bytes: number;
  /** Opcodes of a pickle. */
  readonly operations: number;
  /** Values on the stack at once, and marks. */
  readonly stack: number;
  /** Lists, dicts, names and objects of a pickle, each counted once. */
  readonly containers: number;
  /** Bytes of an integer. */
  readonly integerBytes: number;
  /** Levels of values within values. */
  readonly depth: number;
  /** Values of a record, each counted as often as it is met on a walk through the whole. */
  readonly values: number;
  /** Characters of texts and bytes of byte strings, counted in the same way. */
  readonly characters: number;
}

/**
 * Far above what Jac programs write: a vector of 1,536 numbers has as many values and about 20 kB, a node costs 17 opcodes and 4 containers for each of
 * its edges, so that it may have 600,000. The depth is that of JSON documents.
 */
export const recordLimits: RecordLimits = {
  bytes: 64 << 20,
  operations: 12_000_000,
  stack: 2_000_000,
  containers: 2_400_000,
  integerBytes: 16_384,
  depth: 1_000,
  values: 2_000_000,
  characters: 256 << 20,
};
