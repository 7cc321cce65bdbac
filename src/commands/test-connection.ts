import * as vscode from 'vscode';
import { MigrationError, type ErrorShape } from '../core/errors.ts';
import type { TargetDiagnosis, TargetExamination } from '../core/index.ts';
import { renderChecks } from '../core/report/render-checks.ts';
import { showVirtualText } from '../editors/virtual-texts.ts';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import { askProfile } from './ask/ask-profile.ts';
import { confirm, confirmProtected } from './ask/confirm-writing.ts';
import { plainMessage } from './ask/plain-text.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';
import { withProgress } from './with-progress.ts';

export const testConnection: Command = {
  id: commandIds.testConnection,
  async run(host, argument) {
    const id = nodeOf(argument, 'target')?.profile ?? (await askProfile(host, vscode.l10n.t('Target to test'), { offerNew: false }))?.id;
    if (id !== undefined) await testAndTell(host, id);
  },
};

/**
 * Connects just as every other command does, and says what is there and what is wrong. A missing database can be made on the way. Ends as cancelled when the
 * target cannot be connected to: by then the user knows why.
 */
export async function testAndTell(host: Host, id: string): Promise<void> {
  const label = host.targets.find(id)?.profile.label ?? id;
  const look = (): Promise<TargetExamination> =>
    withProgress(vscode.l10n.t('Connecting to {0}', label), (signal) => host.targets.test(id, signal));
  let found = await look();
  while (found.error?.code === 'no-such-database') {
    await offerDatabase(host, id, label, found);
    found = await look();
  }
  if (found.diagnosis === null) {
    if (found.error !== null) void tellProblem(host, id, found, found.error);
    throw new MigrationError('cancelled');
  }
  if (found.error !== null) void tellProblem(host, id, found, found.error);
  else void tellReady(label, found, found.diagnosis);
}

async function tellReady(label: string, found: TargetExamination, diagnosis: TargetDiagnosis): Promise<void> {
  const { vectorVersion, vectorInstalled } = diagnosis.capabilities;
  const vector =
    vectorVersion === null
      ? vscode.l10n.t('without pgvector')
      : vectorInstalled
        ? `pgvector ${vectorVersion}`
        : vscode.l10n.t('pgvector {0} can be installed', vectorVersion);
  const version = /^PostgreSQL [\d.]+/.exec(diagnosis.serverVersionText)?.[0] ?? diagnosis.serverVersionText;
  const ready = diagnosis.unmade
    ? vscode.l10n.t('{0} is ready: {1}, {2}, made by the first run.', label, version, vector)
    : vscode.l10n.t('{0} is ready: {1}, {2}.', label, version, vector);
  const warnings = found.checks.filter(({ state }) => state === 'warning').length;
  if (warnings === 0) return void vscode.window.showInformationMessage(plainMessage(ready));
  const worth = warnings === 1 ? vscode.l10n.t('1 thing is worth a look.') : vscode.l10n.t('{0} things are worth a look.', warnings);
  const details = vscode.l10n.t('Show Details');
  if ((await vscode.window.showInformationMessage(plainMessage(`${ready} ${worth}`), details)) === details) await showChecks(label, found);
}

/** A warning where it can be connected to, and a run would fail. */
async function tellProblem(host: Host, id: string, found: TargetExamination, error: ErrorShape): Promise<void> {
  host.log.error(`${error.code}: ${error.message}`);
  const profile = host.targets.find(id)?.profile;
  // Addresses of saved targets hold no password: it was forgotten, and is asked for again.
  const asksAgain = profile?.kind === 'saved' && ['wrong-password', 'password-missing'].includes(error.code);
  const remedy = asksAgain ? vscode.l10n.t('Connect again: you are asked for the password then.') : error.remedy;
  const details = vscode.l10n.t('Show Details');
  const show = found.diagnosis === null ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  if ((await show(plainMessage(`${error.message} ${remedy}`), details)) === details) await showChecks(profile?.label ?? id, found);
}

/** Asks whether the missing database is to be made, and makes it. Everything else ends as cancelled. */
async function offerDatabase(host: Host, id: string, label: string, found: TargetExamination): Promise<void> {
  const { error } = found;
  if (error === null) return;
  host.log.error(`${error.code}: ${error.message}`);
  const [create, details] = [vscode.l10n.t('Create Database…'), vscode.l10n.t('Show Details')];
  const said = plainMessage(vscode.l10n.t('{0} Create it here, or correct the name in the address.', error.message));
  for (;;) {
    const choice = await vscode.window.showErrorMessage(said, create, details);
    if (choice === create) break;
    if (choice !== details) throw new MigrationError('cancelled');
    // The offer stays while the details are read.
    await showChecks(label, found);
  }
  const { database, user, host: server } = error.context;
  const question = vscode.l10n.t('Create database "{0}" on {1}?', String(database), String(server));
  const detail = vscode.l10n.t(
    'It will be empty, for every character (UTF8), and belong to "{0}". Rolling back a run does not drop it.',
    String(user),
  );
  await confirm(question, detail, vscode.l10n.t('Create Database'));
  await confirmProtected(host, id, question);
  await withProgress(vscode.l10n.t('Creating the database of {0}', label), (signal) => host.targets.createDatabase(id, signal));
}

/** Of a document in a window of usual width: sentences are not wrapped there. */
const columns = 110;

function showChecks(label: string, { checks }: TargetExamination): Promise<void> {
  return showVirtualText('sluice-checks', vscode.l10n.t('{0}: connection', label), renderChecks(checks, columns));
}
