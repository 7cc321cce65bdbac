type Environment = Readonly<Record<string, string | undefined>>;

/**
 * For a process that we fork: without the editor's own variables, which would make it behave as a part of the editor, and without what may hold a
 * password (PG*, addresses of databases): whoever needs an address is told it in a request.
 */
export function childEnvironment(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    return value !== undefined && !/^(VSCODE_|PG)/.test(name) && !/^postgres(ql)?:\/\//i.test(value);
  });
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}
