import * as vscode from 'vscode';
import type { Host, RunEntry } from '../../host/host.ts';
import { askPlan } from './ask-plan.ts';

/** A run of this window knows its file; for one of the history it is found by the plan's name. */
export async function planOfRun(host: Host, run: RunEntry): Promise<vscode.Uri> {
  if (run.planUri !== null) return run.planUri;
  if (host.plans.active?.plan?.name === run.name) return host.plans.active.uri;
  const named = await vscode.workspace.findFiles(`**/${run.name}.sluice.json`, '**/node_modules/**', 1);
  return named[0] ?? (await askPlan(host, undefined)).uri;
}
