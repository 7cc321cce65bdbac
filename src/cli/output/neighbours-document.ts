import type { NeighboursResult, RecallCurve, SourceAgreement } from '../../core/index.ts';

/** `neighbours --json`. */
export interface NeighboursDocument {
  readonly table: string;
  readonly column: string;
  readonly metric: NeighboursResult['metric'];
  /** null when no index was asked. */
  readonly index: {
    readonly name: string;
    readonly method: string;
    readonly used: boolean;
    readonly form: string;
    readonly candidates: number | null;
  } | null;
  /** How thoroughly the index searched: hnsw.ef_search or ivfflat.probes; null without an index. */
  readonly setting: NeighboursResult['setting'];
  /** What the search took. */
  readonly seconds: number;
  /** null unless it was asked for. */
  readonly recall: number | null;
  readonly warning: string | null;
  /** null unless it was asked for. */
  readonly suggestion: Omit<RecallCurve, 'metric' | 'k' | 'index'> | null;
  /** What the source says to the same query; null unless it was asked. */
  readonly source: SourceAgreement | null;
  readonly neighbours: readonly {
    readonly key: readonly string[];
    readonly distance: number;
    readonly similarity: number;
    /** Values as text; one of more than 300 characters is cut and ends in "…". */
    readonly row: Readonly<Record<string, string | null>>;
  }[];
}

/** `exact`: the list of all rows, whatever the index finds. */
export function neighboursDocument(
  result: NeighboursResult,
  options: { readonly exact: boolean; readonly suggestion: RecallCurve | null; readonly agreement: SourceAgreement | null },
): NeighboursDocument {
  const indexed = options.exact ? null : result.indexed;
  const list = indexed ?? result.exact;
  return {
    table: result.table,
    column: result.column,
    metric: result.metric,
    index:
      indexed === null
        ? null
        : {
            name: indexed.index.name,
            method: indexed.index.method,
            used: indexed.used,
            form: indexed.index.label,
            candidates: indexed.candidates,
          },
    setting: indexed === null ? null : result.setting,
    seconds: list.seconds,
    recall: result.recall,
    // Whoever wants every row compared need not be told that it was.
    warning: options.exact ? null : result.warning,
    suggestion: suggestionOf(options.suggestion),
    source: options.agreement,
    neighbours: list.neighbours.map(({ key, distance, similarity, row }) => ({
      key,
      distance,
      similarity,
      row: Object.fromEntries(result.columns.map((column, i) => [column.name, textOf(row[i] ?? null)])),
    })),
  };
}

/** The rest of it is said of the search itself. */
function suggestionOf(curve: RecallCurve | null): NeighboursDocument['suggestion'] {
  if (curve === null) return null;
  const { metric: _metric, k: _k, index: _index, ...suggestion } = curve;
  return suggestion;
}

function textOf(cell: NeighboursResult['exact']['neighbours'][number]['row'][number]): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  return 'cut' in cell ? `${cell.text}…` : `(vector of ${cell.dimensions})`;
}
