import type { NeighboursPanelSubject, ReportPanelSubject, RowDiffPanelSubject, RowsPanelSubject } from '../protocol/panel-subjects.ts';

/** What a page kept over a reload is untrusted text until it was checked. */

export function isRowsSubject(state: unknown): state is RowsPanelSubject {
  if (!isRecord(state) || !isText(state['table']) || !(state['filter'] === undefined || isText(state['filter']))) return false;
  return state['side'] === 'source'
    ? isText(state['location'])
    : state['side'] === 'target' && isText(state['profile']) && isText(state['schema']);
}

export function isRowDiffSubject(state: unknown): state is RowDiffPanelSubject {
  if (!isRecord(state) || !isText(state['profile']) || !isText(state['table'])) return false;
  const input = state['input'];
  return isRecord(input) && ((input['kind'] === 'run' && isText(input['runId'])) || (input['kind'] === 'plan' && isText(input['path'])));
}

export function isNeighboursSubject(state: unknown): state is NeighboursPanelSubject {
  if (!isRecord(state)) return false;
  const key = state['key'];
  const names = ['profile', 'schema', 'table', 'column'].every((name) => isText(state[name]));
  return names && (key === null || (Array.isArray(key) && key.every(isText)));
}

export function isReportSubject(state: unknown): state is ReportPanelSubject {
  return isRecord(state) && isText(state['profile']) && isText(state['runId']);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
