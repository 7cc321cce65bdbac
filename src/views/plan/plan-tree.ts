import type { SchemaChange } from '../../core/model/schema-diff.ts';
import type { Plan } from '../../core/plan/plan-schema.ts';
import type { PlanFacts } from '../../editors/language/plan-facts.ts';
import type { PlanState } from '../../host/host.ts';
import { commandIds } from '../../ids.ts';
import { errorNode, messageItem } from '../messages.ts';
import type { SluiceNode } from '../nodes.ts';
import type { NodeTree, Translate } from '../tree-item-spec.ts';
import { changeItem, changesItem, planColumnItem, planTableItem, remarkItem, type PlanItemSpec } from './plan-items.ts';
import { planRemarks, tableRemarks, type PlanRemark } from './plan-remarks.ts';

export interface PlanTreeParts {
  /** The active plan. */
  readonly state: () => PlanState | null;
  readonly facts: (state: PlanState) => PlanFacts;
  readonly t: Translate;
}

/** Tables → remarks and columns; then what the plan changes in the target, as of the last comparison; then notes. */
export class PlanTree implements NodeTree {
  readonly #parts: PlanTreeParts;
  /** A text that is not a plan for a moment, while one types, does not fold the tree. */
  #last: { readonly uri: string; readonly plan: Plan } | null = null;

  constructor(parts: PlanTreeParts) {
    this.#parts = parts;
  }

  children(node: SluiceNode | undefined): readonly SluiceNode[] {
    const state = this.#parts.state();
    if (state === null) return [];
    const plan = this.#planOf(state);
    const uri = state.uri.toString();
    if (plan === null) return node === undefined ? problemNodes(state) : [];
    if (node === undefined) {
      const tables = plan.tables.map((_, table): SluiceNode => ({ kind: 'plan-table', uri, table }));
      return [
        ...tables,
        ...this.#changes(state, uri),
        ...planRemarks(plan).map(({ id }): SluiceNode => ({ kind: 'plan-remark', uri, id })),
      ];
    }
    if (node.kind === 'plan-table') {
      const remarks = tableRemarks(plan, node.table, this.#parts.t);
      const columns = plan.tables[node.table]?.columns ?? [];
      return [
        ...remarks.map(({ id }): SluiceNode => ({ kind: 'plan-remark', uri, id: `${node.table}/${id}` })),
        ...columns.map((_, column): SluiceNode => ({ kind: 'plan-column', uri, table: node.table, column })),
      ];
    }
    if (node.kind !== 'plan-changes') return [];
    return changesOf(state, node.change).map((_, index) => ({ kind: 'plan-change', uri, change: node.change, index }));
  }

  item(node: SluiceNode): PlanItemSpec {
    const state = this.#parts.state();
    const plan = state === null ? null : this.#planOf(state);
    if (node.kind === 'message') return this.#message(node);
    return (state === null || plan === null ? null : this.#itemOf(node, state, plan)) ?? { label: '', state: 'leaf', context: 'gone' };
  }

  /** What stands above the rows: why the plan does not fit any more, or cannot be read. */
  message(): string {
    const state = this.#parts.state();
    const { t } = this.#parts;
    if (state === null) return '';
    const errors = state.problems.filter(({ severity }) => severity === 'error').length;
    const broken =
      errors === 0
        ? ''
        : errors === 1
          ? t('1 error in the plan file. See Problems.')
          : t('{0} errors in the plan file. See Problems.', errors);
    return [broken, state.stale ?? ''].filter((part) => part !== '').join(' ');
  }

  #itemOf(node: SluiceNode, state: PlanState, plan: Plan): PlanItemSpec | null {
    const { t } = this.#parts;
    switch (node.kind) {
      case 'plan-table': {
        const table = plan.tables[node.table];
        const rows = this.#sourceTable(state, plan, node.table)?.rows ?? null;
        return table === undefined ? null : planTableItem(table, node.table, rows, plan.options.onReject === 'stop', t);
      }
      case 'plan-column': {
        const table = plan.tables[node.table];
        const column = table?.columns[node.column];
        const source = this.#sourceTable(state, plan, node.table)?.columns.find(({ name }) => name === column?.from);
        const path = ['tables', node.table, 'columns', node.column];
        return table === undefined || column === undefined
          ? null
          : planColumnItem(column, table.primaryKey.includes(column.to), source?.declared ?? null, path, t);
      }
      case 'plan-remark': {
        const remark = this.#remark(plan, node.id);
        return remark === undefined ? null : remarkItem(remark);
      }
      case 'plan-changes':
        return changesItem(node.change, changesOf(state, node.change), t);
      case 'plan-change': {
        const change = changesOf(state, node.change)[node.index];
        return change === undefined ? null : changeItem(change);
      }
      default:
        return null;
    }
  }

  /** `3/note:7` belongs to a table, `note:7` to the plan. */
  #remark(plan: Plan, id: string): PlanRemark | undefined {
    const slash = id.indexOf('/');
    const remarks = slash < 0 ? planRemarks(plan) : tableRemarks(plan, Number(id.slice(0, slash)), this.#parts.t);
    return remarks.find((remark) => remark.id === id.slice(slash + 1));
  }

  #changes(state: PlanState, uri: string): readonly SluiceNode[] {
    const { t } = this.#parts;
    const { value, loading, error } = state.diff;
    if (value !== null) return (['adds', 'alters', 'deletes'] as const).map((change) => ({ kind: 'plan-changes', uri, change }));
    if (loading) return [{ kind: 'message', id: comparing, text: t('Comparing with the target…') }];
    return error === null ? [{ kind: 'message', id: comparing, text: t('Compare with the target') }] : [errorNode(comparing, error)];
  }

  #message(node: Extract<SluiceNode, { kind: 'message' }>): PlanItemSpec {
    const { t } = this.#parts;
    const item = messageItem(node);
    const isOffer = node.id === comparing && this.#parts.state()?.diff.loading === false;
    if (isOffer) return { ...item, icon: { id: 'diff-multiple' }, command: { id: commandIds.diffSchemas, title: t('Diff Schemas') } };
    const place = /^problem:(.*)$/.exec(node.id)?.[1];
    return place === undefined ? item : { ...item, path: JSON.parse(place) as (string | number)[] };
  }

  #sourceTable(state: PlanState, plan: Plan, index: number): ReturnType<PlanFacts['table']> {
    const table = plan.tables[index];
    const path = table === undefined ? undefined : plan.sources[table.source]?.path;
    return typeof path === 'string' && typeof table?.from === 'string' ? this.#parts.facts(state).table(path, table.from) : null;
  }

  #planOf(state: PlanState): Plan | null {
    const uri = state.uri.toString();
    if (state.plan !== null) this.#last = { uri, plan: state.plan };
    return this.#last?.uri === uri ? this.#last.plan : null;
  }
}

const comparing = 'plan comparing';
const mostProblems = 20;

function problemNodes(state: PlanState): readonly SluiceNode[] {
  const errors = state.problems.filter(({ severity }) => severity === 'error').slice(0, mostProblems);
  return errors.map(({ message, path }) => ({ kind: 'message', id: `problem:${JSON.stringify(path)}`, text: message, error: true }));
}

function changesOf(state: PlanState, change: 'adds' | 'deletes' | 'alters'): readonly SchemaChange[] {
  return state.diff.value?.[change] ?? [];
}
