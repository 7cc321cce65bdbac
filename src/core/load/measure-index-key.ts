import { InvalidText, type SourceValue } from '../model/source-value.ts';
import type { KeyPart, Source } from '../sources/source.ts';
import { entryHeader, leastBytes, mostKeyBytes, type TupleExcess } from './tuple-meter.ts';

/** A B-tree over expressions, or over some of the rows, in the words of the store. Cloneable. */
export interface IndexKey {
  readonly name: string;
  readonly parts: readonly KeyPart[];
  readonly where: string | null;
}

export interface IndexKeyExcess extends TupleExcess {
  /** Not even well compressed would the longest key fit; else the server decides. */
  readonly certain: boolean;
}

/** Keys that a B-tree cannot take, of rows that are in the index; null when there are none. Throws `filter-refused` where the store cannot evaluate them. */
export async function measureIndexKey(source: Source, table: string, { parts, where }: IndexKey): Promise<IndexKeyExcess | null> {
  const { rows, bytes, longest } = await source.measureKeys(table, { parts, where, limit: mostKeyBytes - entryHeader });
  if (rows === 0) return null;
  const certain = longest.some(({ values }) => entryHeader + values.reduce((sum: number, value) => sum + least(value), 0) > mostKeyBytes);
  return { rows, bytes: bytes + entryHeader, example: longest[0]?.place ?? 'a row', certain };
}

/** Bytes that a value takes at least in the index of PostgreSQL. */
function least(value: SourceValue): number {
  if (typeof value === 'string') return leastBytes(Buffer.from(value));
  if (value instanceof InvalidText) return leastBytes(value.bytes);
  return value instanceof Uint8Array ? leastBytes(value) : 0;
}
