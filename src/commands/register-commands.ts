import * as vscode from 'vscode';
import { MigrationError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import type { Command } from './command.ts';
import { commands } from './index.ts';
import { showError } from './show-error.ts';

/** What works in a workspace that is not trusted: looking at the log. Everything else opens files or starts an engine. */
const withoutTrust: ReadonlySet<string> = new Set([commandIds.showLog, commandIds.openPlan]);

export function registerCommands(host: Host): vscode.Disposable[] {
  return commands.map((command) => vscode.commands.registerCommand(command.id, (...args: readonly unknown[]) => call(host, command, args)));
}

async function call(host: Host, command: Command, args: readonly unknown[]): Promise<void> {
  try {
    if (!vscode.workspace.isTrusted && !withoutTrust.has(command.id)) throw new MigrationError('workspace-not-trusted');
    await command.run(host, ...args);
  } catch (error) {
    showError(host, error);
  }
}
