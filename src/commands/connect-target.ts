import * as vscode from 'vscode';
import type { Host, TargetProfile } from '../host/host.ts';
import { commandIds, viewIds } from '../ids.ts';
import { askProfile } from './ask/ask-profile.ts';
import { answered } from './ask/cancelled.ts';
import { pickOne } from './ask/pick-one.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';
import { testAndTell } from './test-connection.ts';

export const connectTarget: Command = {
  id: commandIds.connectTarget,
  async run(host, argument) {
    const node = nodeOf(argument, 'target');
    const named = node === null ? undefined : host.targets.find(node.profile)?.profile;
    const profile = named ?? (await askProfile(host, vscode.l10n.t('Target to connect to'), { offerNew: true })) ?? (await askNew(host));
    await testAndTell(host, profile.id);
    host.targets.setCurrent(profile.id);
    await vscode.commands.executeCommand(`${viewIds.target}.focus`);
  },
};

async function askNew(host: Host): Promise<TargetProfile> {
  const url = answered(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('New connection (1 of 3)'),
      prompt: vscode.l10n.t('Address. A password in it is cut out and kept in the secret storage.'),
      placeHolder: 'postgresql://user@host:5432/database?sslmode=verify-full',
      password: false,
      ignoreFocusOut: true,
      validateInput: (text) => (/^postgres(ql)?:\/\/./.test(text) ? null : vscode.l10n.t('An address starts with postgresql://')),
    }),
  );
  const name = answered(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('New connection (2 of 3)'),
      prompt: vscode.l10n.t('Name of this target. Plans may use it.'),
      ignoreFocusOut: true,
      validateInput: (text) => problemOfName(host, text),
    }),
  );
  const ordinary = vscode.l10n.t('Ordinary');
  const picked = await pickOne(
    [
      { label: ordinary, description: vscode.l10n.t('Runs start at once') },
      { label: vscode.l10n.t('Protected'), description: vscode.l10n.t('Its name must be typed before anything is written') },
    ],
    { title: vscode.l10n.t('New connection (3 of 3)') },
  );
  return host.targets.save({ name, url, isProtected: picked.label !== ordinary });
}

function problemOfName(host: Host, name: string): string | null {
  if (!/^[\w][\w .-]*$/.test(name)) return vscode.l10n.t('Use letters, digits, blanks, dots and dashes.');
  if (name === 'embedded') return vscode.l10n.t('This name has a meaning of its own.');
  return host.targets.find(name) === undefined ? null : vscode.l10n.t('A target of this name exists.');
}
