import type * as vscode from 'vscode';
import type { ErrorShape, RunResult, RunSummary } from '../../core/index.ts';
import type { RunEntry } from '../host.ts';

/** Where a run is: an embedded directory by its path, since the profile `embedded` may come to mean another one. */
export type Place = { readonly kind: 'embedded'; readonly directory: string } | { readonly kind: 'server'; readonly profile: string };

export function placeKey(place: Place): string {
  return place.kind === 'embedded' ? `directory ${place.directory}` : `profile ${place.profile}`;
}

/** A run that this window did something with. */
export interface RunRecord {
  readonly key: string;
  readonly planUri: vscode.Uri | null;
  name: string;
  place: Place | null;
  /** What the caller named, until the place is known. */
  profile: string;
  runId: string | null;
  status: RunEntry['status'];
  startedAt: number;
  finishedAt: number | null;
  progress: RunEntry['progress'];
  rows: number;
  rowsCounted: boolean;
  rejects: number;
  verification: string | null;
  result: RunResult | null;
  error: ErrorShape | null;
  activity: RunEntry['activity'];
  abort: AbortController | null;
}

export function emptyRecord(
  key: string,
  planUri: RunRecord['planUri'],
  given: Pick<RunRecord, 'name' | 'profile' | 'startedAt'>,
): RunRecord {
  return {
    key,
    planUri,
    name: given.name,
    profile: given.profile,
    startedAt: given.startedAt,
    place: null,
    runId: null,
    status: 'starting',
    finishedAt: null,
    progress: null,
    rows: 0,
    rowsCounted: false,
    rejects: 0,
    verification: null,
    result: null,
    error: null,
    activity: null,
    abort: null,
  };
}

export function entryOf(record: RunRecord, profile: string): RunEntry {
  const { place: _place, abort: _abort, ...shown } = record;
  return { ...shown, profile, live: record.activity !== null };
}

/** A run of a target's history that this window has nothing to do with. */
export function entryOfSummary(summary: RunSummary, place: Place, profile: string): RunEntry {
  return {
    runId: summary.runId,
    key: `${placeKey(place)} ${summary.runId}`,
    name: summary.name,
    profile,
    planUri: null,
    status: summary.status,
    startedAt: Date.parse(summary.startedAt),
    finishedAt: summary.finishedAt === null ? null : Date.parse(summary.finishedAt),
    progress: null,
    rows: summary.rowsWritten,
    rowsCounted: true,
    rejects: summary.rejects,
    verification: summary.verification,
    result: null,
    error: null,
    live: false,
    activity: null,
  };
}

/** Nothing is left to resume. */
export function isOver(status: RunEntry['status']): boolean {
  return status === 'done' || status === 'partial' || status === 'rolled-back';
}

/** What the target says of a run that is over counts: another program may have rolled it back. An engine that was killed left it as running. */
export function adoptSummary(record: RunRecord, summary: RunSummary): void {
  if (summary.status !== 'running') record.status = summary.status;
  record.rows = summary.rowsWritten;
  record.rowsCounted = true;
  record.rejects = summary.rejects;
  record.verification = summary.verification ?? record.verification;
  record.finishedAt = summary.finishedAt === null ? record.finishedAt : Date.parse(summary.finishedAt);
}
