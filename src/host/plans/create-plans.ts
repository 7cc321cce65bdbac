import * as vscode from 'vscode';
import type { TextEdit } from '../../core/plan/edit/set-values.ts';
import { contextKeys } from '../../ids.ts';
import type { Engines } from '../engines.ts';
import type { Plans, Targets } from '../host.ts';
import { isPlanFile, planFileGlob, planSchemes } from './is-plan-file.ts';
import { PlansModel } from './plans-model.ts';

const lastKey = 'sluice.lastPlan';

export interface PlansParts {
  readonly context: vscode.ExtensionContext;
  readonly engines: Engines;
  readonly targets: Targets;
}

/** The active plan follows the active editor; without one it is the last plan of this workspace, or its only one. */
export function createPlans({ context, engines, targets }: PlansParts): Plans {
  const plans = new PlansModel({
    engines,
    targets,
    isTrusted: () => vscode.workspace.isTrusted,
    readText,
    show: async (uri) => void (await vscode.window.showTextDocument(uri, { preview: false })),
    apply,
    onActive: (uri) => {
      void vscode.commands.executeCommand('setContext', contextKeys.hasPlan, uri !== null);
      void context.workspaceState.update(lastKey, uri?.toString());
    },
  });
  context.subscriptions.push(plans, ...followEditors(plans), ...followFiles(plans));
  void chooseFirst(plans, context.workspaceState.get<string>(lastKey));
  return plans;
}

function followEditors(plans: PlansModel): vscode.Disposable[] {
  return [
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined && isPlan(editor.document.uri)) void quietly(plans.activate(editor.document.uri));
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => plans.textChanged(document.uri)),
    // Edits that were not saved are gone with the document.
    vscode.workspace.onDidCloseTextDocument(({ uri }) => plans.textChanged(uri)),
  ];
}

function followFiles(plans: PlansModel): vscode.Disposable[] {
  const watcher = vscode.workspace.createFileSystemWatcher(planFileGlob);
  return [
    watcher,
    watcher.onDidChange((uri) => plans.textChanged(uri)),
    watcher.onDidDelete((uri) => plans.forget(uri)),
    watcher.onDidCreate((uri) => {
      if (plans.active === null) void quietly(plans.activate(uri));
    }),
  ];
}

async function chooseFirst(plans: PlansModel, last: string | undefined): Promise<void> {
  const shown = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors].find(
    (editor) => editor !== undefined && isPlan(editor.document.uri),
  );
  const candidates = [...(shown === undefined ? [] : [shown.document.uri]), ...(last === undefined ? [] : [vscode.Uri.parse(last)])];
  for (const uri of candidates) {
    if (plans.active === null && (await quietly(plans.activate(uri)))) return;
  }
  const [only, second] = await vscode.workspace.findFiles(planFileGlob, '**/node_modules/**', 2);
  if (plans.active === null && only !== undefined && second === undefined) await quietly(plans.activate(only));
}

/** A plan that cannot be read is not made active; there is nothing more to say about it. */
function quietly(activated: Promise<unknown>): Promise<boolean> {
  return activated.then(
    () => true,
    () => false,
  );
}

function isPlan(uri: vscode.Uri): boolean {
  return isPlanFile(uri) && (planSchemes as readonly string[]).includes(uri.scheme);
}

async function readText(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

async function apply(uri: vscode.Uri, edits: readonly TextEdit[]): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of edits) {
    edit.replace(uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), content);
  }
  await vscode.workspace.applyEdit(edit);
}
