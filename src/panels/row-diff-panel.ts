import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CompareRowsRequest } from '../core/run/browse-requests.ts';
import { showValueDiff } from '../editors/virtual-texts.ts';
import { panelIds } from '../ids.ts';
import type { RowDiffPanelSubject } from '../protocol/panel-subjects.ts';
import type { RowDiffPanelMethods } from '../protocol/row-diff-panel.ts';
import { commonAnswers } from './common-answers.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { PanelHandlers, PanelKind } from './panel-host.ts';
import { isRowDiffSubject } from './subjects.ts';

export function rowDiffPanel(deps: PanelDeps): PanelKind<RowDiffPanelSubject, RowDiffPanelMethods> {
  return {
    viewType: panelIds.rowDiff,
    page: 'row-diff',
    title: (subject) => vscode.l10n.t('{0}: Row Diff', subject.table.slice(subject.table.indexOf('.') + 1)),
    handlers: (subject) => rowDiffAnswers(deps, subject),
    parse: (state) => (isRowDiffSubject(state) ? state : null),
  };
}

type Comparison = Pick<CompareRowsRequest, 'input' | 'target' | 'table'>;

function rowDiffAnswers({ engines, targets, panels }: PanelDeps, subject: RowDiffPanelSubject): PanelHandlers<RowDiffPanelMethods> {
  const comparison = async (): Promise<Comparison> => {
    const planPath = subject.input.kind === 'plan' ? { planPath: subject.input.path } : {};
    return { input: await inputOf(subject), target: await targets.resolve(subject.profile, planPath), table: subject.table };
  };
  const place = async (): Promise<{ readonly location: string; readonly table: string } | null> => sourceOf(engines, await comparison());
  return {
    ...commonAnswers(),
    async ready() {
      const source = await place();
      return {
        subject,
        sourceLabel: source === null ? vscode.l10n.t('source') : path.basename(source.location),
        targetLabel: targets.find(subject.profile)?.profile.label ?? subject.profile,
      };
    },
    async compare(_params, signal) {
      return engines.browse('compareRows', await comparison(), signal);
    },
    async equalRows(params, signal) {
      return engines.browse('equalRows', { ...(await comparison()), ...params }, signal);
    },
    async openCellDiff({ source, target, title }) {
      await showValueDiff(title, source, target);
      return null;
    },
    async goToSource() {
      const source = await place();
      if (source !== null) panels.openRows({ side: 'source', ...source });
      return null;
    },
  };
}

/** An unsaved plan counts as it is in the editor. */
async function inputOf({ input }: RowDiffPanelSubject): Promise<CompareRowsRequest['input']> {
  if (input.kind === 'run') return input;
  const open = vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'file' && document.uri.fsPath === input.path);
  return { kind: 'plan', path: input.path, text: open?.getText() ?? (await readFile(input.path, 'utf8')) };
}

/** Where the compared table's rows are in the source; null when nobody can tell. */
async function sourceOf(
  engines: PanelDeps['engines'],
  { input, target, table }: Comparison,
): Promise<{ readonly location: string; readonly table: string } | null> {
  if (input.kind === 'location') return null;
  if (input.kind === 'run') {
    const report = await engines.browse('report', { target, runId: input.runId });
    const outcome = report.tables.find(({ to }) => to === table);
    const location = report.sources.find(({ name }) => name === outcome?.source)?.location;
    return outcome === undefined || location === undefined ? null : { location, table: outcome.from };
  }
  const { validatePlan } = await import('../core/plan/validate-plan.ts');
  const { plan } = validatePlan(input.text);
  const planned = plan?.tables.find(
    ({ to }) => `${typeof to === 'string' ? `${plan.target.schema}.${to}` : `${to.schema}.${to.table}`}` === table,
  );
  const source = planned === undefined ? undefined : plan?.sources[planned.source];
  if (typeof planned?.from !== 'string' || typeof source?.path !== 'string') return null;
  return { location: path.resolve(path.dirname(input.path), source.path), table: planned.from };
}
