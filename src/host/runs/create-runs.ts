import * as vscode from 'vscode';
import { contextKeys } from '../../ids.ts';
import type { Engines } from '../engines.ts';
import type { Runs, Targets } from '../host.ts';
import { RunsModel } from './runs-model.ts';
import { UnfinishedRuns } from './unfinished-runs.ts';

interface RunsParts {
  readonly context: Pick<vscode.ExtensionContext, 'workspaceState'>;
  readonly engines: Engines;
  readonly targets: Targets;
}

/** Runs of this window; whoever shows them asks for the histories. */
export function createRuns({ context, engines, targets }: RunsParts): Runs {
  const unfinished = new UnfinishedRuns(context.workspaceState);
  const runs = new RunsModel({ engines, targets, now: () => Date.now(), unfinished, parseUri: (uri) => vscode.Uri.parse(uri) });
  const told = new Map<string, boolean>();
  const setContext = (key: string, value: boolean): void => {
    if (told.get(key) === value) return;
    told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const describe = (): void => {
    const { list } = runs;
    setContext(contextKeys.hasRuns, list.length > 0);
    setContext(
      contextKeys.running,
      list.some(({ live }) => live),
    );
  };
  runs.onDidChange(describe);
  describe();
  return runs;
}
