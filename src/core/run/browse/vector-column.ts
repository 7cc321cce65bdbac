import type { VectorColumnSummary } from '../../model/neighbours.ts';
import { inReadOnly } from '../../target/read-only.ts';
import { describeVectorColumn } from '../../vectors/describe-vector-column.ts';
import type { VectorColumnName } from '../../vectors/vector-column.ts';
import type { TargetChoice } from '../requests.ts';
import type { BrowseSession } from './browse-session.ts';

/** A vector column before anything is searched. Throws `no-such-target-table`, `no-such-target-column` or `not-a-vector-column`. */
export function vectorColumn(
  request: VectorColumnName & { readonly target: TargetChoice; readonly signal: AbortSignal },
  session: BrowseSession,
): Promise<VectorColumnSummary> {
  return session.withTarget(request.target, request.signal, (target) =>
    inReadOnly(target, (reading) => describeVectorColumn(request, reading)),
  );
}
