import * as vscode from 'vscode';

/** sluice-ddl: a side of a schema diff. sluice-sql: a previewed script. sluice-value: a value of a cell. sluice-checks: what a look at a connection found. */
export type VirtualScheme = 'sluice-ddl' | 'sluice-sql' | 'sluice-value' | 'sluice-checks';

const schemes: readonly VirtualScheme[] = ['sluice-ddl', 'sluice-sql', 'sluice-value', 'sluice-checks'];

/** By their address. A document asks for its text once, so this lives as long as the documents do. */
const texts = new Map<string, { text: string; shown: boolean }>();
const changed = new vscode.EventEmitter<vscode.Uri>();
/** Of texts that were made and never looked at, these many are kept. */
const mostUnseen = 1_000;

/**
 * Makes a read-only document of a text and gives its address; the same address again replaces the text, also where it is open. `path` begins
 * with `/` and is shown; `query` tells documents apart and is not.
 */
export function putVirtualText(scheme: VirtualScheme, path: string, text: string, query = ''): vscode.Uri {
  const uri = vscode.Uri.from({ scheme, path, query });
  const key = uri.toString();
  const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === key);
  texts.delete(key);
  texts.set(key, { text, shown: isOpen });
  if (isOpen) changed.fire(uri);
  const unseen = [...texts].filter(([, entry]) => !entry.shown);
  for (const [old] of unseen.slice(0, Math.max(0, unseen.length - mostUnseen))) texts.delete(old);
  return uri;
}

/** Opens a text in a read-only tab. The language follows the end of the title; what is no value or list of checks is SQL without one. */
export async function showVirtualText(scheme: VirtualScheme, title: string, text: string): Promise<void> {
  const name = scheme === 'sluice-value' || scheme === 'sluice-checks' || title.endsWith('.sql') ? title : `${title}.sql`;
  await vscode.window.showTextDocument(putVirtualText(scheme, `/${fileName(name)}`, text), { preview: true });
}

/** Two values in the editor's own diff: the source's on the left, the target's on the right. */
export async function showValueDiff(title: string, source: string, target: string): Promise<void> {
  const name = fileName(title);
  const left = putVirtualText('sluice-value', `/source/${name}`, source);
  const right = putVirtualText('sluice-value', `/target/${name}`, target);
  await vscode.commands.executeCommand('vscode.diff', left, right, title);
}

/** A name for one step of a path, whatever is in it. */
export function fileName(title: string): string {
  return title.replace(/[/\\]/g, '∕');
}

export function registerVirtualTexts(): vscode.Disposable[] {
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent(uri) {
      const entry = texts.get(uri.toString());
      // After a reload of the window the tab is there again, but nobody knows its text any more.
      if (entry === undefined) return vscode.l10n.t('-- This text is no longer there. Run the command again.');
      entry.shown = true;
      return entry.text;
    },
  };
  return [
    ...schemes.map((scheme) => vscode.workspace.registerTextDocumentContentProvider(scheme, provider)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (texts.get(uri.toString())?.shown === true) texts.delete(uri.toString());
    }),
    { dispose: () => texts.clear() },
  ];
}
