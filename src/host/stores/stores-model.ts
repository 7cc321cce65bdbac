import { existsSync, statSync } from 'node:fs';
import { MigrationError } from '../../core/errors.ts';
import { hasGlobSigns } from '../../core/model/store-location.ts';
import type { RecognisedStore } from '../../core/model/store-summary.ts';
import { Emitter } from '../emitter.ts';
import type { Engines } from '../engines.ts';
import type { StoreEntry, Stores } from '../host.ts';
import { isUntouched, loadFailed, notLoaded, nowLoaded, nowLoading } from '../loaded.ts';
import { Turns } from '../turns.ts';
import { inChunks } from './candidate-files.ts';

export interface StoresSurroundings {
  readonly engines: Pick<Engines, 'browse'>;
  /** Nothing is opened in a workspace that is not trusted, or whose files are not on a disk. */
  readonly isAllowed: () => boolean;
  /** Whether the user wants the workspace searched without asking. */
  readonly searchesByItself: () => boolean;
  /** Absolute paths of the files that may be stores. */
  readonly findFiles: (signal: AbortSignal) => Promise<readonly string[]>;
  readonly sampleRows: () => number;
  /** Absolute paths that were added by hand. */
  readonly readAdded: () => readonly string[];
  readonly keepAdded: (paths: readonly string[]) => void;
  /** Told after every change of the list. */
  readonly onList: (list: readonly StoreEntry[], discovered: boolean) => void;
}

/** Files asked about in one request: a cancelled search stops between two. */
const filesPerRequest = 500;

/** What is known about the stores of this window. Loads in the background, declared schemas before samples of values. */
export class StoresModel implements Stores {
  readonly #around: StoresSurroundings;
  readonly #changed = new Emitter<string | null>();
  readonly #turns = new Turns(2);
  /** Counts loads per store, so that a late answer to an earlier question is dropped. */
  readonly #loads = new Map<string, number>();
  #entries = new Map<string, StoreEntry>();
  #search: Promise<number> | null = null;
  #begun = false;
  #discovered = false;
  #over = false;

  readonly onDidChange: Stores['onDidChange'] = this.#changed.event;

  constructor(around: StoresSurroundings) {
    this.#around = around;
  }

  get list(): readonly StoreEntry[] {
    return [...this.#entries.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  get searching(): boolean {
    return this.#search !== null;
  }

  begin(): void {
    if (this.#begun || !this.#around.isAllowed()) return;
    this.#begun = true;
    // A failure shows as the state of the engine in the tree.
    this.#look(new AbortController().signal, this.#around.searchesByItself()).catch(() => undefined);
  }

  async discover(signal?: AbortSignal): Promise<number> {
    if (!this.#around.isAllowed()) return this.#entries.size;
    return this.#look(signal ?? new AbortController().signal, true);
  }

  async add(path: string): Promise<StoreEntry> {
    if (!this.#around.isAllowed()) throw new MigrationError('workspace-not-trusted');
    const { browse } = this.#around.engines;
    if (!existsSync(path) && !hasGlobSigns(path)) throw new MigrationError('no-such-file', { context: { path } });
    const summary = await browse('openStore', { location: path });
    const recognised: RecognisedStore = { path, kind: summary.kind, bytes: summary.bytes };
    const entry: StoreEntry = { ...(this.#entries.get(path) ?? fresh(recognised)), recognised, added: true, summary: nowLoaded(summary) };
    this.#entries.set(path, entry);
    this.#around.keepAdded([...new Set([...this.#around.readAdded(), path])]);
    this.#tellList();
    return entry;
  }

  remove(path: string): void {
    this.#around.keepAdded(this.#around.readAdded().filter((added) => added !== path));
    this.#loads.delete(path);
    if (this.#entries.delete(path)) this.#tellList();
  }

  load(path: string): void {
    const entry = this.#entries.get(path);
    if (entry === undefined || !this.#around.isAllowed()) return;
    if (isUntouched(entry.summary)) this.#start(path);
    else if (entry.summary.value !== null && !entry.summary.loading && isUntouched(entry.inspected)) {
      this.#queueInspection(path, this.#nextLoad(path));
    }
  }

  reload(path: string): void {
    if (this.#entries.has(path) && this.#around.isAllowed()) this.#start(path);
  }

  dispose(): void {
    this.#over = true;
    this.#changed.dispose();
  }

  #look(signal: AbortSignal, everywhere: boolean): Promise<number> {
    this.#search ??= this.#find(signal, everywhere).finally(() => {
      this.#search = null;
      this.#discovered = true;
      this.#tellList();
    });
    this.#changed.fire(null);
    return this.#search;
  }

  /** `everywhere`: else only what was added by hand. */
  async #find(signal: AbortSignal, everywhere: boolean): Promise<number> {
    const added = this.#around.readAdded();
    const files = everywhere ? await this.#around.findFiles(signal) : [];
    const wanted = [...new Set([...added.filter(isWorthAsking), ...files])];
    const found = new Map<string, StoreEntry>();
    for (const paths of inChunks(wanted, filesPerRequest)) {
      for (const store of await this.#around.engines.browse('recognise', { paths }, signal)) {
        const known = this.#entries.get(store.path) ?? fresh(store);
        found.set(store.path, { ...known, recognised: store, added: added.includes(store.path) });
      }
    }
    // What was added while the search went on stays.
    for (const entry of this.#entries.values()) if (entry.added && !found.has(entry.path)) found.set(entry.path, entry);
    this.#entries = found;
    return found.size;
  }

  #start(path: string): void {
    const load = this.#nextLoad(path);
    this.#change(path, (entry) => ({ ...entry, summary: nowLoading(entry.summary) }));
    this.#turns.add(() => this.#openStore(path, load), { urgent: true });
  }

  async #openStore(path: string, load: number): Promise<void> {
    if (this.#isStale(path, load)) return;
    try {
      const summary = await this.#around.engines.browse('openStore', { location: path });
      if (this.#isStale(path, load)) return;
      this.#change(path, (entry) => ({
        ...entry,
        recognised: { path, kind: summary.kind, bytes: summary.bytes },
        summary: nowLoaded(summary),
      }));
      const { inspected } = this.#entries.get(path) ?? { inspected: notLoaded() };
      if (inspected.value?.fingerprint !== summary.fingerprint || inspected.error !== null) this.#queueInspection(path, load);
    } catch (error) {
      if (!this.#isStale(path, load)) this.#change(path, (entry) => ({ ...entry, summary: loadFailed(entry.summary, error) }));
    }
  }

  #queueInspection(path: string, load: number): void {
    this.#change(path, (entry) => ({ ...entry, inspected: nowLoading(entry.inspected) }));
    this.#turns.add(() => this.#inspect(path, load), { urgent: false });
  }

  async #inspect(path: string, load: number): Promise<void> {
    if (this.#isStale(path, load)) return;
    try {
      const { stores } = await this.#around.engines.browse('inspect', { locations: [path], sample: this.#around.sampleRows() });
      const [inspected] = stores;
      if (this.#isStale(path, load)) return;
      this.#change(path, (entry) => ({ ...entry, inspected: inspected === undefined ? notLoaded() : nowLoaded(inspected) }));
    } catch (error) {
      if (!this.#isStale(path, load)) this.#change(path, (entry) => ({ ...entry, inspected: loadFailed(entry.inspected, error) }));
    }
  }

  #nextLoad(path: string): number {
    const load = (this.#loads.get(path) ?? 0) + 1;
    this.#loads.set(path, load);
    return load;
  }

  #isStale(path: string, load: number): boolean {
    return this.#over || this.#loads.get(path) !== load || !this.#entries.has(path);
  }

  #change(path: string, change: (entry: StoreEntry) => StoreEntry): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    this.#entries.set(path, change(entry));
    this.#changed.fire(path);
  }

  #tellList(): void {
    this.#around.onList(this.list, this.#discovered);
    this.#changed.fire(null);
  }
}

function fresh(recognised: RecognisedStore): StoreEntry {
  return { path: recognised.path, recognised, added: false, summary: notLoaded(), inspected: notLoaded() };
}

/** What is gone is no store any more; its path stays remembered in case it comes back. Which files a glob names is found out by the engine. */
function isWorthAsking(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? hasGlobSigns(path) : found.isFile() || found.isDirectory();
}
