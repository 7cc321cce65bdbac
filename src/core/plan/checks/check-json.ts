import { getNodePath, type Node } from 'jsonc-parser';

/** A problem that is known by its place in the text: `path` would find the first of two equal keys. */
export interface JsonProblem {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly offset: number;
}

/** What JSON allows and a plan must not have, because something the user wrote would be lost: a key twice, a number that is not kept exactly. */
export function checkJson(node: Node): readonly JsonProblem[] {
  return [...duplicateKeys(node), ...inexactNumber(node), ...(node.children ?? []).flatMap(checkJson)];
}

function duplicateKeys(node: Node): readonly JsonProblem[] {
  if (node.type !== 'object') return [];
  const seen = new Set<unknown>();
  return (node.children ?? []).flatMap((property): readonly JsonProblem[] => {
    const key: unknown = property.children?.[0]?.value;
    if (seen.has(key)) return [{ message: `"${String(key)}" stands twice in this object.`, path: pathOf(node), offset: property.offset }];
    seen.add(key);
    return [];
  });
}

function inexactNumber(node: Node): readonly JsonProblem[] {
  if (node.type !== 'number' || Math.abs(node.value as number) <= Number.MAX_SAFE_INTEGER) return [];
  const message = 'This number is too large to be read exactly; write it as text, or a default as { "sql": "…" }.';
  return [{ message, path: pathOf(node), offset: node.offset }];
}

function pathOf(node: Node): readonly (string | number)[] {
  return getNodePath(node);
}
