import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'jsonc-parser';
import { MigrationError } from '../core/index.ts';
import { hasGlobSigns } from '../core/model/store-location.ts';
import { readPlan } from '../core/plan/read-plan.ts';

/** What a path argument names: a plan file (by its content) or a store. Paths are absolute. */
export type Input =
  | { readonly kind: 'plan'; readonly path: string; readonly text: string; /** The target that the plan names. */ readonly profile: string }
  | { readonly kind: 'location'; readonly path: string };

/** Throws `path-not-found`, and `invalid-plan` before anything is opened or made. */
export function readInput(word: string, cwd: string): Input {
  const path = existingPath(word, cwd);
  if (!mayBePlan(path)) return { kind: 'location', path };
  const text = readFileSync(path, 'utf8');
  if (!isPlanName(path) && !isPlanLike(parse(text))) return { kind: 'location', path };
  return { kind: 'plan', path, text, profile: readPlan(text, { path: word }).target.profile };
}

/** Throws `bad-usage` for what is no plan file, and as `readInput` does. */
export function readPlanFile(word: string, cwd: string): Extract<Input, { readonly kind: 'plan' }> {
  const input = readInput(word, cwd);
  if (input.kind === 'plan') return input;
  throw new MigrationError('bad-usage', { context: { detail: `${word} is not a plan file`, hint: 'Name a plan (*.sluice.json).' } });
}

/** Absolute path of something that is there, or a glob, which the engine expands. Throws `path-not-found`. */
export function existingPath(word: string, cwd: string): string {
  const path = resolve(cwd, word);
  if (statSync(path, { throwIfNoEntry: false }) === undefined && !hasGlobSigns(word))
    throw new MigrationError('path-not-found', { context: { path: word } });
  return path;
}

/** Larger files are stores: a plan of a thousand tables has a few megabytes. */
const largestPlan = 32 * 1024 * 1024;

function mayBePlan(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true || stat.size > largestPlan) return false;
  return isPlanName(path) || /\.jsonc?$/.test(path);
}

function isPlanName(path: string): boolean {
  return /\.sluice\.jsonc?$/.test(path);
}

function isPlanLike(content: unknown): boolean {
  return typeof content === 'object' && content !== null && 'version' in content && 'sources' in content && 'tables' in content;
}
