/** One step from a document down to an element: a key of an object, each element of an array, or each entry of a map. */
export type PathStep = { readonly key: string } | { readonly each: 'element' | 'entry' };

/**
 * `$` the document, `.key` or `["any key"]` a key of an object, `[*]` each element of an array, `.*` each entry of a map: the path of a table's rows
 * inside of a document. null when the text is none.
 */
export function parseDocumentPath(text: string): readonly PathStep[] | null {
  if (!text.startsWith('$')) return null;
  const steps: PathStep[] = [];
  for (let at = 1; at < text.length; at = nextStep.lastIndex) {
    nextStep.lastIndex = at;
    const found = nextStep.exec(text);
    if (found === null) return null;
    const [whole, bare, quoted] = found;
    if (bare !== undefined) steps.push({ key: bare });
    else if (quoted !== undefined) {
      const key = jsonText(quoted);
      if (key === null) return null;
      steps.push({ key });
    } else steps.push({ each: whole === '[*]' ? 'element' : 'entry' });
  }
  return steps;
}

export function formatDocumentPath(steps: readonly PathStep[]): string {
  return `$${steps.map(formatStep).join('')}`;
}

const nextStep = /\[\*\]|\.\*|\.([^\s.*"'[\]]+)|\[("(?:[^"\\]|\\.)*")\]/suy;
const bareKey = /^[^\s.*"'[\]]+$/u;

function formatStep(step: PathStep): string {
  if ('each' in step) return step.each === 'element' ? '[*]' : '.*';
  return bareKey.test(step.key) ? `.${step.key}` : `[${JSON.stringify(step.key)}]`;
}

function jsonText(text: string): string | null {
  try {
    return JSON.parse(text) as string;
  } catch {
    return null;
  }
}
