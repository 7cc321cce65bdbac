import type * as vscode from 'vscode';

/** Even the same message puts off the drawing of the tree by 200 ms, so it is set only when it is another. '' = none. */
export function setViewMessage(view: vscode.TreeView<unknown>, message: string): void {
  if ((view.message ?? '') !== message) view.message = message;
}
