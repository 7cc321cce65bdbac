import path from 'node:path';
import type {
  NeighboursPanelSubject,
  ReportPanelSubject,
  RowDiffPanelSubject,
  RowsPanelSubject,
  VectorMapPanelSubject,
  VectorPanelSubject,
} from '../protocol/panel-subjects.ts';

/**
 * What a page kept over a reload is untrusted text until it was checked. A store or plan may lie outside of the workspace, since users add such
 * ones by hand; it is only ever read, and in a trusted workspace only. Names and paths are all that a subject can say: addresses come from profiles.
 */

export function isRowsSubject(state: unknown): state is RowsPanelSubject {
  if (!isRecord(state) || !isText(state['table']) || !(state['filter'] === undefined || isText(state['filter']))) return false;
  return state['side'] === 'source'
    ? isText(state['location']) && path.isAbsolute(state['location'])
    : state['side'] === 'target' && isText(state['profile']) && isText(state['schema']);
}

export function isRowDiffSubject(state: unknown): state is RowDiffPanelSubject {
  if (!isRecord(state) || !isText(state['profile']) || !isText(state['table'])) return false;
  const input = state['input'];
  if (!isRecord(input)) return false;
  if (input['kind'] === 'run') return isText(input['runId']);
  return input['kind'] === 'plan' && isText(input['path']) && path.isAbsolute(input['path']);
}

export function isNeighboursSubject(state: unknown): state is NeighboursPanelSubject {
  if (!isRecord(state)) return false;
  const key = state['key'];
  const names = ['profile', 'schema', 'table', 'column'].every((name) => isText(state[name]));
  return names && (key === null || (Array.isArray(key) && key.every(isText)));
}

export function isVectorSubject(state: unknown): state is VectorPanelSubject {
  return isRecord(state) && ['profile', 'schema', 'table', 'column'].every((name) => isText(state[name]));
}

export function isReportSubject(state: unknown): state is ReportPanelSubject {
  return isRecord(state) && isText(state['profile']) && isText(state['runId']);
}

export function isVectorMapSubject(state: unknown): state is VectorMapPanelSubject {
  return isRecord(state) && ['profile', 'schema', 'table', 'column'].every((name) => isText(state[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
