import { MigrationError } from '../../errors.ts';
import type { MapStage, VectorMap } from '../../model/vector-map.ts';
import { categorise, uncategorised } from '../../vectors/map/categorise.ts';
import { fingerprintOf } from '../../vectors/map/fingerprint.ts';
import type { Layout } from '../../vectors/map/layout-cache.ts';
import { readMapRows, type MapRows } from '../../vectors/map/read-map-rows.ts';
import { umapParameters } from '../../vectors/map/umap-parameters.ts';
import type { VectorMapRequest } from '../browse-requests.ts';
import type { BrowseSession } from './browse-session.ts';

/**
 * A picture of a vector column. Rows are read at every call; a layout is computed only when exactly these rows were not laid out before. It is computed in a
 * thread, which an abort ends within a second wherever it is. Throws what `readMapRows` throws, and `bad-usage` for too few vectors for UMAP.
 */
export async function vectorMap(request: VectorMapRequest, session: BrowseSession): Promise<VectorMap> {
  const { signal, projection, seed, colour } = request;
  const { elapsed } = session.deps.clock;
  const start = elapsed();
  const tell = teller(request, session);
  const rows = await session.withTarget(request.target, signal, (target) =>
    readMapRows({ ...request, onRows: (done, total) => tell('read', done, total) }, target),
  );
  const { column, metric, survey, limit, label, sample } = rows;
  const key = JSON.stringify([column.schema, column.table, column.column, projection, seed, metric, umapParameters, fingerprintOf(sample)]);
  const known = session.layouts.get(key);
  const layout = known ?? (await layOut(request, rows, session, tell));
  if (known === undefined) session.layouts.set(key, layout);
  return {
    table: `${column.schema}.${column.table}`,
    column: column.column,
    dimensions: survey.dimensions,
    metric,
    projection,
    seed,
    colour,
    label,
    rows: survey.rows,
    drawable: survey.drawable,
    limit,
    leftOut: { withoutVector: survey.withoutVector, otherDimensions: survey.otherDimensions, notFinite: sample.notFinite },
    ...layout,
    ...(colour === null ? uncategorised(sample.keys.length) : categorise(sample.colours, rows.isNumber)),
    keys: sample.keys,
    labels: sample.labels,
    cached: known !== undefined,
    seconds: (elapsed() - start) / 1000,
  };
}

type Tell = (stage: MapStage, done: number, total: number) => void;

async function layOut(request: VectorMapRequest, { sample, metric }: MapRows, session: BrowseSession, tell: Tell): Promise<Layout> {
  const { signal, projection, seed } = request;
  const onProgress: Parameters<BrowseSession['runTask']>[4] = ({ map }) => {
    if (map !== undefined) tell(map.stage, map.done, map.total);
  };
  if (signal.aborted) throw new MigrationError('cancelled');
  return session.runTask('layOutVectors', { matrix: sample.matrix, metric, projection, seed }, signal, undefined, onProgress);
}

/** Milliseconds between two events. */
const tellMs = 100;

function teller({ request, signal }: VectorMapRequest, { deps }: BrowseSession): Tell {
  let last = -Infinity;
  let lastStage: MapStage | null = null;
  return (stage, done, total) => {
    const now = deps.clock.elapsed();
    // What a thread had sent before it heard of an abort is nobody's progress.
    if (signal.aborted || (stage === lastStage && now - last < tellMs)) return;
    last = now;
    lastStage = stage;
    deps.emit({ type: 'map', request, stage, done, total });
  };
}
