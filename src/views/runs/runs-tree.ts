import type { RunEntry, Runs } from '../../host/host.ts';
import { loadingNode, messageItem, stateNodes } from '../messages.ts';
import type { SluiceNode } from '../nodes.ts';
import type { NodeTree, Translate, TreeItemSpec } from '../tree-item-spec.ts';
import { runItem } from './run-item.ts';
import { rejectItem, rejectsItem, runTableItem, type RunTable } from './run-table-item.ts';

export interface RunsTreeParts {
  readonly runs: Pick<Runs, 'list' | 'find' | 'loading' | 'report' | 'loadReport'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly t: Translate;
}

/** Runs → tables and rejects. Of a live run the tables come from its progress, of one that is over from its result or the report in the target. */
export class RunsTree implements NodeTree {
  readonly #parts: RunsTreeParts;

  constructor(parts: RunsTreeParts) {
    this.#parts = parts;
  }

  children(node: SluiceNode | undefined): readonly SluiceNode[] {
    const { runs } = this.#parts;
    if (node === undefined) return runs.list.map(({ key }) => ({ kind: 'run', key }));
    if (node.kind === 'run') return this.#partsOf(node);
    if (node.kind === 'group' && node.parent.kind === 'run') return this.#rejects(node.parent.key);
    return [];
  }

  item(node: SluiceNode): TreeItemSpec {
    const { runs, now, t } = this.#parts;
    switch (node.kind) {
      case 'run': {
        const run = runs.find(node.key);
        return run === undefined ? gone(node.key) : runItem(run, now(), t);
      }
      case 'run-table': {
        const run = runs.find(node.key);
        const tables = run === undefined ? [] : this.#tables(run);
        const table = tables.find(({ name }) => name === node.table);
        return table === undefined ? gone(node.table) : runTableItem(table, commonSchema(tables), t);
      }
      case 'group':
        return node.parent.kind === 'run' ? rejectsItem(node.label, runs.find(node.parent.key)?.rejects ?? 0) : gone(node.label);
      case 'run-reject': {
        const reject = runs.report(node.key).value?.rejects.shown[node.index];
        return reject === undefined ? gone('') : rejectItem(reject);
      }
      case 'message':
        return messageItem(node);
      default:
        return gone(node.kind);
    }
  }

  #partsOf(node: Extract<SluiceNode, { kind: 'run' }>): readonly SluiceNode[] {
    const { runs, t } = this.#parts;
    const { key } = node;
    const run = runs.find(key);
    if (run === undefined) return [];
    const fromTarget = run.activity !== 'run' && run.result === null && run.runId !== null;
    if (fromTarget) runs.loadReport(key);
    const tables = this.#tables(run).map((table): SluiceNode => ({ kind: 'run-table', key, table: table.name }));
    const rejects: SluiceNode[] =
      run.rejects > 0 && run.runId !== null ? [{ kind: 'group', id: 'rejects', parent: node, label: t('Rejects') }] : [];
    const problem: SluiceNode[] =
      run.error === null
        ? []
        : [{ kind: 'message', id: `${key} failure`, text: run.error.message, error: run.status === 'failed', remedy: run.error.remedy }];
    const missing = fromTarget && !run.live ? stateNodes(runs.report(key), key, t) : [];
    const nothing: SluiceNode[] = [{ kind: 'message', id: `${key} empty`, text: t('No tables') }];
    const all = [...problem, ...missing, ...tables, ...rejects];
    return all.length === 0 && !run.live ? nothing : all;
  }

  #tables(run: RunEntry): readonly RunTable[] {
    if (run.activity === 'run') return run.progress?.tables ?? [];
    // How much is missing of a table whose run stopped, nobody has counted.
    const state = ['failed', 'cancelled', 'running'].includes(run.status) ? 'left' : 'over';
    const outcomes = run.result?.tables ?? this.#parts.runs.report(run.key).value?.tables ?? [];
    const verification = run.result?.verification ?? this.#parts.runs.report(run.key).value?.verification;
    return outcomes.map((table) => {
      const verified = verification?.tables.find((candidate) => candidate.table === table.to);
      const differing = verified === undefined ? 0 : verified.missing + verified.extra + verified.different;
      return { name: table.to, state, rows: table.rowsWritten, rejects: table.rowsRejected, seconds: table.seconds, differing };
    });
  }

  #rejects(key: string): readonly SluiceNode[] {
    const { runs, t } = this.#parts;
    runs.loadReport(key);
    const report = runs.report(key);
    const { value } = report;
    if (value === null) return report.error === null ? [loadingNode(`${key} rejects`, t)] : stateNodes(report, `${key} rejects`, t);
    const shown = value.rejects.shown.map((_, index): SluiceNode => ({ kind: 'run-reject', key, index }));
    const rest = value.rejects.total - shown.length;
    return rest <= 0 ? shown : [...shown, { kind: 'message', id: `${key} more`, text: t('{0} more in the report', rest) }];
  }
}

/** "public." when every table is in one schema, so that their names are enough. */
function commonSchema(tables: readonly RunTable[]): string {
  const [first] = tables;
  const dot = first?.name.indexOf('.') ?? -1;
  const schema = dot < 0 || first === undefined ? '' : first.name.slice(0, dot + 1);
  return tables.every(({ name }) => name.startsWith(schema)) ? schema : '';
}

function gone(label: string): TreeItemSpec {
  return { label, state: 'leaf', context: 'gone' };
}
