import type { VerifyRequest } from '../core/index.ts';
import { isRunId } from './command.ts';
import { readInput } from './read-input.ts';
import type { TargetWish } from './target-choice.ts';

/** What to compare, from a word that names a run, a plan file or a store, and where it says that the target is. `flag`: `--target`. Throws as `readInput` does. */
export function readVerified(
  word: string,
  flag: string | undefined,
  cwd: string,
): { readonly input: VerifyRequest['input']; readonly wish: TargetWish } {
  if (isRunId(word)) return { input: { kind: 'run', runId: word }, wish: { flag } };
  const input = readInput(word, cwd);
  if (input.kind === 'location') return { input, wish: { flag } };
  return {
    input: { kind: 'plan', text: input.text, path: input.path },
    wish: { flag, planPath: input.path, profile: input.profile },
  };
}
