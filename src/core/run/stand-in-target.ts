import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { EngineDeps } from '../engine-deps.ts';
import type { TargetChoice } from './requests.ts';

/** An embedded target that the first run will make. A server's database is made on request only, so its absence is told as an error. */
export function isUnmade(choice: TargetChoice): boolean {
  return choice.kind === 'embedded' && (!existsSync(choice.directory) || readdirSync(choice.directory).length === 0);
}

/** An empty throw-away database instead of one that looking would create where the user wants it. */
export function standInFor(choice: TargetChoice, deps: EngineDeps): TargetChoice {
  if (choice.kind !== 'embedded' || !isUnmade(choice)) return choice;
  return { ...choice, directory: path.join(deps.scratchDirectory, 'empty-target') };
}
