import * as vscode from 'vscode';
import { confirmProtected } from '../commands/ask/confirm-writing.ts';
import type { EngineEvent } from '../core/engine-deps.ts';
import { MigrationError } from '../core/errors.ts';
import type { DuplicatesResult } from '../core/model/duplicates.ts';
import { panelIds } from '../ids.ts';
import type {
  DuplicatesPanelMethods,
  DuplicatesPanelProgress,
  DuplicatesPanelSearch,
  DuplicatesPanelTable,
} from '../protocol/duplicates-panel.ts';
import type { VectorPanelSubject } from '../protocol/panel-subjects.ts';
import { commonAnswers } from './common-answers.ts';
import type { PanelDeps } from './panel-deps.ts';
import type { OpenPanel, PanelHandlers, PanelKind } from './panel-host.ts';
import { rowsCondition } from './row-condition.ts';
import { isVectorSubject } from './subjects.ts';

/** Pairs that are shown. */
const limit = 1_000;

export function duplicatesPanel(deps: PanelDeps): PanelKind<VectorPanelSubject, DuplicatesPanelMethods> {
  return {
    viewType: panelIds.duplicates,
    page: 'duplicates',
    title: (subject) => vscode.l10n.t('{0}.{1}: Near-Duplicates', subject.table, subject.column),
    handlers: (subject, panel) => duplicatesAnswers(deps, subject, panel),
    parse: (state) => (isVectorSubject(state) ? state : null),
  };
}

function duplicatesAnswers(deps: PanelDeps, subject: VectorPanelSubject, panel: OpenPanel): PanelHandlers<DuplicatesPanelMethods> {
  const { engines, targets, panels } = deps;
  const { profile, schema, table, column } = subject;
  const target = () => targets.resolve(profile);
  const describe = async (signal?: AbortSignal) =>
    engines.browse('vectorColumn', { target: await target(), schema, table, column }, signal);
  /** In a process of its own: it may take minutes, and its end is the end of it. */
  const search = async (
    { threshold, metric, exact }: DuplicatesPanelSearch,
    into: { readonly schema: string; readonly table: string; readonly columns: readonly string[] | null } | null,
    signal: AbortSignal,
  ): Promise<DuplicatesResult> =>
    engines.runAlone(
      'duplicates',
      {
        target: await target(),
        schema,
        table,
        column,
        threshold,
        metric,
        exact,
        into,
        limit: into === null ? limit : 1,
        payload: into === null,
      },
      { signal, onEvent: (event) => tellProgress(panel, event) },
    );
  return {
    ...commonAnswers(),
    async ready(_params, signal) {
      const { dimensions, indexes } = await describe(signal);
      return { subject, dimensions, indexes, limit };
    },
    search: (wanted, signal) => search(wanted, null, signal),
    async previewTable(wanted, signal) {
      const into = toTable(wanted, schema);
      return engines.browse('pairTable', { target: await target(), schema, table, column, into }, signal);
    },
    async writeTable({ threshold, metric, exact, ...wanted }, signal) {
      const into = toTable(wanted, schema);
      const what = vscode.l10n.t('Pairs of {0} are written into {1}.', `${schema}.${table}`, `${into.schema}.${into.table}`);
      if (!(await isAllowed(deps, profile, what))) return null;
      const result = await search({ threshold, metric, exact }, into, signal);
      targets.reload(profile);
      return result.into;
    },
    openNeighbours({ key }) {
      panels.openNeighbours({ ...subject, key });
      return null;
    },
    async openRows({ keys }) {
      panels.openRows({ side: 'target', profile, schema, table, filter: rowsCondition((await describe()).columns, keys) });
      return null;
    },
  };
}

function tellProgress(panel: OpenPanel, event: EngineEvent): void {
  if (event.type !== 'progress') return;
  const { rows, totalRows, secondsLeft } = event;
  panel.tell('progress', { rows, totalRows, secondsLeft } satisfies DuplicatesPanelProgress);
}

/** A dot parts schema and table; a table with a dot in its name can be named in a terminal only. */
function toTable({ table, columns }: DuplicatesPanelTable, schema: string) {
  const [first = '', second, ...more] = table.trim().split('.');
  const names = second === undefined ? { schema, table: first } : { schema: first, table: second };
  if (more.length > 0 || names.schema === '' || names.table === '') {
    throw new MigrationError('bad-usage', {
      context: { detail: `"${table}" does not name a table`, hint: 'Write a name, or schema.name.' },
    });
  }
  return { ...names, columns };
}

async function isAllowed(deps: PanelDeps, profile: string, what: string): Promise<boolean> {
  try {
    await confirmProtected(deps, profile, what);
    return true;
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'cancelled') return false;
    throw error;
  }
}
