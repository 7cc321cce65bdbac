/** Says in the shape of every other error why this Node cannot run Sluice, or null. Imports nothing, so that it works everywhere. */
export function nodeProblem(version: string): NodeProblem | null {
  if (Number.parseInt(version, 10) >= 22) return null;
  return {
    code: 'node-too-old',
    kind: 'terminal',
    message: `Sluice needs Node.js 22 or newer; this is ${version}.`,
    remedy: 'Install a current Node.js, or start Sluice through npm in its own folder (npm exec sluice), which brings one along.',
    context: { version },
  };
}

interface NodeProblem {
  readonly code: 'node-too-old';
  readonly kind: 'terminal';
  readonly message: string;
  readonly remedy: string;
  readonly context: { readonly version: string };
}
