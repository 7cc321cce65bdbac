import * as vscode from 'vscode';
import type { SluiceNode } from '../views/nodes.ts';

type Kind = SluiceNode['kind'];

/** The tree node that a menu or a code lens passed, when it is one of these kinds. */
export function nodeOf<K extends Kind>(argument: unknown, ...kinds: readonly K[]): Extract<SluiceNode, { kind: K }> | null {
  if (typeof argument !== 'object' || argument === null) return null;
  const { kind } = argument as { readonly kind?: unknown };
  return typeof kind === 'string' && (kinds as readonly string[]).includes(kind) ? (argument as Extract<SluiceNode, { kind: K }>) : null;
}

/** The file that the explorer, an editor's title or a code lens passed; code lenses wrap it in an object. */
export function uriOf(argument: unknown): vscode.Uri | null {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument !== 'object' || argument === null) return null;
  const { uri } = argument as { readonly uri?: unknown };
  if (uri instanceof vscode.Uri) return uri;
  return typeof uri === 'string' ? vscode.Uri.parse(uri) : null;
}
