import { readPlan } from '../plan/read-plan.ts';
import { compilePlan } from '../plan/compile-plan.ts';
import { planHash } from '../plan/plan-hash.ts';
import type { CompiledPlan } from '../plan/compiled-plan.ts';
import type { Plan } from '../plan/plan-schema.ts';
import type { RunOverrides } from './requests.ts';

/** A plan as it runs: the file's words with the caller's settings laid over them. */
export interface EffectivePlan {
  readonly plan: Plan;
  readonly compiled: CompiledPlan;
  /** Of the file alone, so that a resume finds its run whatever settings are repeated. */
  readonly hash: string;
  readonly text: string;
  readonly overrides: RunOverrides;
  readonly vectorSchema: string | null;
}

/** `path` names the file in messages; `vectorSchema` is where the target keeps pgvector, if it has it already. */
export function makeEffectivePlan(text: string, path: string, overrides: RunOverrides, vectorSchema: string | null = null): EffectivePlan {
  const filed = readPlan(text, { path });
  const plan: Plan = {
    ...filed,
    target: { ...filed.target, schema: overrides.schema ?? filed.target.schema },
    options: {
      ...filed.options,
      mode: overrides.mode ?? filed.options.mode,
      onReject: overrides.onReject ?? filed.options.onReject,
      maxRejects: overrides.maxRejects === undefined ? filed.options.maxRejects : overrides.maxRejects,
      jobs: overrides.jobs ?? filed.options.jobs,
    },
  };
  const compiled = compileFor({ plan, overrides, vectorSchema });
  return { plan, compiled, hash: planHash(filed), text, overrides, vectorSchema };
}

/** The same plan in a target that has some of its objects already (`schema.name` each): their statements are left out. */
export function withExisting(effective: EffectivePlan, existing: ReadonlySet<string>): EffectivePlan {
  return { ...effective, compiled: compileFor(effective, existing) };
}

/** Names of the sources that its tables come from, or that its parity queries ask. */
export function sourcesRead({ plan, compiled, overrides }: Pick<EffectivePlan, 'plan' | 'compiled' | 'overrides'>): ReadonlySet<string> {
  const asked = overrides.tables === undefined ? plan.parity.map(({ on }) => on ?? Object.keys(plan.sources)[0] ?? '') : [];
  return new Set([...compiled.tables.map(({ source }) => source), ...asked]);
}

function compileFor(
  { plan, overrides, vectorSchema }: Pick<EffectivePlan, 'plan' | 'overrides' | 'vectorSchema'>,
  existing: ReadonlySet<string> = new Set(),
): CompiledPlan {
  return compilePlan(plan, {
    ...(overrides.tables === undefined ? {} : { only: overrides.tables }),
    ...(vectorSchema === null ? {} : { vectorSchema }),
    ...(overrides.partitions === undefined ? {} : { partitions: overrides.partitions }),
    ...(overrides.earlier === undefined ? {} : { earlier: overrides.earlier }),
    existing,
  });
}
