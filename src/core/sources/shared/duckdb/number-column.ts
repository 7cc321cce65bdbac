import {
  DuckDBDecimalType,
  DuckDBTypeId,
  type DuckDBDateValue,
  type DuckDBTimestampMillisecondsValue,
  type DuckDBTimestampSecondsValue,
  type DuckDBTimestampTZValue,
  type DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBVector,
} from '@duckdb/node-api';
import type { SourceValue } from '../../../model/source-value.ts';
import { numberStates, type NumberUnit, type NumberVector, type ValueVector } from '../../../model/value-vector.ts';
import { dateText, instantText } from './time-text.ts';
import { decimalText, valueReader } from './value-reader.ts';

/** Reads columns of one type whose values are numbers, or counted in numbers. */
export interface NumberColumn {
  /** Rows `from` (inclusive) to `to` (exclusive). */
  read(vector: DuckDBVector, from: number, to: number): ValueVector;
}

/** null for types whose values are no numbers, or seldom fit a double. */
export function numberColumn(type: DuckDBType): NumberColumn | null {
  const kind = type instanceof DuckDBDecimalType ? decimalKind(type) : (kinds.get(type.typeId) ?? null);
  if (kind === null) return null;
  const readOther = valueReader(type);
  return {
    read: (vector, from, to) => {
      const values = new Float64Array(to - from);
      const states = new Uint8Array(to - from);
      const others = new Map<number, SourceValue>();
      for (let row = 0; row < values.length; row++) {
        const raw = kind.rawAt(vector, from + row);
        if (raw === null) {
          states[row] = numberStates.missing;
          continue;
        }
        const number = typeof raw === 'number' ? raw : Number(raw) * kind.factor;
        if (typeof raw === 'number' ? raw !== kind.infinity && raw !== -kind.infinity : Number.isSafeInteger(number)) values[row] = number;
        else {
          states[row] = numberStates.elsewhere;
          others.set(row, readOther(vector.getItem(from + row)));
        }
      }
      return new CountedVector({ unit: kind.unit, scale: kind.scale, values, states }, kind.toValue, others);
    },
  };
}

class CountedVector implements ValueVector {
  readonly numbers: NumberVector;
  readonly #toValue: (number: number) => SourceValue;
  readonly #others: ReadonlyMap<number, SourceValue>;

  constructor(numbers: NumberVector, toValue: (number: number) => SourceValue, others: ReadonlyMap<number, SourceValue>) {
    this.numbers = numbers;
    this.#toValue = toValue;
    this.#others = others;
  }

  at(row: number): SourceValue {
    const { states, values } = this.numbers;
    if (states[row] === numberStates.exact) return this.#toValue(values[row] ?? 0);
    return this.#others.get(row) ?? null;
  }
}

interface NumberKind {
  readonly unit: NumberUnit;
  readonly scale: number;
  /** Of a bigint, to come to `unit`. */
  readonly factor: number;
  /** A number that stands for an infinity, and so does its opposite; NaN = none does. */
  readonly infinity: number;
  readonly rawAt: (vector: DuckDBVector, row: number) => number | bigint | null;
  readonly toValue: (number: number) => SourceValue;
}

const plain = {
  scale: 0,
  factor: 1,
  infinity: NaN,
  rawAt: (vector: DuckDBVector, row: number) => vector.getItem(row) as number | bigint | null,
};

const integers: NumberKind = { ...plain, unit: 'integer', toValue: BigInt };
const singles: NumberKind = { ...plain, unit: 'single', toValue: (number) => number };
const doubles: NumberKind = { ...plain, unit: 'double', toValue: (number) => number };
const booleans: NumberKind = {
  ...plain,
  unit: 'boolean',
  rawAt: (vector, row) => {
    const value = vector.getItem(row) as boolean | null;
    return value === null ? null : Number(value);
  },
  toValue: (number) => number === 1,
};
const days: NumberKind = {
  ...plain,
  unit: 'day',
  infinity: 2_147_483_647,
  rawAt: (vector, row) => (vector.getItem(row) as DuckDBDateValue | null)?.days ?? null,
  toValue: dateText,
};

function instants(factor: number, zone: '' | '+00', rawAt: NumberKind['rawAt']): NumberKind {
  return { ...plain, unit: 'microsecond', factor, rawAt, toValue: (number) => instantText(BigInt(number), 1_000_000n, zone) };
}

function decimalKind({ scale, width }: DuckDBDecimalType): NumberKind | null {
  // Wider ones are of 128 bits.
  if (width > 18) return null;
  return {
    ...plain,
    unit: 'decimal',
    scale,
    rawAt: (vector, row) => (vector as DecimalVector).getScaledValue(row),
    toValue: (number) => decimalText(BigInt(number), scale),
  };
}

type DecimalVector = DuckDBVector & { getScaledValue(row: number): number | bigint | null };

const kinds: ReadonlyMap<DuckDBTypeId, NumberKind> = new Map([
  [DuckDBTypeId.TINYINT, integers],
  [DuckDBTypeId.SMALLINT, integers],
  [DuckDBTypeId.INTEGER, integers],
  [DuckDBTypeId.BIGINT, integers],
  [DuckDBTypeId.UTINYINT, integers],
  [DuckDBTypeId.USMALLINT, integers],
  [DuckDBTypeId.UINTEGER, integers],
  [DuckDBTypeId.UBIGINT, integers],
  [DuckDBTypeId.FLOAT, singles],
  [DuckDBTypeId.DOUBLE, doubles],
  [DuckDBTypeId.BOOLEAN, booleans],
  [DuckDBTypeId.DATE, days],
  [DuckDBTypeId.TIMESTAMP, instants(1, '', (vector, row) => (vector.getItem(row) as DuckDBTimestampValue | null)?.micros ?? null)],
  [DuckDBTypeId.TIMESTAMP_TZ, instants(1, '+00', (vector, row) => (vector.getItem(row) as DuckDBTimestampTZValue | null)?.micros ?? null)],
  [
    DuckDBTypeId.TIMESTAMP_MS,
    instants(1_000, '', (vector, row) => (vector.getItem(row) as DuckDBTimestampMillisecondsValue | null)?.millis ?? null),
  ],
  [
    DuckDBTypeId.TIMESTAMP_S,
    instants(1_000_000, '', (vector, row) => (vector.getItem(row) as DuckDBTimestampSecondsValue | null)?.seconds ?? null),
  ],
]);
