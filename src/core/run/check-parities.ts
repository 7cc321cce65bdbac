import type { ParityCheck } from '../model/discrepancy.ts';
import type { Plan } from '../plan/plan-schema.ts';
import type { TargetAddress } from '../target/target.ts';
import type { EffectivePlan } from './effective-plan.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Row differences kept of each pair. */
const shownDifferences = 20;

export interface ParitySettings {
  readonly queries: Plan['parity'];
  /** Only some tables of the plan belong to the run, so that its queries may ask for what is not there. */
  readonly partial: boolean;
  /** Nothing of what the queries gave may be kept. */
  readonly redactValues: boolean;
}

export function parityOf({ plan, overrides }: EffectivePlan, redactValues: boolean): ParitySettings {
  return { queries: plan.parity, partial: overrides.tables !== undefined, redactValues };
}

/** The pairs of queries of a plan, one after the other, so that their times can be compared. */
export async function checkParities(
  { queries, partial, redactValues }: ParitySettings,
  sources: FrozenSources,
  pool: WorkerPool,
  address: TargetAddress,
  signal: AbortSignal,
): Promise<readonly ParityCheck[]> {
  const checks: ParityCheck[] = [];
  for (const { name, on, source, target } of queries) {
    if (partial) {
      checks.push(skipped(name));
      continue;
    }
    const { snapshot } = sourceNamed(sources, on ?? [...sources.keys()][0] ?? '');
    const check = await pool.run('parity', { snapshot, address, pair: { name, source, target }, limit: shownDifferences }, signal);
    checks.push(redactValues ? redacted(check) : check);
  }
  return checks;
}

/** What a server says of a query it refuses may quote values. */
function redacted(check: ParityCheck): ParityCheck {
  return { ...check, differences: [], message: check.message === null ? null : 'a query was refused' };
}

function skipped(name: string): ParityCheck {
  const nothing = { sourceRows: null, targetRows: null, sourceSeconds: null, targetSeconds: null, differences: [] };
  return { name, status: 'skipped', ...nothing, message: 'only some tables of the plan were run' };
}
