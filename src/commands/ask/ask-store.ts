import * as vscode from 'vscode';
import type { Host } from '../../host/host.ts';
import { answered } from './cancelled.ts';
import { pickOne } from './pick-one.ts';
import { plainLabel } from './plain-text.ts';

export interface StoreQuestion {
  readonly title: string;
  /** Button of the dialog for files. */
  readonly openLabel: string;
}

/** Path of a store: the only one, one of the list, or, where none was found, a file that the user names and that joins the list. */
export async function askStore(host: Host, { title, openLabel }: StoreQuestion): Promise<string> {
  if (host.stores.list.length === 0) await host.stores.discover();
  const [only, ...others] = host.stores.list;
  if (only === undefined) {
    const files = await vscode.window.showOpenDialog({ title, openLabel });
    const picked = answered(files?.[0]);
    await host.stores.add(picked.fsPath);
    return picked.fsPath;
  }
  if (others.length === 0) return only.path;
  const items = host.stores.list.map((store) => ({
    label: plainLabel(vscode.workspace.asRelativePath(store.path)),
    description: store.recognised.kind,
    store,
  }));
  return (await pickOne(items, { placeHolder: title })).store.path;
}
