import path from 'node:path';
import * as vscode from 'vscode';
import type { ExportFormat, RowsView } from '../core/model/rows.ts';
import type { RowsSubject } from '../core/run/browse-requests.ts';
import { fileNameOf } from './file-name-of.ts';
import type { Engines } from '../host/engines.ts';
import { plainMessage } from '../commands/ask/plain-text.ts';

const extensions: Readonly<Record<ExportFormat, string>> = { csv: 'csv', json: 'json', sql: 'sql', markdown: 'md' };

/** Asks where to, and writes all rows of a view; null when the user did not choose a file. */
export async function exportRowsToFile(
  engines: Engines,
  subject: RowsSubject,
  view: RowsView,
  format: ExportFormat,
): Promise<{ readonly rows: number } | null> {
  const file = await askFile(subject.table, format);
  if (file === undefined) return null;
  const title = plainMessage(vscode.l10n.t('Writing {0}', path.basename(file.fsPath)));
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return engines.browse('exportRows', { subject, view, format, path: file.fsPath }, controller.signal);
    },
  );
}

async function askFile(table: string, format: ExportFormat): Promise<vscode.Uri | undefined> {
  const extension = extensions[format];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${fileNameOf(table)}.${extension}`;
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Rows'),
    filters: { [format.toUpperCase()]: [extension] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
}
