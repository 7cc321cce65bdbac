type Environment = Readonly<Record<string, string | undefined>>;

/** For a forked engine: without the editor's own variables, which would make it behave as a part of the editor. */
export function engineEnvironment(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('VSCODE_'),
  );
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}
