import { MigrationError } from '../../errors.ts';
import type { TargetSession } from '../../target/target.ts';
import { readVector as readVectorField } from '../../tuple/read-vector.ts';
import { readKey } from '../read-cells.ts';
import type { VectorColumn } from '../vector-column.ts';
import { declareSample, fetchSample, hashesQuery, surveyQuery, type SampleColumns } from './sample-query.ts';
import { emptyMatrix, firstRows, vectorAt, type VectorMatrix } from './vector-matrix.ts';

/** How many rows there are, and of what. */
export interface ColumnSurvey {
  readonly rows: number;
  /** As declared, else those of most rows; 0 when no row has a vector. */
  readonly dimensions: number;
  /** Rows with a vector of that many dimensions. */
  readonly drawable: number;
  readonly withoutVector: number;
  readonly otherDimensions: number;
}

/** The rows of a sample in the order of their hashes, which has nothing to do with their values: drawn so, no group hides another. */
export interface Sample {
  readonly matrix: VectorMatrix;
  readonly keys: readonly (readonly string[])[];
  readonly labels: readonly (string | null)[];
  readonly colours: readonly (string | null)[];
  /** Vectors with a component that is no finite number. pgvector takes none, but files restored around it may hold them. */
  readonly notFinite: number;
}

export interface SampleWish extends SampleColumns {
  readonly dimensions: number;
  readonly rows: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onRows: (rows: number) => void;
}

/** Bytes of a batch to aim for; the driver holds them as hexadecimal digits for a moment. */
const batchBytes = 1 << 20;

export async function surveyColumn(session: TargetSession, column: VectorColumn): Promise<ColumnSurvey> {
  const groups = (await session.query(surveyQuery(column))).rows.map((row) => ({
    rows: Number(row['rows']),
    dims: row['dims'] === null ? null : Number(row['dims']),
  }));
  const sum = (wanted: (dims: number | null) => boolean): number =>
    groups.reduce((total, { rows, dims }) => total + (wanted(dims) ? rows : 0), 0);
  const dimensions = column.dimensions > 0 ? column.dimensions : (groups.find(({ dims }) => dims !== null)?.dims ?? 0);
  return {
    rows: sum(() => true),
    dimensions,
    drawable: sum((dims) => dims === dimensions),
    withoutVector: sum((dims) => dims === null),
    otherDimensions: sum((dims) => dims !== null && dims !== dimensions),
  };
}

/** Must run inside a transaction that sees one state of the table. Memory: the vectors of the sample, its names, and one batch. Throws `cancelled`. */
export async function readSample(session: TargetSession, column: VectorColumn, wish: SampleWish): Promise<Sample> {
  const { dimensions, rows, seed, signal, onRows } = wish;
  const found = rows === 0 ? [] : (await session.query(hashesQuery(column, dimensions, seed, rows))).rows;
  const places = new HashPlaces(found.map((row) => String(row['h'])));
  const last = places.last;
  const filling = new SampleFilling(places.size, dimensions);
  if (last === null) return filling.finish();
  await session.query(declareSample(column, dimensions, seed, last, wish));
  const count = Math.max(1, Math.min(2_000, Math.floor(batchBytes / (dimensions * 4 + 200))));
  for (let read = 0; ;) {
    if (signal.aborted) throw new MigrationError('cancelled');
    const batch = (await session.query(fetchSample(count))).rows;
    if (batch.length === 0) return filling.finish();
    for (const row of batch) filling.put(places.take(String(row['h'])), row);
    read += batch.length;
    onRows(Math.min(read, places.size));
  }
}

/** Where a row with a hash belongs. */
class HashPlaces {
  readonly #sorted: BigInt64Array;
  /** Rows with the same hash that have their place. */
  readonly #taken = new Map<number, number>();

  constructor(hashes: readonly string[]) {
    this.#sorted = BigInt64Array.from(hashes, BigInt);
  }

  get size(): number {
    return this.#sorted.length;
  }

  get last(): string | null {
    return this.#sorted.at(-1)?.toString() ?? null;
  }

  /** null: another row with this hash took the last place. */
  take(text: string): number | null {
    const hash = BigInt(text);
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! < hash) low = middle + 1;
      else high = middle;
    }
    const taken = this.#taken.get(low) ?? 0;
    if (this.#sorted[low + taken] !== hash) return null;
    this.#taken.set(low, taken + 1);
    return low + taken;
  }
}

class SampleFilling {
  readonly #matrix: VectorMatrix;
  readonly #keys: (readonly string[])[];
  readonly #labels: (string | null)[];
  readonly #colours: (string | null)[];
  readonly #usable: Uint8Array;

  constructor(rows: number, dimensions: number) {
    this.#matrix = emptyMatrix(rows, dimensions);
    this.#keys = Array.from({ length: rows }, () => []);
    this.#labels = Array.from({ length: rows }, () => null);
    this.#colours = Array.from({ length: rows }, () => null);
    this.#usable = new Uint8Array(rows);
  }

  put(place: number | null, row: Readonly<Record<string, unknown>>): void {
    if (place === null) return;
    const vector = vectorAt(this.#matrix, place);
    readVector(row['v'] as Uint8Array, vector);
    this.#usable[place] = vector.every(Number.isFinite) ? 1 : 0;
    this.#keys[place] = readKey(row);
    this.#labels[place] = row['l'] as string | null;
    this.#colours[place] = row['c'] as string | null;
  }

  /** What cannot be drawn is closed up. */
  finish(): Sample {
    let kept = 0;
    for (let place = 0; place < this.#usable.length; place++) {
      if (this.#usable[place] === 0) continue;
      if (kept < place) {
        vectorAt(this.#matrix, kept).set(vectorAt(this.#matrix, place));
        for (const list of [this.#keys, this.#labels, this.#colours] as unknown[][]) list[kept] = list[place];
      }
      kept++;
    }
    return {
      matrix: firstRows(this.#matrix, kept),
      keys: this.#keys.slice(0, kept),
      labels: this.#labels.slice(0, kept),
      colours: this.#colours.slice(0, kept),
      notFinite: this.#usable.length - kept,
    };
  }
}

/** `bytes`: a vector as pgvector sends it. Throws `internal` when it has another length. */
export function readVector(bytes: Uint8Array, into: Float32Array): void {
  const vector = readVectorField({ name: 'vector' }, bytes, 0);
  if (vector.length !== into.length)
    throw new MigrationError('internal', {
      context: { detail: `a vector of ${vector.length} dimensions came where ${into.length} were asked for` },
    });
  into.set(vector);
}
