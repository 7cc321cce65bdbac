import type * as vscode from 'vscode';
import type { Panels } from '../host/host.ts';
import { duplicatesPanel } from './duplicates-panel.ts';
import { healthPanel } from './health-panel.ts';
import { neighboursPanel } from './neighbours-panel.ts';
import {
  duplicatesChecks,
  healthChecks,
  neighboursChecks,
  reportChecks,
  rowDiffChecks,
  rowsChecks,
  vectorMapChecks,
} from './panel-checks.ts';
import type { PanelDeps } from './panel-deps.ts';
import { PanelHost } from './panel-host.ts';
import { reportPanel } from './report-panel.ts';
import { rowDiffPanel } from './row-diff-panel.ts';
import { rowsPanel } from './rows-panel.ts';
import { vectorMapPanel } from './vector-map-panel.ts';

export interface PanelsSettings extends Omit<PanelDeps, 'panels'> {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
}

export function createPanels({ context, log, ...settings }: PanelsSettings): Panels {
  const panels: Panels = {
    openRows: (subject) => rows.show(subject),
    openRowDiff: (subject) => rowDiff.show(subject),
    openNeighbours: (subject) => neighbours.show(subject),
    openDuplicates: (subject) => duplicates.show(subject),
    openHealth: (subject) => health.show(subject),
    openReport: (subject) => report.show(subject),
    openVectorMap: (subject) => vectorMap.show(subject),
  };
  const deps: PanelDeps = { ...settings, panels };
  const parts = { extensionUri: context.extensionUri, log };
  const rows = new PanelHost(rowsPanel(deps), rowsChecks, parts);
  const rowDiff = new PanelHost(rowDiffPanel(deps), rowDiffChecks, parts);
  const neighbours = new PanelHost(neighboursPanel(deps), neighboursChecks, parts);
  const duplicates = new PanelHost(duplicatesPanel(deps), duplicatesChecks, parts);
  const health = new PanelHost(healthPanel(deps), healthChecks, parts);
  const report = new PanelHost(reportPanel(deps), reportChecks, parts);
  const vectorMap = new PanelHost(vectorMapPanel(deps), vectorMapChecks, parts);
  for (const host of [rows, rowDiff, neighbours, duplicates, health, report, vectorMap]) context.subscriptions.push(host.register(), host);
  return panels;
}
