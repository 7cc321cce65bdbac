/** Formats that a text value may qualify for; a value counts only when printing it back gives the same text (or, for instants, the same instant). */
export type TextFormat =
  | 'uuid'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'json-object'
  | 'json-array'
  | 'vector'
  | WrittenFormat;

/**
 * Ways to write numbers and dates that are not PostgreSQL's own: 1.234,56 · 1,234.56 · 31/12/2024 · 12/31/2024. A text may qualify for two of them.
 */
export type WrittenFormat = 'decimal-comma' | 'grouped-comma' | 'date-dmy' | 'date-mdy';

/** What vectors look like when they are read one way. */
export interface VectorFacts {
  /** Those of finite elements. */
  readonly vectors: number;
  readonly zero: number;
  /** Of norm 1 within a thousandth. */
  readonly unit: number;
  /** Smallest and largest norm. */
  readonly least: number;
  readonly most: number;
  /** Beside `vectors`: those with an element that is NaN or infinite. */
  readonly notFinite: number;
  /** Of `vectors`: those whose every second element is 0, which are float64 numbers read as float32. */
  readonly halved: number;
}

/** null = nothing reads that way. */
export interface VectorReadings {
  readonly float32: VectorFacts | null;
  readonly float64: VectorFacts | null;
  readonly texts: VectorFacts | null;
}

/** What the values of one column look like. `rows` = nulls + all storage classes. Cloneable. */
export interface ColumnProfile {
  readonly column: string;
  readonly rows: number;
  readonly nulls: number;
  /** Non-null values by storage class. */
  readonly integers: number;
  readonly reals: number;
  readonly texts: number;
  readonly blobs: number;
  readonly booleans: number;
  /** Integers that are 0 or 1. */
  readonly zeroOrOne: number;
  readonly integerMin: bigint | null;
  readonly integerMax: bigint | null;
  readonly realMin: number | null;
  readonly realMax: number | null;
  /** Reals that are NaN or infinite. */
  readonly realNonFinite: number;
  /** Reals with a fraction. */
  readonly realFractional: number;
  /** Largest number of decimal places (0–17) in the shortest text of the reals and of decimal texts. */
  readonly maxScale: number;
  readonly textMaxChars: number;
  readonly textMaxBytes: number;
  readonly textEmpty: number;
  readonly textWithNul: number;
  readonly textInvalid: number;
  /** Non-empty texts that qualify, by format. */
  readonly formats: Readonly<Partial<Record<TextFormat, number>>>;
  readonly blobMinBytes: number;
  readonly blobMaxBytes: number;
  /** Blobs whose little-endian float32 reading is finite and of sane size (every |x| is 0 or within 1e-20…1e4), by length in elements. */
  readonly float32Blobs: Readonly<Record<string, number>>;
  /** Blobs whose float64 reading is finite, of sane size and of numbers of like size, by length in elements. Absent = none. */
  readonly float64Blobs?: Readonly<Record<string, number>>;
  /** JSON arrays of finite numbers, by length. */
  readonly vectorTexts: Readonly<Record<string, number>>;
  /** What those vectors look like, by how they are read; absent = there are none. */
  readonly vectors?: VectorReadings;
  /** Lists of lists that are not rectangular, or hold empty or missing lists; absent where that was not looked at. */
  readonly ragged?: number;
  /** Texts that often stand for NULL (NA, null, -), by the text. They count for no format, and against none. */
  readonly nullTokens?: Readonly<Record<string, number>>;
  /** Up to five distinct values as short text, for the plan's evidence. Never logged. */
  readonly samples: readonly string[];
}

export interface TableProfile {
  readonly table: string;
  readonly rows: number;
  /** null = every row was read; else the number of rows read. */
  readonly sample: number | null;
  readonly columns: readonly ColumnProfile[];
  /** Rows that break each CHECK of the catalog's table, by position; null or absent where nobody counted. */
  readonly brokenChecks?: readonly (number | null)[];
}
