import { MigrationError } from '../../errors.ts';
import { labelColumn } from '../../model/label-column.ts';
import type { MapWish } from '../../model/vector-map.ts';
import { inReadOnly } from '../../target/read-only.ts';
import type { Target } from '../../target/target.ts';
import { chooseIndex } from '../choose-index.ts';
import { stoppable } from '../stoppable.ts';
import { readVectorColumn, type VectorColumn, type VectorColumnName } from '../vector-column.ts';
import type { VectorMetric } from '../../model/neighbours.ts';
import { mapLimit } from './map-limits.ts';
import { readSample, surveyColumn, type ColumnSurvey, type Sample } from './read-sample.ts';

/** What the target gives for a map. */
export interface MapRows {
  readonly column: VectorColumn;
  readonly metric: VectorMetric;
  readonly survey: ColumnSurvey;
  readonly limit: number;
  readonly label: string | null;
  /** Values of the colour column are numbers. */
  readonly isNumber: boolean;
  readonly sample: Sample;
}

export interface MapReading extends VectorColumnName, MapWish {
  readonly signal: AbortSignal;
  readonly onRows: (done: number, total: number) => void;
}

/**
 * The sample of a vector column from one snapshot; nothing is written. Throws `no-such-target-table`, `no-such-target-column` (also for the column to colour
 * by), `not-a-vector-column` and `cancelled`.
 */
export async function readMapRows(reading: MapReading, target: Target): Promise<MapRows> {
  return inReadOnly(target, async (plain) => {
    const session = stoppable(plain, reading.signal);
    await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const column = await readVectorColumn(session, reading);
    const colour = column.payload.find(({ name }) => name === reading.colour);
    if (reading.colour !== null && colour === undefined)
      throw new MigrationError('no-such-target-column', { context: { table: `${column.schema}.${column.table}`, column: reading.colour } });
    const label = labelColumn(column.payload)?.name ?? null;
    const survey = await surveyColumn(session, column);
    const limit = mapLimit(survey.dimensions, reading.projection);
    const rows = Math.min(reading.sample ?? limit, limit, survey.drawable);
    const sample = await readSample(session, column, {
      dimensions: survey.dimensions,
      rows,
      seed: reading.seed,
      label,
      colour: reading.colour,
      signal: reading.signal,
      onRows: (done) => reading.onRows(done, rows),
    });
    const { metric } = chooseIndex(column.indexes, null);
    return { column, metric, survey, limit, label, isNumber: colour?.align === 'right', sample };
  });
}
