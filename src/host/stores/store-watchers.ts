import path from 'node:path';
import * as vscode from 'vscode';

/** A writer changes a store many times in a row; one look afterwards is enough. */
const quietMs = 500;
/** Files beside a store that hold rows of it: SQLite's write-ahead log. */
const companions = ['', '-wal'];

/** Watches the folders of known stores, not below, and tells when one of the stores was written. */
export class StoreWatchers {
  readonly #changed: (store: string) => void;
  readonly #folders = new Map<string, vscode.FileSystemWatcher>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  /** File on disk → store that it belongs to. */
  #files = new Map<string, string>();

  constructor(changed: (store: string) => void) {
    this.#changed = changed;
  }

  /** From now on exactly these. */
  watch(stores: readonly string[]): void {
    this.#files = new Map(stores.flatMap((store) => companions.map((ending) => [`${store}${ending}`, store] as const)));
    const wanted = new Set(stores.map((store) => path.dirname(store)));
    for (const [folder, watcher] of this.#folders) {
      if (wanted.has(folder)) continue;
      watcher.dispose();
      this.#folders.delete(folder);
    }
    for (const folder of wanted) if (!this.#folders.has(folder)) this.#folders.set(folder, this.#watchFolder(folder));
  }

  dispose(): void {
    for (const watcher of this.#folders.values()) watcher.dispose();
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#folders.clear();
    this.#waiting.clear();
  }

  #watchFolder(folder: string): vscode.FileSystemWatcher {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), '*'));
    const noticed = (uri: vscode.Uri): void => this.#notice(uri.fsPath);
    watcher.onDidChange(noticed);
    watcher.onDidCreate(noticed);
    watcher.onDidDelete(noticed);
    return watcher;
  }

  #notice(file: string): void {
    const store = this.#files.get(file);
    if (store === undefined) return;
    clearTimeout(this.#waiting.get(store));
    this.#waiting.set(
      store,
      setTimeout(() => {
        this.#waiting.delete(store);
        this.#changed(store);
      }, quietMs),
    );
  }
}
