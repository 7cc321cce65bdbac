import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** The hand-written plans of the five reference systems: name → text. Those with a sample stand beside it. */
export function goldenPlans(): ReadonlyMap<string, string> {
  const files = ['test/golden/plans/*.sluice.json', 'samples/*/*.sluice.json'].flatMap((pattern) => globSync(join(root, pattern)));
  return new Map(files.toSorted().map((file) => [basename(file, '.sluice.json'), readFileSync(file, 'utf8')]));
}

export function goldenPlan(name: string): string {
  const text = goldenPlans().get(name);
  if (text === undefined) throw new Error(`no plan ${name}`);
  return text;
}
