import { findNodeAtLocation, type Node } from 'jsonc-parser';

/** 0-based, in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a value begins, and where it ends or its first line does; the start of the file for what is not there. */
export function placeOf(
  text: string,
  root: Node | undefined,
  path: readonly (string | number)[],
): { readonly start: Place; readonly end: Place } {
  const node = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  if (node === undefined) return { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } };
  const lines = text.slice(0, node.offset).split(/\r\n|\r|\n/);
  const start = { line: lines.length - 1, column: lines.at(-1)?.length ?? 0 };
  const firstLine = /^[^\r\n]*/.exec(text.slice(node.offset, node.offset + node.length))?.[0].length ?? 0;
  return { start, end: { line: start.line, column: start.column + firstLine } };
}
