import type { TargetTree } from '../../model/target-tree.ts';
import { readTargetTree } from '../../target/browse-target.ts';
import { inReadOnly } from '../../target/read-only.ts';
import type { TargetChoice } from '../requests.ts';
import type { BrowseSession } from './browse-session.ts';

/** Schemas, tables and views with sizes and the server's estimates. */
export function targetTree(
  request: { readonly target: TargetChoice; readonly signal: AbortSignal },
  session: BrowseSession,
): Promise<TargetTree> {
  return session.withTarget(request.target, request.signal, (target) => inReadOnly(target, readTargetTree));
}
