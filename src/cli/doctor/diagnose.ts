import { toErrorShape, type ConnectionCheck, type ErrorShape, type TargetDiagnosis, type TargetExamination } from '../../core/index.ts';
import { engineVersion } from '../engine-version.ts';
import { checkNatives, type NativePart } from './check-natives.ts';

/** `sluice doctor --json`. `error` stands there as in every failure when a check of the target failed. */
export interface Diagnosis {
  readonly healthy: boolean;
  readonly sluice: string;
  readonly node: string;
  readonly platform: string;
  readonly natives: readonly NativePart[];
  /** null when there is no embedded target yet and none was named. */
  readonly target: TargetDiagnosis | { readonly name: string } | null;
  /** In the order of looking; none when no target was looked at. */
  readonly checks: readonly ConnectionCheck[];
  readonly error?: ErrorShape;
}

export async function diagnose(targetName: string, look: (() => Promise<TargetExamination>) | null): Promise<Diagnosis> {
  const natives = await checkNatives();
  const facts = { sluice: engineVersion, node: process.versions.node, platform: `${process.platform} ${process.arch}`, natives };
  const sound = natives.every((part) => part.problem === null);
  if (look === null) return { healthy: sound, ...facts, target: null, checks: [] };
  try {
    const { checks, diagnosis, error } = await look();
    const target = diagnosis ?? { name: targetName };
    return { healthy: sound && error === null, ...facts, target, checks, ...(error === null ? {} : { error }) };
  } catch (error) {
    return { healthy: false, ...facts, target: { name: targetName }, checks: [], error: toErrorShape(error) };
  }
}
