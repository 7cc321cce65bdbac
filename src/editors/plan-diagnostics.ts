import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import type { PlanFinding } from './language/plan-findings.ts';
import { planFactsOf } from './plan-facts-of.ts';
import { isPlanDocument } from './plan-selector.ts';

/** Milliseconds without an edit before a plan is checked again. */
const quiet = 150;

/** Checks every open plan and keeps Problems up to date. Needs neither trust nor an engine. */
export function registerPlanDiagnostics(host: Host): vscode.Disposable[] {
  const collection = vscode.languages.createDiagnosticCollection('sluice');
  const timers = new Map<string, NodeJS.Timeout>();
  const later = (document: vscode.TextDocument, delay: number): void => {
    if (!isPlanDocument(document)) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        void check(host, document, collection);
      }, delay),
    );
  };
  const activeChanged = host.plans.onDidChange((state) => {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === state?.uri.toString());
    if (document !== undefined) later(document, 0);
  });
  for (const document of vscode.workspace.textDocuments) later(document, 0);
  return [
    collection,
    activeChanged,
    vscode.workspace.onDidOpenTextDocument((document) => later(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => later(document, quiet)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      clearTimeout(timers.get(uri.toString()));
      collection.delete(uri);
    }),
    { dispose: () => timers.forEach((timer) => clearTimeout(timer)) },
  ];
}

async function check(host: Host, document: vscode.TextDocument, collection: vscode.DiagnosticCollection): Promise<void> {
  const { findPlanProblems, validatePlan } = await import('./language/plan-language.ts');
  if (document.isClosed) return;
  const text = document.getText();
  const findings = findPlanProblems(text, validatePlan(text), planFactsOf(host, document.uri).stale);
  collection.set(
    document.uri,
    findings.map((finding) => toDiagnostic(document, finding)),
  );
}

const severities: Readonly<Record<PlanFinding['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

function toDiagnostic(document: vscode.TextDocument, finding: PlanFinding): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(finding.start), document.positionAt(finding.end));
  const diagnostic = new vscode.Diagnostic(range, finding.message, severities[finding.severity]);
  diagnostic.source = 'Sluice';
  return diagnostic;
}
