import { MigrationError } from '../../errors.ts';
import { compileRowEncoder } from '../../mapping/row-encoder.ts';
import { rowsIn, type Provenance } from '../../model/row-batch.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import type { Source } from '../../sources/source.ts';
import type { TargetSession } from '../../target/target.ts';
import { ByteWriter } from '../../tuple/byte-writer.ts';
import { TupleSummer } from '../../tuple/tuple-summer.ts';
import { KeyRows } from './key-rows.ts';

export interface SourceKeys {
  readonly source: Source;
  readonly table: CompiledTable;
  /** Positions of the key's columns. */
  readonly key: readonly number[];
  /** Provenance of rows that are left out. */
  readonly excluded: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Rows read since the last call. */
  readonly onRows?: (rows: number) => void;
}

export interface StagedKeys {
  readonly rows: number;
  /** Rows that cannot be converted, so that nobody knows their key. */
  readonly unreadable: number;
}

/** Reads all rows of the source and puts their keys and hashes into `pg_temp.sluice_keys`; rows are numbered from 0 among all that are read. */
export async function stageSourceKeys(session: TargetSession, work: SourceKeys): Promise<StagedKeys> {
  const { table, key, excluded, signal, onRows } = work;
  const keys = new KeyRows(key, TupleSummer.create(table.columns, table.key));
  let rows = 0;
  let unreadable = 0;
  const visit: RowVisitor = (row, encoded, provenance) => {
    if (encoded === null) unreadable++;
    else if (excluded.size === 0 || !excluded.has(provenance())) {
      keys.add(row, encoded.buffer, 0, encoded.position);
      rows++;
    }
  };
  await readEncoded(work, visit, async (read) => {
    if (keys.full) await keys.send(session, signal);
    onRows?.(read);
  });
  await keys.send(session, signal);
  return { rows, unreadable };
}

/** Places of the rows with these numbers. */
export async function placesOf(work: Omit<SourceKeys, 'key' | 'excluded' | 'onRows'>, rows: ReadonlySet<number>): Promise<Provenance[]> {
  const places: Provenance[] = [];
  if (rows.size === 0) return places;
  const visit: RowVisitor = (row, _encoded, provenance) => {
    if (rows.has(row)) places.push(provenance());
  };
  await readEncoded(work, visit, () => Promise.resolve());
  return places;
}

/** `encoded` is valid during the call; null when the row cannot be converted. */
type RowVisitor = (row: number, encoded: ByteWriter | null, provenance: () => Provenance) => void;

async function readEncoded(
  { source, table, signal }: Omit<SourceKeys, 'key' | 'excluded' | 'onRows'>,
  visit: RowVisitor,
  afterBatch: (rows: number) => Promise<void>,
): Promise<void> {
  const encoder = compileRowEncoder(table.columns, table.options);
  const out = new ByteWriter();
  const columns = table.columns.map(({ from }) => from);
  let read = 0;
  for await (const batch of source.readBatches(table.from, { columns, signal })) {
    if (signal.aborted) throw new MigrationError('cancelled');
    const size = rowsIn(batch);
    for (let row = 0; row < size; row++) {
      out.reset();
      const failed = encoder.encodeFrom(batch, row, out) !== null;
      visit(read++, failed ? null : out, () => batch.provenanceAt(row));
    }
    await afterBatch(size);
  }
}
