import * as vscode from 'vscode';
import { settingIds } from '../../ids.ts';
import type { Embedding } from '../host.ts';
import { EmbeddingSettings } from './embedding-settings.ts';

/** The embedding endpoint of this user. */
export function createEmbedding({ context }: { readonly context: vscode.ExtensionContext }): Embedding {
  const settings = new EmbeddingSettings({
    endpoint: () => ofTheUser(settingIds.embeddingEndpoint),
    model: () => ofTheUser(settingIds.embeddingModel),
    async saveSettings(endpoint, model) {
      const configuration = vscode.workspace.getConfiguration();
      await configuration.update(settingIds.embeddingEndpoint, endpoint, vscode.ConfigurationTarget.Global);
      await configuration.update(settingIds.embeddingModel, model, vscode.ConfigurationTarget.Global);
    },
    secrets: context.secrets,
    memory: context.globalState,
    isAllowed: () => vscode.workspace.isTrusted,
  });
  context.subscriptions.push(
    vscode.workspace.onDidGrantWorkspaceTrust(() => settings.changed()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(settingIds.embeddingEndpoint) || change.affectsConfiguration(settingIds.embeddingModel))
        settings.changed();
    }),
  );
  return settings;
}

/** The scope of these settings keeps those of a workspace out already; a repository must not choose where texts are sent to. */
function ofTheUser(id: string): string {
  return vscode.workspace.getConfiguration().inspect<string>(id)?.globalValue ?? '';
}
