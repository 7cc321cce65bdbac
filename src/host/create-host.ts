import * as vscode from 'vscode';
import { createPanels } from '../panels/panels.ts';
import { createEmbedding } from './embedding/create-embedding.ts';
import { createEngines } from './engines/create-engines.ts';
import type { Host } from './host.ts';
import { createPlans } from './plans/create-plans.ts';
import { createRuns } from './runs/create-runs.ts';
import { createStores } from './stores/create-stores.ts';
import { createTargets } from './targets/create-targets.ts';

/** The editor's only composition root. Nothing is started here: engines start at their first use. */
export function createHost(context: vscode.ExtensionContext): Host {
  const log = vscode.window.createOutputChannel('Sluice', { log: true });
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const entry = (name: string): string => vscode.Uri.joinPath(dist, name).fsPath;
  const version = (context.extension.packageJSON as { readonly version: string }).version;
  const engines = createEngines({
    engineEntry: entry('engine-process.js'),
    embeddedEntry: entry('embedded-process.js'),
    environment: process.env,
    engineVersion: version,
    log,
    now: () => Date.now(),
  });
  const embedding = createEmbedding({ context });
  const targets = createTargets({ context, engines });
  const stores = createStores({ context, engines });
  const plans = createPlans({ context, engines, targets });
  const runs = createRuns({ context, engines, targets });
  const panels = createPanels({ context, embedding, engines, targets, plans, runs, log });
  context.subscriptions.push(log, { dispose: () => void engines.dispose() });
  return { context, log, embedding, engines, stores, targets, plans, runs, panels };
}
