import type { RowDiscrepancy } from '../model/discrepancy.ts';
import type { Cell } from '../model/rows.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { fieldCell } from '../tuple/field-cell.ts';

/** A row that differs, with what the target has of it and the exact texts of its key. The source's own values are read afterwards. */
export interface WholeRow extends RowDiscrepancy {
  /** In key order, uncut; null where the key is NULL or too long to be passed on. Empty without a key. */
  readonly keyTexts: readonly (string | null)[];
  readonly target: readonly Cell[] | null;
}

/** Characters of a cell that are kept, and of a key. */
export const keptCharacters = 2_000;

/** Characters of all rows together; what comes after that is only counted. */
const mostCharacters = 32 << 20;

/** Collects differing rows while their tuples are at hand. */
export class WholeRows {
  readonly rows: WholeRow[] = [];
  readonly #table: CompiledTable;
  #characters = 0;

  constructor(table: CompiledTable) {
    this.#table = table;
  }

  get full(): boolean {
    return this.#characters >= mostCharacters;
  }

  /** `source` and `target`: binary tuples, field count included, that are valid during the call. */
  add(row: RowDiscrepancy, source: Buffer | null, target: Buffer | null): void {
    const cells = target === null ? null : this.#cells(target);
    const keyed = cells ?? (source === null ? [] : this.#cells(source));
    const keyTexts = this.#table.key.map((column) => asText(keyed[column] ?? null));
    this.rows.push({ ...row, keyTexts, target: cells });
    // The source's side comes later and is about as long.
    for (const cell of keyed) this.#characters += 2 * sizeOf(cell);
  }

  #cells(tuple: Buffer): Cell[] {
    let at = 2;
    return this.#table.columns.map(({ type }) => {
      const length = tuple.readInt32BE(at);
      const cell = fieldCell(type, tuple, at + 4, length, keptCharacters);
      at += 4 + Math.max(0, length);
      return cell;
    });
  }
}

function asText(cell: Cell): string | null {
  return typeof cell === 'string' ? cell : null;
}

function sizeOf(cell: Cell): number {
  if (cell === null) return 1;
  if (typeof cell === 'string') return cell.length;
  return 'values' in cell ? cell.values.length * 4 : cell.text.length;
}
