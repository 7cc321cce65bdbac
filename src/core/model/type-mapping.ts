import type { PgType } from './pg-type.ts';

/** Named rule that turns a source value into the value of a PostgreSQL type. Data, so that it can stand in a plan and cross to a worker. */
export interface ConverterSpec {
  readonly name: ConverterName;
  readonly args?: Readonly<Record<string, string | number | boolean>>;
}

/** `auto` follows the target type alone; the others say how the source wrote the value. */
export type ConverterName =
  | 'auto'
  | 'epoch-s'
  | 'epoch-ms'
  | 'epoch-us'
  | 'julian'
  | 'json-text'
  | 'float32-blob'
  | 'float64-blob'
  | 'packed-bits'
  | 'packed-bits-low'
  | 'blob-text'
  | 'text-hex'
  | 'decimal-comma'
  | 'grouped-comma'
  | 'date-dmy'
  | 'date-mdy';

/** Which values of a mixed column a rule is for. Bounds are inclusive and of numbers. */
export interface ConverterRule {
  readonly when: ValueKind;
  readonly min: bigint | number | null;
  readonly max: bigint | number | null;
  readonly convert: ConverterSpec;
}

/** `number` is integer or real. */
export type ValueKind = 'integer' | 'real' | 'number' | 'text' | 'blob' | 'any';

/** exact: every bit. widened: same value, larger type. rounded / lossy: needs `accept` in the plan. */
export type Loss = 'exact' | 'widened' | 'rounded' | 'lossy';

/** How invalid or awkward values are met; from the plan's options. */
export interface ConvertOptions {
  readonly nulBytes: 'reject' | 'strip' | 'replace' | 'bytea';
  readonly invalidText: 'reject' | 'latin1' | 'replace' | 'bytea';
  readonly emptyText: 'null' | 'keep';
  readonly assumeTimeZone: string;
}

/** One column ready to be converted and encoded. Cloneable. */
export interface ColumnConversion {
  /** Name in the source, for messages. */
  readonly from: string;
  readonly to: string;
  readonly type: PgType;
  readonly nullable: boolean;
  readonly convert: ConverterSpec;
  /** For a mixed column, instead of `convert`: the first rule that is for a value reads it, and a value that none is for is turned away. */
  readonly rules?: readonly ConverterRule[];
  /** Texts that stand for NULL. */
  readonly nullTokens?: readonly string[];
  /** The source declared a non-text type, so '' counts as NULL under emptyText "null". */
  readonly emptyIsNull: boolean;
  /** The plan accepts that values are rounded (and they are counted); else a value that cannot be kept exactly is turned away. */
  readonly mayRound: boolean;
}

/** Why a value was turned away; becomes a reject with provenance. */
export interface ConversionFailure {
  /** null when the record as a whole is to blame. */
  readonly column: string | null;
  readonly code: RejectCode;
  readonly message: string;
}

export type RejectCode =
  | 'wrong-type'
  | 'out-of-range'
  | 'nul-byte'
  | 'invalid-text'
  | 'invalid-json'
  | 'invalid-date'
  | 'invalid-uuid'
  | 'null-not-allowed'
  | 'wrong-dimensions'
  | 'would-round'
  | 'no-rule'
  | 'not-finite'
  | 'too-long'
  /** No row by the grammar of its store. */
  | 'unreadable-record'
  /** A document that its source cannot read, with all rows that it would have given. */
  | 'unreadable-document'
  | 'server-refused'
  /** Among the rows that are loaded it breaks a key that is added behind them. */
  | 'key-violated'
  | 'orphan'
  /** No partition of its table takes it. */
  | 'no-partition';
