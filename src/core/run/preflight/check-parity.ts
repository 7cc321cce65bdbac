import type { EffectivePlan } from '../effective-plan.ts';
import type { FrozenSources } from '../frozen-sources.ts';
import { foundError, type Found } from './finding.ts';

/** Parity queries to stores that have no SQL cannot be asked. Those of a run of some tables are skipped anyway. */
export function checkParity({ plan, overrides }: Pick<EffectivePlan, 'plan' | 'overrides'>, sources: FrozenSources): readonly Found[] {
  if (overrides.tables !== undefined) return [];
  const [first = ''] = sources.keys();
  const unasked = plan.parity.filter(({ on = first }) => sources.get(on)?.snapshot.capabilities.sql === false);
  if (unasked.length === 0) return [];
  const queries = unasked.map(({ name, on = first }) => `"${name}" (${on}: ${sources.get(on)?.snapshot.kind ?? ''})`);
  return [foundError('parity-without-sql', { queries })];
}
