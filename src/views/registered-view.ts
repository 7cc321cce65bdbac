import type * as vscode from 'vscode';
import type { NodeProvider } from './node-provider.ts';

export interface RegisteredView {
  readonly id: string;
  readonly provider: NodeProvider;
  readonly disposables: readonly vscode.Disposable[];
}
