/** Plans are told by their name: `<name>.sluice.json`. */
export const planFileGlob = '**/*.sluice.json';

export function isPlanFile(uri: { readonly path: string }): boolean {
  return uri.path.endsWith('.sluice.json');
}

/** Schemes of files that a person edits; the left side of a source control diff (`git:`) is none. */
export const planSchemes = ['file', 'untitled', 'vscode-vfs', 'vscode-test-web'] as const;
