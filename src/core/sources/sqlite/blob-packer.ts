import { MigrationError } from '../../errors.ts';
import type { SourceValue } from '../../model/source-value.ts';
import { quoteName } from '../shared/quote-name.ts';
import type { TableLayout } from './table-layout.ts';

type Row = SourceValue[];

/** Each takes two expressions, and a SELECT has at most 2,000. */
const mostPacked = 900;

interface PackQuery {
  readonly outer: string;
  readonly inner: string;
}

/**
 * Fetches the blobs of a window as one blob per column and cuts it up: a buffer made by the driver costs ten times a slice of one.
 * Only columns declared for blobs are packed, and only while they hold nothing but blobs and NULLs.
 */
export class BlobPacker {
  #packed: readonly string[];
  readonly #columns: readonly string[];

  /** `layout`: null packs nothing. */
  constructor(layout: TableLayout | null, columns: readonly string[]) {
    this.#columns = columns;
    const blobs = layout?.columns.filter(({ declared }) => declared === '' || /blob/i.test(declared)) ?? [];
    const names = new Set(blobs.map(({ name }) => name));
    for (const { name } of layout?.primaryKey ?? []) names.delete(name);
    this.#packed = [...new Set(columns)].filter((name) => names.has(name)).slice(0, mostPacked);
  }

  /** The packed blobs of a window, in the order of the packed columns; null when nothing is packed. */
  read(fetch: (query: PackQuery) => Row | undefined): readonly (Uint8Array | null)[] | null {
    if (this.#packed.length === 0) return null;
    const names = this.#packed.map(quoteName);
    const row = fetch({
      outer: names
        .flatMap((name) => [`CAST(group_concat(CAST(${name} AS TEXT), '') AS BLOB)`, `sum(typeof(${name}) NOT IN ('blob', 'null'))`])
        .join(', '),
      inner: names.join(', '),
    })!;
    const pure = this.#packed.filter((_, i) => row[2 * i + 1] === null || row[2 * i + 1] === 0n);
    if (pure.length === this.#packed.length) return pure.map((_, i) => row[2 * i] as Uint8Array | null);
    this.#packed = pure;
    return this.read(fetch);
  }

  /** What to select for a column: the lengths where its blobs are packed. */
  expressionFor(name: string): string {
    return this.#packed.includes(name) ? `octet_length(${quoteName(name)})` : quoteName(name);
  }

  /** Puts slices in place of lengths. */
  unpack(rows: readonly Row[], blobs: readonly (Uint8Array | null)[]): void {
    this.#packed.forEach((name, i) => {
      const packed = blobs[i] ?? new Uint8Array(0);
      // A column may be asked for twice.
      for (let c = 0; c < this.#columns.length; c++) if (this.#columns[c] === name) cutUp(rows, c, packed);
    });
  }
}

function cutUp(rows: readonly Row[], column: number, packed: Uint8Array): void {
  let start = 0;
  for (const row of rows) {
    const length = row[column]!;
    if (length === null) continue;
    const end = start + Number(length);
    row[column] = packed.subarray(start, end);
    start = end;
  }
  if (start !== packed.byteLength)
    throw new MigrationError('internal', { context: { detail: `${start} of ${packed.byteLength} bytes of packed blobs used` } });
}
