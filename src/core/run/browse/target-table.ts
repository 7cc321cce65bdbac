import type { TargetTableDetails } from '../../model/target-tree.ts';
import { readTableDetails } from '../../target/browse-target.ts';
import { inReadOnly } from '../../target/read-only.ts';
import type { TargetChoice } from '../requests.ts';
import type { BrowseSession } from './browse-session.ts';

/** Columns, constraints and indexes of one table or view. Throws `no-such-target-table`. */
export function targetTable(
  request: { readonly target: TargetChoice; readonly schema: string; readonly table: string; readonly signal: AbortSignal },
  session: BrowseSession,
): Promise<TargetTableDetails> {
  const { schema, table } = request;
  return session.withTarget(request.target, request.signal, (target) =>
    inReadOnly(target, (reading) => readTableDetails(reading, schema, table)),
  );
}
