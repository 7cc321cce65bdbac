import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { plainLabel, plainMessage } from './ask/plain-text.ts';
import { pickOne } from './ask/pick-one.ts';
import type { Command } from './command.ts';

export const forgetEmbeddingKey: Command = {
  id: commandIds.forgetEmbeddingKey,
  async run(host) {
    const origins = host.embedding.keyOrigins;
    if (origins.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No key of an embedding endpoint is kept.'));
      return;
    }
    const items = origins.map((origin) => ({ label: plainLabel(origin), origin }));
    const { origin } = await pickOne(items, { placeHolder: vscode.l10n.t('Forget the key for') });
    await host.embedding.forgetKey(origin);
    void vscode.window.showInformationMessage(plainMessage(vscode.l10n.t('The key for {0} is forgotten.', origin)));
  },
};
