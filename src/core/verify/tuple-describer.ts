import type { CellDifference, RowDiscrepancy } from '../model/discrepancy.ts';
import type { PgType } from '../model/pg-type.ts';
import type { Provenance } from '../model/row-batch.ts';
import type { ColumnConversion } from '../model/type-mapping.ts';
import { CanonicalTuple } from '../tuple/canonical-tuple.ts';
import { canonicalRule } from '../tuple/canonical-rule.ts';
import { fieldText } from '../tuple/field-text.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';

/** Puts tuples that do not match into words. Rows without a key are told by their hash and all of their values. */
export class TupleDescriber {
  private readonly columns: readonly ColumnConversion[];
  private readonly key: readonly number[];
  private readonly left: CanonicalTuple;
  private readonly right: CanonicalTuple;
  private readonly summer: TupleSummer;

  constructor(columns: readonly ColumnConversion[], key: readonly number[]) {
    this.columns = columns;
    this.key = key;
    const types = columns.map((column) => column.type);
    this.left = new CanonicalTuple(types);
    this.right = new CanonicalTuple(types);
    this.summer = TupleSummer.create(columns, key);
  }

  missing(tuple: Buffer, provenance: Provenance): RowDiscrepancy {
    const values = this.values(tuple, 0);
    const columns =
      this.key.length > 0
        ? []
        : this.columns.map(({ to }, i) => ({ name: to, source: values[i] ?? null, target: null, rule: 'row missing' }));
    return { key: this.keyOf(values, tuple, 0, tuple.length), state: 'missing', columns, provenance };
  }

  extra(buffer: Buffer, start: number, end: number): RowDiscrepancy {
    const values = this.values(buffer, start);
    const columns =
      this.key.length > 0
        ? []
        : this.columns.map(({ to }, i) => ({ name: to, source: null, target: values[i] ?? null, rule: 'row extra' }));
    return { key: this.keyOf(values, buffer, start, end), state: 'extra', columns, provenance: null };
  }

  /** Positions of the fields whose canonical bytes are not the same. */
  differingFields(tuple: Buffer, buffer: Buffer, start: number, end: number): number[] {
    this.left.read(tuple, 0, tuple.length);
    this.right.read(buffer, start, end);
    return this.columns.flatMap((_, field) => (sameField(this.left, this.right, field) ? [] : [field]));
  }

  /** `fields`: what `differingFields` said of the two tuples. */
  different(fields: readonly number[], tuple: Buffer, provenance: Provenance, buffer: Buffer, start: number): RowDiscrepancy {
    const source = this.values(tuple, 0);
    const target = this.values(buffer, start);
    const columns = fields.map((field): CellDifference => {
      const { to, type } = this.columns[field] as ColumnConversion;
      return { name: to, source: source[field] ?? null, target: target[field] ?? null, rule: comparisonRule(type) };
    });
    return { key: this.key.map((column) => source[column] ?? 'NULL'), state: 'different', columns, provenance };
  }

  private keyOf(values: readonly (string | null)[], buffer: Buffer, start: number, end: number): string[] {
    if (this.key.length > 0) return this.key.map((column) => values[column] ?? 'NULL');
    this.summer.read(buffer, start, end);
    return [Array.from(this.summer.lanes, (lane) => lane.toString(16).padStart(8, '0')).join('')];
  }

  /** The fields as they stand in the tuple, before anything is made canonical. */
  private values(buffer: Buffer, start: number): (string | null)[] {
    let at = start + 2;
    return this.columns.map(({ type }) => {
      const length = buffer.readInt32BE(at);
      const text = fieldText(type, buffer, at + 4, length);
      at += 4 + Math.max(0, length);
      return text;
    });
  }
}

function sameField(left: CanonicalTuple, right: CanonicalTuple, field: number): boolean {
  const length = left.fieldLengths[field] as number;
  if (length !== right.fieldLengths[field]) return false;
  if (length < 0) return true;
  const a = left.fieldStarts[field] as number;
  const b = right.fieldStarts[field] as number;
  return left.buffer.compare(right.buffer, b, b + length, a, a + length) === 0;
}

/** By what two values of a type are told apart. */
function comparisonRule(type: PgType): string {
  const rule = canonicalRule(type);
  if (rule !== null) return `${type.name}: ${rule.ignores} ignored`;
  return type.name === 'timestamptz' ? 'timestamptz: instant' : `${type.name}: exact`;
}
