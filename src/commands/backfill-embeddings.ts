import * as vscode from 'vscode';
import { MigrationError } from '../core/errors.ts';
import type { EmbeddingAccess, EmbeddingResult } from '../core/index.ts';
import { parseEndpoint } from '../core/vectors/embedding/embedding-endpoint.ts';
import { showVirtualText } from '../editors/virtual-texts.ts';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import { askEmbedding, type EmbeddingSource } from './ask/ask-embedding.ts';
import { askVectorColumn, type VectorColumnPlace } from './ask/ask-vector-column.ts';
import { confirm, confirmProtected } from './ask/confirm-writing.ts';
import { plainMessage } from './ask/plain-text.ts';
import { backfillCancelled, backfillEnd, backfillLine, backfillQuestion, refusalList } from './backfill-messages.ts';
import type { Command } from './command.ts';
import { askEndpoint } from './set-embedding-endpoint.ts';
import { withProgress } from './with-progress.ts';

/** Computes the embeddings that a vector column lacks. Where it was cancelled, the same command goes on. */
export const backfillEmbeddings: Command = {
  id: commandIds.backfillEmbeddings,
  async run(host, argument) {
    const place = await askVectorColumn(host, argument);
    const source = await askEmbedding(host, place);
    if (host.embedding.endpoint === null) await askEndpoint(host);
    const endpoint = await host.embedding.access({ model: source.model });
    if (!(await offer(host, place, source, endpoint))) return;
    await confirmProtected(host, place.profile, vscode.l10n.t('Vectors are written into {0} there.', `${place.table}.${place.column}`));
    await tellEnd(await embed(host, place, source, endpoint));
  },
};

/** Says what is sent where, and asks. false: there is nothing to do. */
async function offer(host: Host, place: VectorColumnPlace, { from, model }: EmbeddingSource, endpoint: EmbeddingAccess): Promise<boolean> {
  const { profile, schema, table, column } = place;
  const found = await withProgress(vscode.l10n.t('Counting rows without a vector'), async (signal) =>
    host.engines.browse('missingEmbeddings', { target: await host.targets.resolve(profile), schema, table, column, from }, signal),
  );
  if (found.missing === 0) {
    void vscode.window.showInformationMessage(plainMessage(vscode.l10n.t('Every row of {0} has a vector already.', found.table)));
    return false;
  }
  const { address, exposed } = parseEndpoint(endpoint.address);
  const { question, detail } = backfillQuestion(
    { ...found, column, from, address, model, withKey: endpoint.apiKey !== null, exposed },
    vscode.l10n.t,
  );
  await confirm(question, detail, vscode.l10n.t('Send Texts'));
  return true;
}

async function embed(
  host: Host,
  { profile, schema, table, column }: VectorColumnPlace,
  { from, dimensions }: EmbeddingSource,
  endpoint: EmbeddingAccess,
): Promise<EmbeddingResult> {
  try {
    return await withProgress(vscode.l10n.t('Embedding {0}', `${schema}.${table}`), async (signal, report) =>
      host.engines.runAlone(
        'embedColumn',
        { target: await host.targets.resolve(profile), endpoint, schema, table, column, from, dimensions },
        {
          signal,
          onEvent(event) {
            const line = backfillLine(event, vscode.l10n.t);
            if (line !== null) report(line);
          },
        },
      ),
    );
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'cancelled') {
      const { rowsCommitted } = error.context;
      const rows = typeof rowsCommitted === 'number' ? rowsCommitted : null;
      void vscode.window.showInformationMessage(plainMessage(backfillCancelled(rows, vscode.l10n.t)));
    }
    throw error;
  }
}

async function tellEnd(result: EmbeddingResult): Promise<void> {
  const { level, text } = backfillEnd(result, vscode.l10n.t);
  const show = level === 'info' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const list = vscode.l10n.t('Refused Rows');
  const choice = await show(plainMessage(text), ...(result.refused === 0 ? [] : [list]));
  if (choice === list) await showVirtualText('sluice-value', 'refused rows.txt', refusalList(result, vscode.l10n.t));
}
