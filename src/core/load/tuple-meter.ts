import { deflateRawSync } from 'node:zlib';
import type { PgType } from '../model/pg-type.ts';
import type { ColumnConversion } from '../model/type-mapping.ts';
import { mostTupleBytes, tupleBytes } from './tuple-width.ts';

/** A B-tree on pages of 8 kB holds three entries a page (BTMaxItemSize). */
export const mostKeyBytes = 2_704;
/** Header of an entry. */
export const entryHeader = 8;
/** Longer values of a key are compressed (TOAST_INDEX_TARGET). */
const compressedFrom = 510;

/** What to measure in the rows of one table. Cloneable. */
export interface TupleLimits {
  /** Rows may be too wide for a page. */
  readonly wide: boolean;
  /** Columns that PostgreSQL fills in every row and that are not loaded: each is counted as short as it can be. */
  readonly besides?: readonly PgType[];
  /** B-trees whose keys may be too long, with the positions of those columns that can be. */
  readonly keys: readonly { readonly name: string; readonly columns: readonly number[] }[];
}

/** Rows beyond one limit. */
export interface TupleExcess {
  readonly rows: number;
  /** Of the largest. */
  readonly bytes: number;
  /** Place of the first. */
  readonly example: string;
}

export interface TupleExcesses {
  readonly wide: TupleExcess | null;
  /** `certain`: not even well compressed would the key fit; else the server decides. */
  readonly keys: readonly (TupleExcess & { readonly name: string; readonly certain: boolean })[];
}

/** Measures encoded rows against limits that PostgreSQL finds out only when it stores or indexes them. */
export class TupleMeter {
  readonly #types: readonly ColumnConversion['type'][];
  readonly #limits: TupleLimits;
  /** With those of the columns that are not loaded behind. */
  readonly #tupleTypes: readonly PgType[];
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  #wide: TupleExcess | null = null;
  readonly #keys = new Map<string, TupleExcess & { readonly certain: boolean }>();

  constructor(columns: readonly ColumnConversion[], limits: TupleLimits) {
    this.#types = columns.map(({ type }) => type);
    this.#limits = limits;
    this.#tupleTypes = [...this.#types, ...(limits.besides ?? [])];
  }

  get excesses(): TupleExcesses {
    return { wide: this.#wide, keys: [...this.#keys].map(([name, excess]) => ({ name, ...excess })) };
  }

  /** `tuple`: one row as binary COPY, field count included. */
  measure(tuple: Buffer, place: () => string): void {
    this.#findFields(tuple);
    if (this.#limits.wide) this.#measureRow(place);
    for (const key of this.#limits.keys) this.#measureKey(tuple, key, place);
  }

  #findFields(tuple: Buffer): void {
    let at = 2;
    for (let i = 0; i < this.#types.length; i++) {
      const length = tuple.readInt32BE(at);
      at += 4;
      this.#starts[i] = at;
      this.#lengths[i] = length;
      if (length > 0) at += length;
    }
  }

  #measureRow(place: () => string): void {
    // A short value has a header of one byte.
    const bytes = tupleBytes(this.#tupleTypes, (i) => {
      const length = i < this.#types.length ? (this.#lengths[i] ?? -1) : 0;
      return length < 0 ? null : length + 1;
    });
    if (bytes > mostTupleBytes) this.#wide = added(this.#wide, bytes, place);
  }

  #measureKey(tuple: Buffer, { name, columns }: TupleLimits['keys'][number], place: () => string): void {
    let bytes = entryHeader;
    for (const column of columns) bytes += Math.max(0, this.#lengths[column] ?? 0);
    if (bytes <= mostKeyBytes) return;
    const certain = entryHeader + columns.reduce((sum, column) => sum + this.#leastBytes(tuple, column), 0) > mostKeyBytes;
    const before = this.#keys.get(name) ?? null;
    this.#keys.set(name, { ...added(before, bytes, place), certain: certain || before?.certain === true });
  }

  #leastBytes(tuple: Buffer, column: number): number {
    const start = this.#starts[column] ?? 0;
    return leastBytes(tuple.subarray(start, start + Math.max(0, this.#lengths[column] ?? 0)));
  }
}

/** Bytes that a value takes at least in a key. PostgreSQL's compression finds repetitions only, so that it never beats this one. */
export function leastBytes(value: Uint8Array): number {
  if (value.length < compressedFrom) return value.length;
  return Math.min(value.length, deflateRawSync(value, { level: 9 }).length);
}

function added(before: TupleExcess | null, bytes: number, place: () => string): TupleExcess {
  if (before === null) return { rows: 1, bytes, example: place() };
  return { ...before, rows: before.rows + 1, bytes: Math.max(before.bytes, bytes) };
}
