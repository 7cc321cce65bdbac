import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { fieldCell } from '../../tuple/field-cell.ts';
import { readVector } from '../../tuple/read-vector.ts';
import { TupleSummer } from '../../tuple/tuple-summer.ts';

type PlannedColumns = Pick<CompiledTable, 'columns' | 'key'>;

/** Characters of a part of a key that is told; a row with a longer one is not looked for by its key. */
const mostKeyCharacters = 2_000;

/** Rows of a table as its plan makes them: who they are, and their vector. Reused: `read` replaces what was read before. */
export class PlannedRows {
  /** Of the tuples, by their name in the target. */
  readonly columns: readonly string[];
  readonly #planned: PlannedColumns;
  readonly #summer: TupleSummer;
  readonly #vector: number;

  /** No more of a row than tells it from others, and its vector; `column` null = without. A row without a key is told by all it has. */
  static told({ columns, key }: PlannedColumns, column: string | null): PlannedRows {
    if (key.length === 0) return new PlannedRows({ columns, key }, column);
    const kept = [...key, ...columns.flatMap(({ to }, i) => (to === column && !key.includes(i) ? [i] : []))];
    return new PlannedRows({ columns: kept.flatMap((i) => columns[i] ?? []), key: key.map((_, i) => i) }, column);
  }

  constructor(planned: PlannedColumns, column: string | null) {
    this.#planned = planned;
    this.columns = planned.columns.map(({ to }) => to);
    this.#summer = TupleSummer.create(planned.columns, planned.key);
    this.#vector = column === null ? -1 : this.columns.indexOf(column);
  }

  /** Returns what tells the row of the tuple `buffer[start, end)` from others, on either side. */
  read(buffer: Buffer, start: number, end: number): string {
    this.#summer.read(buffer, start, end);
    return this.#summer.keyText();
  }

  /** null: the row has none. */
  vector(): Float32Array | null {
    const { canonical } = this.#summer;
    const type = this.#planned.columns[this.#vector]?.type;
    if (type === undefined || (canonical.fieldLengths[this.#vector] as number) < 0) return null;
    return readVector(type, canonical.buffer, canonical.fieldStarts[this.#vector] as number);
  }

  /** Values of the plan's key as PostgreSQL reads them; null when one is NULL or too long to be told. */
  keyTexts(): readonly string[] | null {
    const { buffer, fieldStarts, fieldLengths } = this.#summer.canonical;
    const texts = this.#planned.key.map((column) => {
      const type = this.#planned.columns[column]?.type;
      const [start, length] = [fieldStarts[column] as number, fieldLengths[column] as number];
      return type === undefined ? null : fieldCell(type, buffer, start, length, mostKeyCharacters);
    });
    return texts.every((text) => typeof text === 'string') ? texts : null;
  }
}
