import type { EngineEvent } from '../../core/engine-deps.ts';
import type { LiveTable, RunProgress } from '../host.ts';

/** Before the engine has told anything. */
export function firstProgress(tables: readonly string[]): RunProgress {
  const waiting = tables.map((name): LiveTable => ({ name, state: 'waiting', rows: null, totalRows: null }));
  return { phase: 'open', rows: 0, totalRows: null, rate: 0, secondsLeft: null, tables: waiting, warnings: 0, index: null };
}

/** What is known after one more event. */
export function followProgress(before: RunProgress, event: EngineEvent): RunProgress {
  switch (event.type) {
    case 'phase':
      return {
        ...before,
        phase: event.phase,
        rows: 0,
        totalRows: null,
        rate: 0,
        secondsLeft: null,
        index: null,
        tables: before.tables.map((table) => enterPhase(table, event.phase)),
      };
    case 'progress':
      return {
        ...before,
        phase: event.phase,
        rows: event.rows,
        totalRows: event.totalRows,
        rate: event.rate,
        secondsLeft: event.secondsLeft,
      };
    case 'table':
      return { ...before, tables: noteTable(before.tables, event) };
    case 'index':
      return { ...before, index: event.state === 'done' ? null : { name: event.index, percent: event.percent } };
    case 'warning':
      return { ...before, warnings: before.warnings + 1 };
    case 'preflight':
      return { ...before, warnings: before.warnings + event.report.findings.filter(({ severity }) => severity === 'warning').length };
    // The page of a run counts rows; that the store is being opened is its phase, and examining vectors is no part of a run.
    case 'files':
    case 'map':
    case 'scan':
    case 'done':
      return before;
  }
}

/** Tables are loaded side by side, so in the data phase none of them waits for the phase any more. */
function enterPhase(table: LiveTable, phase: RunProgress['phase']): LiveTable {
  if (phase === 'data' && table.state === 'waiting') return { ...table, state: 'loading' };
  if ((phase === 'post-data' || phase === 'verify') && table.state !== 'verified') return { ...table, state: 'loaded' };
  return table;
}

function noteTable(tables: readonly LiveTable[], event: Extract<EngineEvent, { type: 'table' }>): readonly LiveTable[] {
  const state = stateAfter(event);
  if (state === null) return tables;
  const known = tables.some((table) => table.name === event.table);
  const all = known ? tables : [...tables, { name: event.table, state: 'waiting', rows: null, totalRows: null } as const];
  return all.map((table) =>
    table.name === event.table
      ? { ...table, state, rows: event.rows ?? table.rows, totalRows: event.state === 'rows' ? event.totalRows : table.totalRows }
      : table,
  );
}

function stateAfter({ phase, state }: Extract<EngineEvent, { type: 'table' }>): LiveTable['state'] | null {
  if (phase === 'verify') return state === 'done' ? 'verified' : null;
  if (phase === 'data') return state === 'done' ? 'loaded' : 'loading';
  return null;
}
