import * as vscode from 'vscode';
import { contextKeys } from '../../ids.ts';
import type { Engines } from '../engines.ts';
import type { Runs, Targets } from '../host.ts';
import { RunsModel } from './runs-model.ts';

/** Runs of this window; whoever shows them asks for the histories. */
export function createRuns({ engines, targets }: { readonly engines: Engines; readonly targets: Targets }): Runs {
  const runs = new RunsModel({ engines, targets, now: () => Date.now() });
  const told = new Map<string, boolean>();
  const setContext = (key: string, value: boolean): void => {
    if (told.get(key) === value) return;
    told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  runs.onDidChange(() => {
    const { list } = runs;
    setContext(contextKeys.hasRuns, list.length > 0);
    setContext(
      contextKeys.running,
      list.some(({ live }) => live),
    );
  });
  return runs;
}
