import * as vscode from 'vscode';
import { contextKeys, settingIds } from '../../ids.ts';
import type { Engines } from '../engines.ts';
import type { SavedTarget } from '../host.ts';
import type { EnvFile } from './environment-variables.ts';
import { TargetProfiles } from './target-profiles.ts';
import { TargetsModel } from './targets-model.ts';

const envFile = '.env';

/** Targets of this window: the embedded one, those of the environment and of `.env` files, and those that the user saved. */
export function createTargets({
  context,
  engines,
}: {
  readonly context: vscode.ExtensionContext;
  readonly engines: Engines;
}): TargetsModel {
  const profiles = new TargetProfiles({
    base: () => firstFolder()?.uri.fsPath ?? null,
    embeddedSetting: () => vscode.workspace.getConfiguration().get<string>(settingIds.embeddedDirectory, ''),
    environment: process.env,
    readEnvFiles,
    workspaceMemory: context.workspaceState,
    globalMemory: context.globalState,
    secrets: context.secrets,
    askPassword,
  });
  const targets = new TargetsModel({
    engines,
    profiles,
    memory: context.workspaceState,
    isAllowed: () => vscode.workspace.isTrusted,
    onList: (list) => void vscode.commands.executeCommand('setContext', contextKeys.hasTargets, list.length > 0),
  });
  const look = (): void => void targets.readVariables();
  context.subscriptions.push(
    targets,
    ...watchEnvFiles(look),
    vscode.workspace.onDidGrantWorkspaceTrust(look),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(settingIds.embeddedDirectory)) targets.refreshList();
    }),
  );
  look();
  return targets;
}

/** Folders on a disk; those of a virtual file system cannot hold a database. */
function firstFolder(): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
}

/** At the roots of the workspace, in their order. */
async function readEnvFiles(): Promise<readonly EnvFile[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const files = await Promise.all(
    folders.map(async ({ uri, name }): Promise<EnvFile | null> => {
      try {
        const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(uri, envFile));
        return { origin: folders.length === 1 ? envFile : `${name}/${envFile}`, text: new TextDecoder().decode(bytes) };
      } catch {
        return null;
      }
    }),
  );
  return files.filter((file) => file !== null);
}

/** One watcher for every folder there is or will be. */
function watchEnvFiles(changed: () => void): vscode.Disposable[] {
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${envFile}`);
  const atRoot = (uri: vscode.Uri): void => {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder !== undefined && vscode.Uri.joinPath(folder.uri, envFile).toString() === uri.toString()) changed();
  };
  return [watcher, watcher.onDidChange(atRoot), watcher.onDidCreate(atRoot), watcher.onDidDelete(atRoot)];
}

function askPassword(target: SavedTarget): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Password for {0}', target.name),
    prompt: vscode.l10n.t('It is kept in the secret storage. Leave it empty when the server asks for none.'),
    password: true,
    ignoreFocusOut: true,
  });
}
