import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { Bench } from './engine.ts';

/** Looks at a target; the function that it gives fails when anything was made or changed in it since. An embedded database that is unmade stays so. */
export async function watchTarget({ choice, target }: Bench): Promise<() => Promise<void>> {
  if (choice.kind === 'embedded' && !existsSync(choice.directory)) {
    return () => Promise.resolve(assert.ok(!existsSync(choice.directory), 'the embedded target was made'));
  }
  const before = await target.dump();
  return async () => assert.equal(await target.dump(), before, 'the target was changed');
}
