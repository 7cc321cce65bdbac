import { fstatSync, statSync, type BigIntStats } from 'node:fs';

/** Tells without opening a file that it was not written to: inode, bytes, and the times when its content and anything about it changed last. */
export type FileState = readonly [inode: bigint, size: bigint, modified: bigint, changed: bigint];

/** Of a path, or of an open file. */
export function stateOf(file: string | number): FileState {
  const found = typeof file === 'string' ? statSync(file, { bigint: true }) : fstatSync(file, { bigint: true });
  return toState(found);
}

function toState({ ino, size, mtimeNs, ctimeNs }: BigIntStats): FileState {
  return [BigInt.asIntN(64, ino), size, mtimeNs, ctimeNs];
}

export function sameState(a: FileState, b: FileState): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}
