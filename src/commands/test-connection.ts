import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import { askProfile } from './ask/ask-profile.ts';
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

/** Connects just as every other command does, and says what is there. */
export async function testAndTell(host: Host, id: string): Promise<void> {
  const label = host.targets.find(id)?.profile.label ?? id;
  const found = await withProgress(vscode.l10n.t('Connecting to {0}', label), (signal) => host.targets.test(id, signal));
  const { vectorVersion, vectorInstalled } = found.capabilities;
  const vector =
    vectorVersion === null
      ? vscode.l10n.t('without pgvector')
      : vectorInstalled
        ? `pgvector ${vectorVersion}`
        : vscode.l10n.t('pgvector {0} can be installed', vectorVersion);
  const version = /^PostgreSQL [\d.]+/.exec(found.serverVersionText)?.[0] ?? found.serverVersionText;
  void vscode.window.showInformationMessage(
    found.unmade
      ? vscode.l10n.t('{0} is ready: {1}, {2}, made by the first run.', label, version, vector)
      : plainMessage(vscode.l10n.t('{0} is ready: {1}, {2}.', label, version, vector)),
  );
}
