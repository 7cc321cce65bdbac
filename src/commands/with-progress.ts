import * as vscode from 'vscode';
import { plainMessage } from './ask/plain-text.ts';

/** Shows one notification that can be cancelled while `work` goes on. */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plainMessage(title), cancellable: true },
    async (progress, token) => {
      const controller = new AbortController();
      const listening = token.onCancellationRequested(() => controller.abort());
      try {
        return await work(controller.signal, (message) => progress.report({ message: plainMessage(message) }));
      } finally {
        listening.dispose();
      }
    },
  );
}
