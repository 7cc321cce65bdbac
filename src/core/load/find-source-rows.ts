import { MigrationError } from '../errors.ts';
import { compileRowEncoder } from '../mapping/row-encoder.ts';
import { rowAt, rowsIn, type Provenance } from '../model/row-batch.ts';
import type { SourceValue } from '../model/source-value.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import { ByteWriter } from '../tuple/byte-writer.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';
import type { EqualRows } from './marked-rows.ts';

export interface SoughtRows {
  readonly source: Source;
  readonly table: CompiledTable;
  /** Provenance of rows that can be converted and are not in the target. */
  readonly excluded: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Documents whose rows are looked for; absent = all. */
  readonly documents?: ReadonlySet<string>;
}

/** A row of the source and where it is in the target. */
export interface FoundRow {
  readonly mark: bigint;
  readonly place: string;
  readonly provenance: Provenance;
  /** Place of the document that it is in; null where there are no documents. */
  readonly document: Provenance | null;
  readonly values: readonly SourceValue[];
}

/**
 * Reads the source in its order and tells each row whose content is in `wanted`; `summer` has then just read it. Of rows with the same content any place
 * is theirs; each is taken from `wanted`, and reading ends when all are. Returns the number of places that no row was found for.
 */
export async function findSourceRows(
  { source, table, excluded, signal, documents }: SoughtRows,
  wanted: ReadonlyMap<string, EqualRows>,
  summer: TupleSummer,
  onRow: (row: FoundRow) => void,
): Promise<number> {
  const encoder = compileRowEncoder(table.columns, table.options);
  const out = new ByteWriter();
  let left = [...wanted.values()].reduce((sum, { places }) => sum + places.length, 0);
  if (left === 0) return 0;
  const columns = table.columns.map(({ from }) => from);
  for await (const batch of source.readBatches(table.from, { columns, signal })) {
    if (signal.aborted) throw new MigrationError('cancelled');
    const size = rowsIn(batch);
    for (let row = 0; row < size; row++) {
      out.reset();
      if (encoder.encodeFrom(batch, row, out) !== null) continue;
      summer.read(out.buffer, 0, out.position);
      const equal = wanted.get(summer.hashText());
      if (equal === undefined) continue;
      const provenance = batch.provenanceAt(row);
      if (excluded.has(provenance)) continue;
      const document = batch.documentAt?.(row) ?? null;
      if (documents !== undefined && (document === null || !documents.has(document))) continue;
      const place = equal.places.pop();
      if (place === undefined) continue;
      onRow({ mark: equal.mark, place, provenance, document, values: rowAt(batch, row) });
      if (--left === 0) return 0;
    }
  }
  return left;
}
