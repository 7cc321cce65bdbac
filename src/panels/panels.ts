import type * as vscode from 'vscode';
import type { Panels } from '../host/host.ts';
import { neighboursPanel } from './neighbours-panel.ts';
import type { PanelDeps } from './panel-deps.ts';
import { PanelHost } from './panel-host.ts';
import { reportPanel } from './report-panel.ts';
import { rowDiffPanel } from './row-diff-panel.ts';
import { rowsPanel } from './rows-panel.ts';

export interface PanelsSettings extends Omit<PanelDeps, 'panels'> {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
}

export function createPanels({ context, log, ...settings }: PanelsSettings): Panels {
  const panels: Panels = {
    openRows: (subject) => rows.show(subject),
    openRowDiff: (subject) => rowDiff.show(subject),
    openNeighbours: (subject) => neighbours.show(subject),
    openReport: (subject) => report.show(subject),
  };
  const deps: PanelDeps = { ...settings, panels };
  const rows = new PanelHost(rowsPanel(deps), context.extensionUri, log);
  const rowDiff = new PanelHost(rowDiffPanel(deps), context.extensionUri, log);
  const neighbours = new PanelHost(neighboursPanel(deps), context.extensionUri, log);
  const report = new PanelHost(reportPanel(deps), context.extensionUri, log);
  for (const host of [rows, rowDiff, neighbours, report]) context.subscriptions.push(host.register(), host);
  return panels;
}
