import { getNodePath, type Node } from 'jsonc-parser';
import type { FoundProblem } from '../plan-problem.ts';

/** What JSON allows and a plan must not have, because something the user wrote would be lost: a key twice, a number that is not kept exactly. */
export function checkJson(node: Node): readonly FoundProblem[] {
  return [...duplicateKeys(node), ...inexactNumber(node), ...(node.children ?? []).flatMap(checkJson)];
}

function duplicateKeys(node: Node): readonly FoundProblem[] {
  if (node.type !== 'object') return [];
  const seen = new Set<unknown>();
  return (node.children ?? []).flatMap((property): FoundProblem[] => {
    const key: unknown = property.children?.[0]?.value;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ severity: 'error', message: `"${String(key)}" stands twice in this object.`, path: getNodePath(property) as (string | number)[] }];
  });
}

function inexactNumber(node: Node): readonly FoundProblem[] {
  if (node.type !== 'number' || Math.abs(node.value as number) <= Number.MAX_SAFE_INTEGER) return [];
  const message = 'This number is too large to be read exactly; write it as text, or a default as { "sql": "…" }.';
  return [{ severity: 'error', message, path: getNodePath(node) as (string | number)[] }];
}
