import * as vscode from 'vscode';
import { commandIds, panelIds } from '../ids.ts';
import type { HealthPanelMethods, HealthPanelProgress } from '../protocol/health-panel.ts';
import type { VectorPanelSubject } from '../protocol/panel-subjects.ts';
import { commonAnswers } from './common-answers.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { OpenPanel, PanelHandlers, PanelKind } from './panel-host.ts';
import { rowCondition } from './row-condition.ts';
import { isVectorSubject } from './subjects.ts';

export function healthPanel(deps: PanelDeps): PanelKind<VectorPanelSubject, HealthPanelMethods> {
  return {
    viewType: panelIds.health,
    page: 'health',
    title: (subject) => vscode.l10n.t('{0}.{1}: Vector Health', subject.table, subject.column),
    handlers: (subject, panel) => healthAnswers(deps, subject, panel),
    parse: (state) => (isVectorSubject(state) ? state : null),
  };
}

function healthAnswers(
  { engines, targets, panels }: PanelDeps,
  subject: VectorPanelSubject,
  panel: OpenPanel,
): PanelHandlers<HealthPanelMethods> {
  const { profile, schema, table, column } = subject;
  return {
    ...commonAnswers(),
    ready: () => ({ subject }),
    async check(_params, signal) {
      const target = await targets.resolve(profile);
      return engines.runAlone(
        'vectorHealth',
        { target, schema, table, column },
        {
          signal,
          onEvent(event) {
            if (event.type !== 'scan') return;
            const { scan, at, of } = event;
            panel.tell('progress', { scan, at, of } satisfies HealthPanelProgress);
          },
        },
      );
    },
    async openRow({ key }) {
      const { columns } = await engines.browse('rowsTable', {
        subject: { side: 'target', target: await targets.resolve(profile), schema, table },
      });
      panels.openRows({ side: 'target', profile, schema, table, filter: rowCondition(columns, key) });
      return null;
    },
    async backfill() {
      await vscode.commands.executeCommand(commandIds.backfillEmbeddings, { kind: 'target-column', profile, schema, table, column });
      return null;
    },
    findDuplicates() {
      panels.openDuplicates(subject);
      return null;
    },
  };
}
