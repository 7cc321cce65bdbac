import * as vscode from 'vscode';
import { MigrationError } from '../../core/errors.ts';
import type { Host, RunEntry } from '../../host/host.ts';
import { nodeOf } from '../node-of.ts';
import { pickOne } from './pick-one.ts';
import { plainLabel } from './plain-text.ts';

/** The run of a tree node or an id, else one that the user chooses of those that `fits` takes; the only one that fits is taken without asking. */
export async function askRun(host: Host, argument: unknown, fits: (run: RunEntry) => boolean, none: string): Promise<RunEntry> {
  const named =
    typeof argument === 'string'
      ? argument
      : nodeOf(argument, 'run', 'run-table', 'run-rejects', 'run-reject', 'run-orphans', 'run-orphan')?.key;
  const found = named === undefined ? undefined : host.runs.find(named);
  if (found !== undefined) return found;
  const runs = host.runs.list.filter(fits);
  const [only] = runs;
  if (only === undefined) throw new MigrationError('bad-usage', { context: { detail: none, hint: '' } });
  if (runs.length === 1) return only;
  const items = runs.map((run) => ({
    label: plainLabel(run.name),
    description: plainLabel([run.runId ?? '', run.status, run.profile].filter(Boolean).join(' · ')),
    detail: new Date(run.startedAt).toLocaleString(),
    run,
  }));
  return (await pickOne(items, { placeHolder: vscode.l10n.t('Run') })).run;
}

/** It came to an end in which it wrote something that is still there. */
export function canBeUndone(run: RunEntry): boolean {
  return run.runId !== null && !run.live && run.status !== 'rolled-back' && run.status !== 'starting';
}

/** It came to its end with rejected rows. */
export function canBeRetried(run: RunEntry): boolean {
  return run.runId !== null && !run.live && run.status === 'partial';
}

export function canBeResumed(run: RunEntry): boolean {
  return run.runId !== null && !run.live && (run.status === 'failed' || run.status === 'cancelled' || run.status === 'running');
}
