import * as vscode from 'vscode';
import { commandIds, viewIds } from '../ids.ts';
import type { Command } from './command.ts';

export const discoverSources: Command = {
  id: commandIds.discoverSources,
  async run(host) {
    await vscode.commands.executeCommand(`${viewIds.sources}.focus`);
    await vscode.window.withProgress({ location: { viewId: viewIds.sources } }, () => host.stores.discover());
  },
};
