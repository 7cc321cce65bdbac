import * as vscode from 'vscode';
import { toErrorShape } from '../core/errors.ts';
import { parseEndpoint } from '../core/vectors/embedding/embedding-endpoint.ts';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import { answered } from './ask/cancelled.ts';
import { confirm } from './ask/confirm-writing.ts';
import { plainMessage } from './ask/plain-text.ts';
import type { Command } from './command.ts';

export const setEmbeddingEndpoint: Command = {
  id: commandIds.setEmbeddingEndpoint,
  run: (host) => askEndpoint(host),
};

/** Asks for address, model and key, and keeps them. */
export async function askEndpoint(host: Host): Promise<void> {
  const endpoint = await askAddress(host);
  const { address, exposed } = parseEndpoint(endpoint);
  if (exposed) await confirmExposed(address);
  const model = await askModel(host);
  const key = await askKey(host, address);
  await host.embedding.save({ endpoint, model, key });
  void vscode.window.showInformationMessage(plainMessage(vscode.l10n.t('Embeddings come from {0}, model {1}.', address, model)));
}

async function askAddress(host: Host): Promise<string> {
  return answered(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('Embedding endpoint (1 of 3)'),
      prompt: vscode.l10n.t('Address of an OpenAI-compatible server, up to and with its version. Texts are sent there, and nowhere else.'),
      placeHolder: 'http://127.0.0.1:11434/v1',
      value: host.embedding.endpoint?.address ?? '',
      ignoreFocusOut: true,
      validateInput: problemOf,
    }),
  );
}

function problemOf(text: string): string | null {
  try {
    parseEndpoint(text);
    return null;
  } catch (error) {
    return toErrorShape(error).message;
  }
}

async function confirmExposed(address: string): Promise<void> {
  await confirm(
    vscode.l10n.t('Send texts to {0} without encryption?', address),
    vscode.l10n.t('Texts and key go to another machine by http://, and whoever is between can read them. Prefer an https:// address.'),
    vscode.l10n.t('Use It Anyway'),
  );
}

async function askModel(host: Host): Promise<string> {
  const model = answered(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('Embedding endpoint (2 of 3)'),
      prompt: vscode.l10n.t('Name of the model there'),
      placeHolder: 'nomic-embed-text',
      value: host.embedding.model,
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Name a model that this server has.') : null),
    }),
  );
  return model.trim();
}

/** null = none was typed: a key that is kept for this address stays. */
async function askKey(host: Host, address: string): Promise<string | null> {
  const { origin } = new URL(address);
  const key = answered(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('Embedding endpoint (3 of 3)'),
      prompt: (await host.embedding.hasKey(address))
        ? vscode.l10n.t('Key for {0}; empty: the one that is kept stays.', origin)
        : vscode.l10n.t('Key for {0}, kept in the secret storage and sent to no other address; empty: none is needed.', origin),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^[\x21-\x7e]*$/.test(text) ? null : vscode.l10n.t('A key has no spaces, line breaks or signs beyond those of a keyboard.'),
    }),
  );
  return key === '' ? null : key;
}
