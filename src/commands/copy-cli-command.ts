import * as vscode from 'vscode';
import { shellWord } from '../core/report/shell-word.ts';
import type { Host } from '../host/host.ts';
import { SavedTargets } from '../host/targets/saved-targets.ts';
import { commandIds } from '../ids.ts';
import { askPlan } from './ask/ask-plan.ts';
import { canBeRetried } from './ask/ask-run.ts';
import { pickOne } from './ask/pick-one.ts';
import { plainLabel } from './ask/plain-text.ts';
import { planOfRun } from './ask/plan-of-run.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';

/** Puts the command that does the same in a terminal or in CI on the clipboard. It never holds a password. */
export const copyCliCommand: Command = {
  id: commandIds.copyCliCommand,
  async run(host, argument) {
    const line = await commandLine(host, argument);
    await vscode.env.clipboard.writeText(line);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', plainLabel(line)), 5_000);
  },
};

async function commandLine(host: Host, argument: unknown): Promise<string> {
  const store = nodeOf(argument, 'store', 'store-table');
  if (store !== null) return words('inspect', fileOf(store.path));
  const run = nodeOf(argument, 'run', 'run-table', 'run-rejects', 'run-reject', 'run-orphans', 'run-orphan');
  const entry = run === null ? undefined : host.runs.find(run.key);
  if (entry !== undefined && entry.runId !== null) {
    const ofRejects = canBeRetried(entry) ? ['rejects', retryVerb] : [];
    const verb = await askVerb(['report', 'verify', ...ofRejects, ...(entry.live ? [] : ['rollback'])]);
    const target = ['--target', targetOf(host, entry.profile)];
    if (verb !== retryVerb) return words(verb, entry.runId, ...target);
    return words('rejects', entry.runId, ...target, '--retry', '--plan', fileOf((await planOfRun(host, entry)).fsPath));
  }
  const state = await askPlan(host, argument);
  const verb = await askVerb(['run', 'diff', 'verify']);
  return words(verb, fileOf(state.uri.fsPath), '--target', targetOf(host, host.plans.targetOf(state)));
}

const retryVerb = 'rejects --retry';

async function askVerb(verbs: readonly string[]): Promise<string> {
  const items = verbs.map((label) => ({ label }));
  return (await pickOne(items, { placeHolder: vscode.l10n.t('Command to copy') })).label;
}

/**
 * A saved profile is not readable in a terminal: its address is, as it is kept, without a password and with its sslmode. The password comes from
 * PGPASSWORD or the password file there.
 */
function targetOf(host: Host, id: string): string {
  const profile = host.targets.find(id)?.profile;
  const saved = profile?.kind === 'saved' ? new SavedTargets(host.context.globalState, host.context.secrets).find(id) : undefined;
  if (saved !== undefined) return saved.url;
  return profile?.id === 'embedded' ? `embedded:${profile.detail}` : id;
}

/** A name that begins with a dash would be taken for an option. */
function fileOf(path: string): string {
  const file = vscode.workspace.asRelativePath(path, false);
  return file.startsWith('-') ? `./${file}` : file;
}

function words(...parts: readonly string[]): string {
  return ['sluice', ...parts].map(shellWord).join(' ');
}
