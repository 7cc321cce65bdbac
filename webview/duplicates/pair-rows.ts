import type { DuplicatesResult } from '../../src/core/model/duplicates.ts';
import type { Cell } from '../../src/core/model/rows.ts';
import { rowWords, type RowWords } from '../shared/payload.ts';

type Key = readonly string[];

/** What the rows of pairs hold, by their keys. */
export class PairRows {
  readonly columns: NonNullable<DuplicatesResult['payload']>['columns'];
  readonly #cells: ReadonlyMap<string, readonly Cell[]>;

  constructor({ payload }: DuplicatesResult) {
    this.columns = payload?.columns ?? [];
    this.#cells = new Map(payload?.rows.map(({ key, row }) => [JSON.stringify(key), row]));
  }

  /** Empty when nobody has read it. */
  cells(key: Key): readonly Cell[] {
    return this.#cells.get(JSON.stringify(key)) ?? [];
  }

  words(key: Key): RowWords {
    return rowWords(this.columns, this.cells(key), key);
  }
}
