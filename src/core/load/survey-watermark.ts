import { MigrationError } from '../errors.ts';
import { rowsIn } from '../model/row-batch.ts';
import { compareWatermarks, watermarkOf, type Watermark, type WatermarkKind } from '../model/watermark.ts';
import type { CompiledTable, TableWatermark } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import { windowedSource } from '../sources/windowed-source.ts';

export interface WatermarkSurvey {
  /** null = no row that is read has a value. */
  readonly highest: Watermark | null;
  /** Rows that are read. */
  readonly rows: number;
}

export interface WatermarkSearch {
  readonly source: Source;
  readonly table: Pick<CompiledTable, 'from' | 'label'> & { readonly watermark: TableWatermark };
  /** The lowest value that is read; null = all rows are. */
  readonly since: Watermark | null;
  readonly signal: AbortSignal;
  readonly onRows: (rows: number) => void;
}

/** Looks at the column of all rows that will be read. Throws `watermark-unfit` for values that have no order, alone or beside each other. */
export async function surveyWatermark({ source, table, since, signal, onRows }: WatermarkSearch): Promise<WatermarkSurvey> {
  const { column, to, rule } = table.watermark;
  const read = windowedSource(source, [since === null ? null : { column, rule, since }]);
  const unfit = (row: string, detail: string): MigrationError =>
    new MigrationError('watermark-unfit', { context: { table: table.label, column: to, row, detail } });
  let highest: Watermark | null = null;
  let kind: WatermarkKind | null = since?.kind ?? null;
  let rows = 0;
  for await (const batch of read.readBatches(table.from, { columns: [column], signal })) {
    if (signal.aborted) throw new MigrationError('cancelled');
    const size = rowsIn(batch);
    const vector = batch.columns?.vectors[0];
    for (let row = 0; row < size; row++) {
      const mark = watermarkOf((vector === undefined ? batch.rows[row]?.[0] : vector.at(row)) ?? null, rule);
      if (mark === 'none') continue;
      if (mark === 'unordered') throw unfit(batch.provenanceAt(row), 'neither a number nor a date or time in ISO 8601');
      kind ??= mark.kind;
      if (mark.kind !== kind) throw unfit(batch.provenanceAt(row), `${words[mark.kind]}, where earlier rows have ${words[kind]}`);
      if (highest === null || compareWatermarks(mark, highest) > 0) highest = mark;
    }
    rows += size;
    onRows(size);
  }
  return { highest, rows };
}

const words: Readonly<Record<WatermarkKind, string>> = {
  number: 'a number',
  time: 'a date or time without a zone',
  instant: 'a time with a zone',
};
