import { compileRowEncoder, type RowEncoder } from '../mapping/row-encoder.ts';
import type { SourceValue } from '../model/source-value.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { ByteWriter } from '../tuple/byte-writer.ts';

/** Changes of values by "column: change". */
export type ChangeCounts = Readonly<Record<string, number>>;

/**
 * Changes of values in rows that were counted with all others and that do not stay in the target. They are few: converting them once more is cheaper than
 * keeping the counts of every row.
 */
export class ChangeCounter {
  readonly #encoder: RowEncoder;
  readonly #out = new ByteWriter();

  constructor({ columns, options }: Pick<CompiledTable, 'columns' | 'options'>) {
    this.#encoder = compileRowEncoder(columns, options);
  }

  /** A row as the source has it. */
  add(values: readonly SourceValue[]): void {
    this.#out.reset();
    this.#encoder.encode(values, this.#out);
  }

  /** Those of a single row as the source has it; what was added before is counted with it. */
  of(values: readonly SourceValue[]): ChangeCounts {
    this.add(values);
    return this.#encoder.takeCounts();
  }

  /** `counts` without those of the rows added since the last call. */
  takeFrom(counts: ChangeCounts): ChangeCounts {
    return sumChanges(counts, this.#encoder.takeCounts(), -1);
  }
}

/** Names that come to 0 are left out. */
export function sumChanges(a: ChangeCounts, b: ChangeCounts, sign: 1 | -1 = 1): ChangeCounts {
  const sum: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + sign * count;
  return Object.fromEntries(Object.entries(sum).filter(([, count]) => count !== 0));
}
