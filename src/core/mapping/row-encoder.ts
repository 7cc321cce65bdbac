import type { BatchColumns, RowBatch } from '../model/row-batch.ts';
import { UnreadableRecord, type SourceValue } from '../model/source-value.ts';
import type { ColumnConversion, ConversionFailure, ConvertOptions } from '../model/type-mapping.ts';
import { numberStates, type ValueVector } from '../model/value-vector.ts';
import { writeFieldCount, writeNull } from '../tuple/binary-writers.ts';
import type { ByteWriter } from '../tuple/byte-writer.ts';
import { chooseFieldEncoder } from './converters/choose-field-encoder.ts';
import { describeValue } from './converters/describe-value.ts';
import { failure, type FieldEncoder, type FieldFailure } from './converters/field-encoder.ts';
import { numberWriters, type NumberWriters } from './converters/number-writers.ts';
import type { CountedChange } from './counted-change.ts';

/** Turns rows of a source into binary COPY tuples. */
export interface RowEncoder {
  /**
   * Appends one tuple, field count included; `row` has the values in the order of the columns. On failure `out` is as it was, and the failure names
   * the column of the target.
   */
  encode(row: readonly SourceValue[], out: ByteWriter): ConversionFailure | null;
  /** As `encode`, one row of a batch, which may be rows or columns. */
  encodeFrom(batch: RowBatch, row: number, out: ByteWriter): ConversionFailure | null;
  /** Changes of values let through since the last call, by "column: change" (`strength: rounded`); rows that failed are not counted. */
  takeCounts(): Record<string, number>;
}

/** Throws `unsupported-plan-feature` for types and converters that it does not know. */
export function compileRowEncoder(columns: readonly ColumnConversion[], options: ConvertOptions): RowEncoder {
  return new CompiledRowEncoder(columns, options);
}

class CompiledRowEncoder implements RowEncoder {
  private readonly columns: readonly CompiledColumn[];
  /** Changes in the row under way; they count when the whole row is written. */
  private readonly pending: string[] = [];
  private counts: Record<string, number> = {};
  /** The field just written was rounded although the plan does not accept it. */
  private roundedUnasked = false;

  constructor(columns: readonly ColumnConversion[], options: ConvertOptions) {
    this.columns = columns.map((column) => {
      const names: Partial<Record<CountedChange, string>> = {};
      const count = (change: CountedChange): void => {
        this.pending.push((names[change] ??= `${column.to}: ${change}`));
        if (change === 'rounded' && !column.mayRound) this.roundedUnasked = true;
      };
      return {
        name: column.to,
        encode: chooseFieldEncoder({ column, options, count }),
        writers: numberWriters(column, options),
        nullable: column.nullable,
        emptyIsNull: column.emptyIsNull && options.emptyText === 'null',
        nullTokens: new Set(column.nullTokens),
        tokenAsNull: `${column.to}: ${'null token' satisfies CountedChange}`,
        emptyAsNull: `${column.to}: ${'empty as null' satisfies CountedChange}`,
      };
    });
  }

  encode(row: readonly SourceValue[], out: ByteWriter): ConversionFailure | null {
    const { columns } = this;
    const record = row[0];
    if (record instanceof UnreadableRecord) return { column: null, code: 'unreadable-record', message: record.reason };
    const start = out.position;
    writeFieldCount(out, columns.length);
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i] as CompiledColumn;
      const fault = this.encodeField(column, row[i] ?? null, out);
      if (fault !== null) return this.turnAway(column, fault, start, out);
    }
    if (this.pending.length > 0) this.countPending();
    return null;
  }

  encodeFrom(batch: RowBatch, row: number, out: ByteWriter): ConversionFailure | null {
    const broken = batch.brokenAt?.(row) ?? null;
    if (broken !== null) return { column: null, ...broken };
    return batch.columns === undefined ? this.encode(batch.rows[row] ?? [], out) : this.encodeAcross(batch.columns, row, out);
  }

  takeCounts(): Record<string, number> {
    const { counts } = this;
    this.counts = {};
    return counts;
  }

  private encodeAcross({ vectors }: BatchColumns, row: number, out: ByteWriter): ConversionFailure | null {
    const { columns } = this;
    const start = out.position;
    writeFieldCount(out, columns.length);
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i] as CompiledColumn;
      const vector = vectors[i] as ValueVector;
      const { numbers } = vector;
      if (numbers !== undefined && numbers.states[row] === numberStates.exact) {
        const write = column.writers[numbers.unit];
        if (write?.(numbers.values[row] as number, numbers.scale, out) === true) continue;
      }
      const fault = this.encodeField(column, vector.at(row), out);
      if (fault !== null) return this.turnAway(column, fault, start, out);
    }
    if (this.pending.length > 0) this.countPending();
    return null;
  }

  private turnAway({ name }: CompiledColumn, { code, message }: FieldFailure, start: number, out: ByteWriter): ConversionFailure {
    out.position = start;
    this.pending.length = 0;
    return { column: name, code, message };
  }

  private encodeField(column: CompiledColumn, value: SourceValue, out: ByteWriter): FieldFailure | null {
    if (value === null || (value === '' && column.emptyIsNull))
      return this.encodeNull(column, value === null ? null : column.emptyAsNull, out);
    if (column.nullTokens.size > 0 && typeof value === 'string' && column.nullTokens.has(value))
      return this.encodeNull(column, column.tokenAsNull, out);
    const fault = column.encode(value, out);
    if (!this.roundedUnasked) return fault;
    this.roundedUnasked = false;
    return (
      fault ??
      failure('would-round', `${describeValue(value)} cannot be kept exactly, and the plan does not accept rounding in this column`)
    );
  }

  /** `change`: what is counted; null for a real NULL. */
  private encodeNull(column: CompiledColumn, change: string | null, out: ByteWriter): FieldFailure | null {
    if (!column.nullable)
      return failure('null-not-allowed', `${change === null ? 'NULL' : nullText(column, change)} in a column that is NOT NULL`);
    if (change !== null) this.pending.push(change);
    writeNull(out);
    return null;
  }

  private countPending(): void {
    for (const name of this.pending) this.counts[name] = (this.counts[name] ?? 0) + 1;
    this.pending.length = 0;
  }
}

interface CompiledColumn {
  readonly name: string;
  readonly encode: FieldEncoder;
  readonly writers: NumberWriters;
  readonly nullable: boolean;
  readonly emptyIsNull: boolean;
  readonly emptyAsNull: string;
  readonly nullTokens: ReadonlySet<string>;
  readonly tokenAsNull: string;
}

function nullText(column: CompiledColumn, change: string): string {
  return change === column.emptyAsNull ? 'an empty text, read as NULL,' : 'a text that stands for NULL';
}
