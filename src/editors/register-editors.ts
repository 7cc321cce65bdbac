import type * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import { registerPlanCodeActions } from './plan-code-actions.ts';
import { registerPlanCodeLenses } from './plan-code-lenses.ts';
import { registerPlanCompletions } from './plan-completion-provider.ts';
import { registerPlanDiagnostics } from './plan-diagnostics.ts';
import { registerPlanHovers } from './plan-hover-provider.ts';
import { registerVirtualTexts } from './virtual-texts.ts';

/** What helps to read and write plan files, and the read-only documents that commands show. */
export function registerEditors(host: Host): vscode.Disposable[] {
  const services = [registerPlanDiagnostics, registerPlanCodeActions, registerPlanCodeLenses, registerPlanCompletions, registerPlanHovers];
  return [...services.flatMap((register) => register(host)), ...registerVirtualTexts()];
}
