import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { StoreSummary } from '../core/model/store-summary.ts';
import type { Host } from '../host/host.ts';
import { isUntouched } from '../host/loaded.ts';
import type { PlanFacts } from './language/plan-facts.ts';

/** What the window knows about the sources and targets of a plan. A store that nobody has read yet is read in the background. */
export function planFactsOf({ stores, targets, plans }: Pick<Host, 'stores' | 'targets' | 'plans'>, uri: vscode.Uri): PlanFacts {
  const summaryOf = (path: string): StoreSummary | null => {
    const location = resolve(dirname(uri.fsPath), path);
    const store = stores.list.find((entry) => entry.path === location);
    if (store !== undefined && isUntouched(store.summary) && vscode.workspace.isTrusted) stores.load(location);
    return store?.summary.value ?? null;
  };
  const { active } = plans;
  return {
    table: (path, name) => summaryOf(path)?.tables.find((table) => table.name === name) ?? null,
    tables: (path) => summaryOf(path)?.tables.map(({ name }) => name) ?? [],
    profiles: targets.list.map(({ profile }) => ({ id: profile.id, detail: profile.detail })),
    stale: active?.uri.toString() === uri.toString() ? active.stale : null,
  };
}
