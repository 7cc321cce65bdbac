import * as vscode from 'vscode';
import { commandIds, panelIds } from '../ids.ts';
import type { ReportPanelSubject } from '../protocol/panel-subjects.ts';
import type { ReportPanelInit, ReportPanelMethods } from '../protocol/report-panel.ts';
import { commonAnswers } from './common-answers.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { PanelHandlers, PanelKind } from './panel-host.ts';
import { fileNameOf } from './file-name-of.ts';
import { isReportSubject } from './subjects.ts';

export function reportPanel(deps: PanelDeps): PanelKind<ReportPanelSubject, ReportPanelMethods> {
  return {
    viewType: panelIds.report,
    page: 'report',
    title: (subject) => vscode.l10n.t('{0}: Report', deps.runs.find(subject.runId)?.name ?? subject.runId),
    handlers: (subject) => reportAnswers(deps, subject),
    parse: (state) => (isReportSubject(state) ? state : null),
  };
}

function reportAnswers(
  { engines, targets, plans, runs, panels }: PanelDeps,
  subject: ReportPanelSubject,
): PanelHandlers<ReportPanelMethods> {
  const { profile, runId } = subject;
  const read = async (): Promise<ReportPanelInit> => ({
    subject,
    report: await engines.browse('report', { target: await targets.resolve(profile), runId }),
  });
  /** Commands ask, check and tell by themselves. */
  const perform = async (command: string): Promise<null> => {
    await vscode.commands.executeCommand(command, runs.find(runId) === undefined ? undefined : { kind: 'run', key: runs.find(runId)?.key });
    return null;
  };
  return {
    ...commonAnswers(),
    ready: read,
    async save({ format }) {
      const file = await askFile(runs.find(runId)?.name ?? runId, format);
      if (file === undefined) return null;
      const text = await engines.browse('renderReport', { target: await targets.resolve(profile), runId, format });
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
      return { path: vscode.workspace.asRelativePath(file) };
    },
    openRows({ table }) {
      panels.openRows({ side: 'target', profile, ...splitLabel(table) });
      return null;
    },
    openHealth({ table, column }) {
      panels.openHealth({ profile, ...splitLabel(table), column });
      return null;
    },
    openRowDiff({ table }) {
      panels.openRowDiff({ profile, input: { kind: 'run', runId }, table });
      return null;
    },
    async openPlan() {
      const uri = runs.find(runId)?.planUri ?? plans.active?.uri;
      if (uri !== undefined) await plans.open(uri);
      return null;
    },
    async verifyAgain() {
      await perform(commandIds.verifyMigration);
      return read();
    },
    rollBack: () => perform(commandIds.rollBackRun),
    resume: () => perform(commandIds.resumeRun),
  };
}

/** `schema.table`. */
function splitLabel(label: string): { readonly schema: string; readonly table: string } {
  const dot = label.indexOf('.');
  return { schema: label.slice(0, dot), table: label.slice(dot + 1) };
}

async function askFile(name: string, format: 'md' | 'html' | 'json'): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Report'),
    filters: { [format.toUpperCase()]: [format] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `${fileNameOf(name)}-report.${format}`) }),
  });
}
