import { parseDocumentColumn, type DocumentColumn } from '../../model/document-names.ts';
import type { SourceValue } from '../../model/source-value.ts';
import type { DocumentStream } from './document-stream.ts';
import type { FoundRow } from './find-rows.ts';
import { findValue, soughtKey } from './find-value.ts';
import { nodeJson, nodeText, nodeValue } from './node-value.ts';
import { countIn, kindAt, kinds, type Tape } from './tape.ts';

/** Reads the value of one column of a row. */
export type ColumnReader = (tape: Tape, row: FoundRow, document: DocumentStream) => SourceValue;

/** null when the name is none of a column, or of a path segment that no file has. */
export function columnReader(name: string, segments: ReadonlySet<string>): ColumnReader | null {
  const column = parseDocumentColumn(name);
  if (column === null || ('segment' in column && !segments.has(column.segment))) return null;
  return readerOf(column);
}

function readerOf(column: DocumentColumn): ColumnReader {
  if ('pointer' in column) {
    const keys = column.pointer.map(soughtKey);
    return (tape, { node }) => {
      const found = findValue(tape, node, keys);
      return found < 0 ? null : nodeValue(tape, found);
    };
  }
  if ('parent' in column) {
    const keys = column.parent.map(soughtKey);
    return (tape) => {
      const found = findValue(tape, 0, keys);
      return found < 0 ? null : nodeValue(tape, found);
    };
  }
  if ('json' in column) {
    const keys = column.json.map(soughtKey);
    return (tape, { node }) => {
      const found = findValue(tape, node, keys);
      return found < 0 ? null : nodeJson(tape, found);
    };
  }
  if ('count' in column) {
    const keys = column.count.map(soughtKey);
    return (tape, { node }) => {
      const found = findValue(tape, node, keys);
      return found >= 0 && kindAt(tape, found) >= kinds.array ? BigInt(countIn(tape, found)) : null;
    };
  }
  if ('outer' in column) {
    const read = facts[column.outer];
    return (tape, row, document) => {
      let outer: FoundRow | null = row;
      for (let level = 0; level < column.levels && outer !== null; level++) outer = outer.outer;
      return outer === null ? null : read(tape, outer, document);
    };
  }
  if ('segment' in column) return (_tape, _row, { part }) => part.segments[column.segment] ?? null;
  return facts[column.fact];
}

const facts: Readonly<Record<Extract<DocumentColumn, { readonly fact: unknown }>['fact'], ColumnReader>> = {
  key: (tape, { key }) => (key < 0 ? null : nodeText(tape, key)),
  position: (_tape, { position }) => (position < 0 ? null : BigInt(position)),
  document: (_tape, _row, { place }) => BigInt(place.document),
  file: (_tape, _row, { part }) => part.name,
};
