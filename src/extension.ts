import type * as vscode from 'vscode';
import { registerCommands } from './commands/register-commands.ts';
import { registerEditors } from './editors/register-editors.ts';
import { createHost } from './host/create-host.ts';
import type { Host } from './host/host.ts';
import { registerViews } from './views/register-views.ts';

let host: Host | undefined;

export function activate(context: vscode.ExtensionContext): void {
  host = createHost(context);
  for (const register of [registerViews, registerCommands, registerEditors]) context.subscriptions.push(...register(host));
}

/** Engines end with the window; a run under way can be resumed. */
export async function deactivate(): Promise<void> {
  await host?.engines.dispose();
}
