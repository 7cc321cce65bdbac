import { getLocation } from 'jsonc-parser';
import type { PlanFacts } from './plan-facts.ts';
import { namesAt, type PlanName } from './plan-names.ts';
import { outlinePlan } from './plan-outline.ts';

/** A proposal: `insert` replaces the text from `start` to `end` (offsets). In order, best first. */
export interface PlanCompletion extends PlanName {
  readonly insert: string;
  readonly start: number;
  readonly end: number;
}

/** Names that may stand at the offset, quoted. Keys and fixed words come from the JSON Schema, so none of them are here. */
export function completePlan(text: string, offset: number, facts: PlanFacts): readonly PlanCompletion[] {
  const location = getLocation(text, offset);
  if (location.isAtPropertyKey) return [];
  const names = namesAt(outlinePlan(text), location.path, facts);
  if (names === null) return [];
  const { start, end } = rangeAt(text, offset, location.previousNode);
  return names.map((item) => ({ ...item, insert: JSON.stringify(item.name), start, end }));
}

type Location = ReturnType<typeof getLocation>;

/** The value under the cursor, else the bare word before it. */
function rangeAt(text: string, offset: number, node: Location['previousNode']): { readonly start: number; readonly end: number } {
  const inside = node !== undefined && node.type !== 'property' && offset >= node.offset && offset <= node.offset + node.length;
  if (inside) return { start: node.offset, end: node.offset + node.length };
  const word = /[\w.()]*$/.exec(text.slice(0, offset))?.[0] ?? '';
  return { start: offset - word.length, end: offset };
}
