import { compileRowEncoder } from '../mapping/row-encoder.ts';
import { rowsIn } from '../model/row-batch.ts';
import type { ColumnConversion } from '../model/type-mapping.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { ListValue } from '../plan/partitions/list-value.ts';
import type { DataRange } from '../plan/partitions/planned-partitions.ts';
import type { Source } from '../sources/source.ts';
import { ByteWriter } from '../tuple/byte-writer.ts';

/** Which values have a partition of their own, whatever the data: those within bounds, or in lists. Cloneable. */
export type PartitionRule =
  /** Points as decimal digits, both ends included; `infinite`: the smallest and the largest number of the type stand for infinities. */
  | { readonly kind: 'range'; readonly first: string; readonly last: string; readonly infinite: boolean }
  | { readonly kind: 'list'; readonly values: readonly ListValue[] };

/** What a partition column holds. Rows whose value cannot be converted are not in it: they become rejects for that. */
export interface PartitionSurvey {
  readonly rows: number;
  /** Of the values within the rule; null when there are none, and for lists. */
  readonly range: DataRange | null;
  /** Rows that only a default partition takes: NULL, infinity, and what the rule leaves out. */
  readonly outside: number;
  /** Places of the first few of them. */
  readonly examples: readonly string[];
}

const shownExamples = 5;

/** Reads one column whole and converts it with exactly the converter of the load, so that the bytes that PostgreSQL will get decide. */
export async function surveyPartitionColumn(
  source: Source,
  table: CompiledTable,
  column: ColumnConversion,
  rule: PartitionRule,
  signal: AbortSignal,
  onRows: (rows: number) => void,
): Promise<PartitionSurvey> {
  const encoder = compileRowEncoder([{ ...column, nullable: true }], table.options);
  const out = new ByteWriter();
  const place = rule.kind === 'range' ? rangePlacer(rule) : listPlacer(table, column, rule.values);
  const examples: string[] = [];
  let [rows, outside] = [0, 0];
  for await (const batch of source.readBatches(table.from, { columns: [column.from], signal })) {
    const size = rowsIn(batch);
    for (let row = 0; row < size; row++) {
      out.reset();
      if (encoder.encodeFrom(batch, row, out) !== null) continue;
      if (place.takes(out.buffer)) continue;
      outside++;
      if (examples.length < shownExamples) examples.push(batch.provenanceAt(row));
    }
    rows += size;
    onRows(size);
  }
  return { rows, outside, examples, range: place.range() };
}

interface Placer {
  /** A tuple of one field, as binary COPY has it: the number of fields, the field's length (-1 for NULL), its bytes. */
  takes(tuple: Buffer): boolean;
  range(): DataRange | null;
}

const lengthAt = 2;
const fieldAt = 6;

function rangePlacer(rule: Extract<PartitionRule, { kind: 'range' }>): Placer {
  const [first, last] = [BigInt(rule.first), BigInt(rule.last)];
  let smallest: bigint | null = null;
  let largest: bigint | null = null;
  return {
    takes(tuple) {
      const length = tuple.readInt32BE(lengthAt);
      if (length < 0) return false;
      const point =
        length === 8 ? tuple.readBigInt64BE(fieldAt) : BigInt(length === 4 ? tuple.readInt32BE(fieldAt) : tuple.readInt16BE(fieldAt));
      const limit = 1n << BigInt(length * 8 - 1);
      if (rule.infinite && (point === -limit || point === limit - 1n)) return false;
      if (point < first || point > last) return false;
      if (smallest === null || point < smallest) smallest = point;
      if (largest === null || point > largest) largest = point;
      return true;
    },
    range: () => (smallest === null || largest === null ? null : { first: String(smallest), last: String(largest) }),
  };
}

function listPlacer(table: CompiledTable, column: ColumnConversion, values: readonly ListValue[]): Placer {
  const { rules: _rules, nullTokens: _tokens, ...plain } = column;
  const own = { ...plain, convert: { name: 'auto' as const }, nullable: true, emptyIsNull: false };
  const encoder = compileRowEncoder([own], table.options);
  const known = new Set(
    values.map((value) => {
      const out = new ByteWriter(64);
      encoder.encode([value], out);
      return fieldText(out.buffer);
    }),
  );
  return { takes: (tuple) => known.has(fieldText(tuple)), range: () => null };
}

function fieldText(tuple: Buffer): string {
  const length = tuple.readInt32BE(lengthAt);
  return length < 0 ? 'null' : `=${tuple.toString('latin1', fieldAt, fieldAt + length)}`;
}
