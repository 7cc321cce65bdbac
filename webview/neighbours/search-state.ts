import type { NeighboursPanelInit, NeighboursPanelState, NeighboursSearch } from '../../src/protocol/neighbours-panel.ts';

/** What the page shows: the search in force, and the rows that were walked through to get there. */
export interface SearchState {
  /** null until there is a row or a vector to start from. */
  readonly search: NeighboursSearch | null;
  /** Keys, oldest first. */
  readonly trail: readonly (readonly string[])[];
}

/** More would only fill the editor's memory. */
const longestTrail = 100;

const first: Omit<NeighboursSearch, 'query'> = { k: 10, metric: null, filter: null, effort: null, oversampling: null };

/** What was kept, when it was kept for this column; else the row that the panel was opened with. */
export function initialState(init: NeighboursPanelInit, kept: Partial<NeighboursPanelState> | undefined): SearchState {
  const { subject } = init;
  const old = kept?.subject;
  const same =
    old !== undefined &&
    (['profile', 'schema', 'table', 'column'] as const).every((name) => old[name] === subject[name]) &&
    JSON.stringify(old.key) === JSON.stringify(subject.key);
  if (same && kept?.search !== undefined && kept.search !== null) return { search: { ...first, ...kept.search }, trail: kept.trail ?? [] };
  return { search: subject.key === null ? null : { ...first, query: { kind: 'row', key: subject.key } }, trail: [] };
}

/** The same search from another row or vector. */
export function startFrom(state: SearchState, query: NeighboursSearch['query']): SearchState {
  return { ...state, search: { ...(state.search ?? first), query } };
}

/** Goes to a neighbour and remembers where it came from. */
export function walkTo(state: SearchState, key: readonly string[]): SearchState {
  const from = state.search?.query;
  const trail = from?.kind === 'row' ? [...state.trail, from.key].slice(-longestTrail) : state.trail;
  return { ...startFrom(state, { kind: 'row', key }), trail };
}

/** One row back; null when there is none. */
export function goBack(state: SearchState): SearchState | null {
  const key = state.trail.at(-1);
  return key === undefined ? null : { ...startFrom(state, { kind: 'row', key }), trail: state.trail.slice(0, -1) };
}

/** Changes how is searched; nothing to search from stays so. */
export function refine(state: SearchState, part: Partial<Omit<NeighboursSearch, 'query'>>): SearchState {
  return state.search === null ? state : { ...state, search: { ...state.search, ...part } };
}
