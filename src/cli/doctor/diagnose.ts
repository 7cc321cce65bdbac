import { toErrorShape, type ErrorShape, type TargetDiagnosis } from '../../core/index.ts';
import { engineVersion } from '../engine-version.ts';
import { checkNatives, type NativePart } from './check-natives.ts';

/** `sluice doctor --json`. `error` stands there as in every failure when the target cannot be reached. */
export interface Diagnosis {
  readonly healthy: boolean;
  readonly sluice: string;
  readonly node: string;
  readonly platform: string;
  readonly natives: readonly NativePart[];
  /** null when there is no embedded target yet and none was named. */
  readonly target: TargetDiagnosis | { readonly name: string } | null;
  readonly error?: ErrorShape;
}

export async function diagnose(targetName: string, look: (() => Promise<TargetDiagnosis>) | null): Promise<Diagnosis> {
  const natives = await checkNatives();
  const facts = { sluice: engineVersion, node: process.versions.node, platform: `${process.platform} ${process.arch}`, natives };
  const sound = natives.every((part) => part.problem === null);
  if (look === null) return { healthy: sound, ...facts, target: null };
  try {
    return { healthy: sound, ...facts, target: await look() };
  } catch (error) {
    return { healthy: false, ...facts, target: { name: targetName }, error: toErrorShape(error) };
  }
}
