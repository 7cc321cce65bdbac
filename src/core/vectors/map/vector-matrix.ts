/** Vectors one after the other; shared with a worker thread without a copy. */
export interface VectorMatrix {
  /** `rows` × `dimensions`. */
  readonly values: Float32Array<SharedArrayBuffer>;
  readonly rows: number;
  readonly dimensions: number;
}

export function emptyMatrix(rows: number, dimensions: number): VectorMatrix {
  return { values: new Float32Array(new SharedArrayBuffer(rows * dimensions * Float32Array.BYTES_PER_ELEMENT)), rows, dimensions };
}

export function vectorAt({ values, dimensions }: VectorMatrix, row: number): Float32Array {
  return values.subarray(row * dimensions, (row + 1) * dimensions);
}

/** The first rows only. */
export function firstRows({ values, dimensions }: VectorMatrix, rows: number): VectorMatrix {
  return { values: values.subarray(0, rows * dimensions), rows, dimensions };
}
