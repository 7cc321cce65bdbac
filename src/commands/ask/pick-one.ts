import * as vscode from 'vscode';
import { answered } from './cancelled.ts';

/**
 * An entry of a list; Escape ends the command. The list stays when it loses the focus: a page that has just been opened, or whose palette has just been
 * closed, takes the focus a moment later, and the question would be gone before it was read.
 */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: Omit<vscode.QuickPickOptions, 'canPickMany' | 'ignoreFocusOut'>,
): Promise<T> {
  return answered(await vscode.window.showQuickPick(items, { ...options, ignoreFocusOut: true }));
}
