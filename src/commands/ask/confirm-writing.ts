import * as vscode from 'vscode';
import { MigrationError } from '../../core/errors.ts';
import type { Host } from '../../host/host.ts';
import { answered } from './cancelled.ts';
import { plainMessage } from './plain-text.ts';

/** A protected target is written to only after its name was typed. `what`: what will be done to it, as a sentence. */
export async function confirmProtected(host: Pick<Host, 'targets'>, profileId: string, what: string): Promise<void> {
  const profile = host.targets.find(profileId)?.profile;
  if (profile?.isProtected !== true) return;
  const typed = answered(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('{0} is protected', profile.label),
      prompt: plainMessage(vscode.l10n.t('{0} Type "{1}" to go on.', what, profile.label)),
      ignoreFocusOut: true,
      validateInput: (text) => (text === '' || profile.label.startsWith(text) ? null : vscode.l10n.t('This is not its name.')),
    }),
  );
  if (typed !== profile.label) throw new MigrationError('cancelled');
}

/** A modal question with one way to go on. */
export async function confirm(message: string, detail: string, goOn: string): Promise<void> {
  const choice = await vscode.window.showWarningMessage(plainMessage(message), { modal: true, detail }, goOn);
  if (choice !== goOn) throw new MigrationError('cancelled');
}
