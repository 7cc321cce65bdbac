import type { ExistingOutcome } from '../../core/index.ts';
import type { RunEntry, Runs } from '../../host/host.ts';
import { formatCount } from '../format-quantity.ts';
import { errorNode, loadingNode, messageItem, stateNodes } from '../messages.ts';
import type { SluiceNode } from '../nodes.ts';
import type { NodeTree, Translate, TreeItemSpec } from '../tree-item-spec.ts';
import { runItem } from './run-item.ts';
import { orphanItem, orphansItem } from './orphan-item.ts';
import { orphansOf, type TableOrphans } from './orphans-of.ts';
import { rejectItem, rejectsItem } from './reject-item.ts';
import { runTableItem, type RunTable } from './run-table-item.ts';

export interface RunsTreeParts {
  readonly runs: Pick<Runs, 'list' | 'find' | 'loading' | 'report' | 'loadReport' | 'rejects' | 'loadRejects'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly t: Translate;
}

/** Runs → tables → rejected rows, and rows without a parent. Of a live run the tables come from its progress, of one that is over from its result or the report in the target. */
export class RunsTree implements NodeTree {
  readonly #parts: RunsTreeParts;

  constructor(parts: RunsTreeParts) {
    this.#parts = parts;
  }

  children(node: SluiceNode | undefined): readonly SluiceNode[] {
    const { runs } = this.#parts;
    if (node === undefined) return runs.list.map(({ key }) => ({ kind: 'run', key }));
    if (node.kind === 'run') return this.#partsOf(node);
    if (node.kind === 'run-table') return this.#listsOf(node);
    if (node.kind === 'run-rejects') return this.#rejects(node);
    if (node.kind === 'run-orphans') return this.#orphans(node);
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
      case 'run-rejects':
        return rejectsItem(this.#rejectsOf(node), t);
      case 'run-reject': {
        const reject = runs.rejects(node.key, node.table).at(node.index);
        // A page that "Load more" has reached; it is drawn again when it is here.
        if (reject === undefined) runs.loadRejects(node.key, node.table, node.index);
        return reject === undefined ? messageItem(loadingNode(node.key, t)) : rejectItem(reject, t);
      }
      case 'run-orphans':
        return orphansItem(this.#orphansOf(node).total, t);
      case 'run-orphan': {
        const orphan = this.#orphansOf(node).listed[node.index];
        return orphan === undefined ? gone(node.kind) : orphanItem(orphan, t);
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
    const problem: SluiceNode[] =
      run.error === null
        ? []
        : [{ kind: 'message', id: `${key} failure`, text: run.error.message, error: run.status === 'failed', remedy: run.error.remedy }];
    const missing = fromTarget && !run.live ? stateNodes(runs.report(key), key, t) : [];
    const nothing: SluiceNode[] = [{ kind: 'message', id: `${key} empty`, text: t('No tables') }];
    const all = [...problem, ...missing, ...tables];
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
      return {
        name: table.to,
        state,
        rows: table.rowsWritten,
        ...syncFacts(table.existing),
        rejects: table.rowsRejected,
        seconds: table.seconds,
        differing,
        orphans: this.#orphansOf({ key: run.key, table: table.to }).total,
      };
    });
  }

  /** Rows that are not there, and rows that are there without a parent. */
  #listsOf({ key, table }: TableNode): readonly SluiceNode[] {
    return [
      ...(this.#rejectsOf({ key, table }) > 0 ? [{ kind: 'run-rejects', key, table } as const] : []),
      ...(this.#orphansOf({ key, table }).total > 0 ? [{ kind: 'run-orphans', key, table } as const] : []),
    ];
  }

  #orphansOf({ key, table }: Pick<TableNode, 'key' | 'table'>): TableOrphans {
    const { runs } = this.#parts;
    const run = runs.find(key);
    const gone = run === undefined || run.live || run.status === 'rolled-back';
    return orphansOf(gone ? null : (run.result ?? runs.report(key).value), table);
  }

  /** All that are listed come with the result of the run. */
  #orphans({ key, table }: Extract<SluiceNode, { kind: 'run-orphans' }>): readonly SluiceNode[] {
    const { total, listed } = this.#orphansOf({ key, table });
    const shown = listed.map((_, index): SluiceNode => ({ kind: 'run-orphan', key, table, index }));
    const rest = total - shown.length;
    const more = this.#parts.t('{0} more, which are counted and not listed', formatCount(rest));
    return rest === 0 ? shown : [...shown, { kind: 'message', id: `${key} ${table} orphans more`, text: more }];
  }

  #rejectsOf({ key, table }: Pick<TableNode, 'key' | 'table'>): number {
    const run = this.#parts.runs.find(key);
    return run === undefined || run.live ? 0 : (this.#tables(run).find(({ name }) => name === table)?.rejects ?? 0);
  }

  /** All that the tree can hold; each page is read when its rows are drawn. */
  #rejects(node: Extract<SluiceNode, { kind: 'run-rejects' }>): readonly SluiceNode[] {
    const { runs, t } = this.#parts;
    const { key, table } = node;
    const place = `${key} ${table} rejects`;
    const list = runs.rejects(key, table);
    if (list.error !== null) return [errorNode(place, list.error)];
    if (list.at(0) === undefined) {
      runs.loadRejects(key, table, 0);
      return [loadingNode(place, t)];
    }
    const total = this.#rejectsOf(node);
    const shown = Array.from({ length: Math.min(total, mostRejects) }, (_, index): SluiceNode => ({
      kind: 'run-reject',
      key,
      table,
      index,
    }));
    const rest = total - shown.length;
    const more = t('{0} more; sluice rejects lists them all', formatCount(rest));
    return rest === 0 ? shown : [...shown, { kind: 'message', id: `${place} more`, text: more }];
  }
}

type TableNode = Extract<SluiceNode, { kind: 'run-table' }>;

/** Whoever has more looks at them in a list that can be searched. */
const mostRejects = 10_000;

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

function syncFacts(existing: ExistingOutcome | undefined): Pick<RunTable, 'unchanged' | 'gone'> {
  if (existing?.mode !== 'sync') return {};
  return { unchanged: existing.unchanged ?? 0, gone: existing.gone ?? 0 };
}
