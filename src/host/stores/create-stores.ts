import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { contextKeys, settingIds } from '../../ids.ts';
import type { Engines } from '../engines.ts';
import type { Stores } from '../host.ts';
import { isUntouched } from '../loaded.ts';
import { excludeGlob, inChunks } from './candidate-files.ts';
import { StoreWatchers } from './store-watchers.ts';
import { StoresModel } from './stores-model.ts';

const addedKey = 'sluice.addedStores';
/** Files that one search looks at. */
const mostFiles = 5_000;

/** Stores of the workspace. Nothing happens before somebody asks for a search. */
export function createStores({ context, engines }: { readonly context: vscode.ExtensionContext; readonly engines: Engines }): Stores {
  const watchers = new StoreWatchers((file) => reloadIfShown(stores, file));
  const stores = new StoresModel({
    engines,
    isAllowed: () => vscode.workspace.isTrusted,
    searchesByItself: () => vscode.workspace.getConfiguration().get<boolean>(settingIds.discoveryEnabled, true),
    findFiles,
    sampleRows: () => vscode.workspace.getConfiguration().get<number>(settingIds.inspectSampleRows, 10_000),
    readAdded: () => context.workspaceState.get<readonly string[]>(addedKey, []),
    keepAdded: (paths) => void context.workspaceState.update(addedKey, paths),
    onList: (list, discovered) => {
      watchers.watch(list.map((store) => store.path));
      setContext(contextKeys.hasSources, list.length > 0);
      if (discovered) setContext(contextKeys.discovered, true);
    },
  });
  const engineState = engines.onDidChangeState((state) => setContext(contextKeys.nativeMissing, state.kind === 'failed'));
  context.subscriptions.push(stores, watchers, engineState);
  return stores;
}

/** What nobody has looked at yet is read when somebody does. */
function reloadIfShown(stores: Stores, file: string): void {
  const store = stores.list.find((entry) => entry.path === file);
  if (store !== undefined && !isUntouched(store.summary)) stores.reload(file);
}

async function findFiles(signal: AbortSignal): Promise<readonly string[]> {
  const excluded = vscode.workspace.getConfiguration().get<readonly string[]>(settingIds.discoveryExclude, []);
  const cancellation = new vscode.CancellationTokenSource();
  const cancel = (): void => cancellation.cancel();
  signal.addEventListener('abort', cancel);
  try {
    const found = await vscode.workspace.findFiles('**/*', excludeGlob(excluded), mostFiles, cancellation.token);
    return await withContent(found.filter((uri) => uri.scheme === 'file').map((uri) => uri.fsPath));
  } finally {
    signal.removeEventListener('abort', cancel);
    cancellation.dispose();
  }
}

/** An empty file is no store. */
async function withContent(paths: readonly string[]): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const some of inChunks(paths, 100)) {
    const sizes = await Promise.all(
      some.map((file) =>
        stat(file).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    kept.push(...some.filter((_, index) => (sizes[index] ?? 0) > 0).map((file) => path.normalize(file)));
  }
  return kept;
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
