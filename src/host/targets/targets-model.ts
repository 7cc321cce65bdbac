import { MigrationError } from '../../core/errors.ts';
import type { TargetChoice, TargetExamination } from '../../core/index.ts';
import type { TargetTableDetails, TargetTree } from '../../core/model/target-tree.ts';
import { Emitter } from '../emitter.ts';
import type { Engines } from '../engines.ts';
import type { Loaded, SavedTarget, TargetEntry, TargetProfile, Targets } from '../host.ts';
import { isUntouched, loadFailed, notLoaded, nowLoaded, nowLoading } from '../loaded.ts';
import type { Memory } from './memory.ts';
import { embeddedExists, type TargetProfiles } from './target-profiles.ts';

export interface TargetsSurroundings {
  readonly engines: Pick<Engines, 'browse'>;
  readonly profiles: TargetProfiles;
  readonly memory: Memory;
  /** Nothing is connected to in a workspace that is not trusted. */
  readonly isAllowed: () => boolean;
  readonly onList: (list: readonly TargetEntry[]) => void;
}

/** What is known of one target. `directory` tells when an embedded profile has come to mean another place. */
interface Known {
  readonly directory: string | null;
  readonly tree: Loaded<TargetTree>;
  readonly tables: ReadonlyMap<string, Loaded<TargetTableDetails>>;
  /** What the keys of `tables` stand for; names may hold dots. */
  readonly names: ReadonlyMap<string, TableName>;
}

interface TableName {
  readonly schema: string;
  readonly table: string;
}

const currentKey = 'sluice.currentTarget';

/** Targets of this window and what they hold. Errors are kept beside what they concern; nothing here asks or tells the user anything. */
export class TargetsModel implements Targets {
  readonly #around: TargetsSurroundings;
  readonly #changed = new Emitter<string | null>();
  readonly #known = new Map<string, Known>();
  /** Saved and environment profiles that the user connected to in this window. */
  readonly #connected = new Set<string>();
  #over = false;

  readonly onDidChange: Targets['onDidChange'] = this.#changed.event;

  constructor(around: TargetsSurroundings) {
    this.#around = around;
  }

  get list(): readonly TargetEntry[] {
    return this.#around.isAllowed() ? this.#around.profiles.list.map((profile) => this.#entry(profile)) : [];
  }

  find(id: string): TargetEntry | undefined {
    return this.list.find(({ profile }) => profile.id === id);
  }

  get current(): TargetProfile {
    const { list } = this.#around.profiles;
    const wanted = this.#around.memory.get(currentKey, 'embedded');
    const current = list.find((profile) => profile.id === wanted) ?? list[0];
    if (current === undefined) throw new MigrationError('unknown-target', { context: { target: wanted } });
    return current;
  }

  setCurrent(id: string): void {
    void this.#around.memory.update(currentKey, id);
    this.#changed.fire(null);
  }

  async resolve(id: string, options: { readonly planPath?: string } = {}): Promise<TargetChoice> {
    return this.#resolve(id, { ...options, ask: true });
  }

  async save(target: SavedTarget): Promise<TargetProfile> {
    const name = target.name.trim();
    await this.#around.profiles.saved.save({ ...target, name });
    this.#forget(name);
    this.refreshList();
    const saved = this.#around.profiles.list.find((profile) => profile.id === name);
    if (saved === undefined) throw new MigrationError('internal', { context: { detail: 'a saved target is not in the list' } });
    return saved;
  }

  async remove(id: string): Promise<void> {
    await this.#around.profiles.saved.remove(id);
    this.#forget(id);
    this.refreshList();
  }

  async test(id: string, signal?: AbortSignal): Promise<TargetExamination> {
    const target = await this.#resolve(id, { ask: true });
    const examination = await this.#around.engines.browse('diagnose', { target }, signal);
    // A wrong password is asked for again the next time.
    if (isAboutPassword(examination) && this.#around.profiles.saved.find(id) !== undefined)
      await this.#around.profiles.saved.forgetPassword(id);
    if (examination.diagnosis !== null) this.markConnected(id);
    return examination;
  }

  async createDatabase(id: string, signal?: AbortSignal): Promise<void> {
    const target = await this.#resolve(id, { ask: true });
    if (target.kind === 'postgres') await this.#around.engines.browse('createDatabase', { target }, signal);
  }

  load(id: string): void {
    const entry = this.find(id);
    if (entry?.connected === true && isUntouched(entry.tree)) this.#startTree(id);
  }

  loadTable(id: string, schema: string, table: string): void {
    const entry = this.find(id);
    if (entry?.connected === true && isUntouched(entry.tables.get(`${schema}.${table}`) ?? notLoaded()))
      this.#startTable(id, schema, table);
  }

  reload(id: string): void {
    const entry = this.find(id);
    if (entry?.connected !== true) {
      this.#changed.fire(id);
      return;
    }
    this.#startTree(id);
    for (const { schema, table } of this.#knownOf(id).names.values()) this.#startTable(id, schema, table);
  }

  markConnected(id: string): void {
    if (this.#around.profiles.directoryOf(id) === null) this.#connected.add(id);
    this.#changed.fire(null);
    this.reload(id);
  }

  embeddedId(directory: string): string {
    return this.#around.profiles.home.idOf(directory);
  }

  /** Profiles may have come or gone: another folder, `.env` or setting. */
  refreshList(): void {
    if (this.#over) return;
    this.#around.onList(this.list);
    this.#changed.fire(null);
  }

  async readVariables(): Promise<void> {
    if (!this.#around.isAllowed()) return;
    await this.#around.profiles.readVariables();
    this.refreshList();
  }

  dispose(): void {
    this.#over = true;
    this.#changed.dispose();
  }

  async #resolve(id: string, options: { readonly planPath?: string; readonly ask: boolean }): Promise<TargetChoice> {
    if (!this.#around.isAllowed()) throw new MigrationError('workspace-not-trusted');
    const before = this.#around.profiles.home.directory;
    const choice = await this.#around.profiles.resolve(id, options);
    if (this.#around.profiles.home.directory !== before) this.refreshList();
    return choice;
  }

  #startTree(id: string): void {
    this.#change(id, (known) => ({ ...known, tree: nowLoading(known.tree) }));
    const started = this.#known.get(id)?.tree;
    const isStale = (): boolean => this.#over || this.#known.get(id)?.tree !== started;
    const read = async (): Promise<TargetTree> =>
      this.#around.engines.browse('targetTree', { target: await this.#resolve(id, { ask: false }) });
    read().then(
      (tree) => isStale() || this.#change(id, (known) => ({ ...known, tree: nowLoaded(tree) })),
      (error: unknown) => isStale() || this.#change(id, (known) => ({ ...known, tree: loadFailed(known.tree, error) })),
    );
  }

  #startTable(id: string, schema: string, table: string): void {
    const key = `${schema}.${table}`;
    const change = (step: (loaded: Loaded<TargetTableDetails>) => Loaded<TargetTableDetails>): void =>
      this.#change(id, (known) => ({
        ...known,
        tables: new Map(known.tables).set(key, step(known.tables.get(key) ?? notLoaded())),
        names: new Map(known.names).set(key, { schema, table }),
      }));
    change(nowLoading);
    const started = this.#known.get(id)?.tables.get(key);
    const isStale = (): boolean => this.#over || this.#known.get(id)?.tables.get(key) !== started;
    const read = async (): Promise<TargetTableDetails> =>
      this.#around.engines.browse('targetTable', { target: await this.#resolve(id, { ask: false }), schema, table });
    read().then(
      (details) => isStale() || change(() => nowLoaded(details)),
      (error: unknown) => isStale() || change((loaded) => loadFailed(loaded, error)),
    );
  }

  #entry(profile: TargetProfile): TargetEntry {
    const { tree, tables } = this.#knownOf(profile.id);
    const { profiles } = this.#around;
    const connected = profile.kind === 'embedded' ? embeddedExists(profiles.directoryOf(profile.id)) : this.#connected.has(profile.id);
    return { profile, connected, tree, tables };
  }

  #knownOf(id: string): Known {
    const directory = this.#around.profiles.directoryOf(id);
    const known = this.#known.get(id);
    const gone = id.startsWith('embedded') && directory !== null && !embeddedExists(directory);
    if (known !== undefined && known.directory === directory && !gone) return known;
    return { directory, tree: notLoaded(), tables: new Map(), names: new Map() };
  }

  #change(id: string, change: (known: Known) => Known): void {
    this.#known.set(id, change(this.#knownOf(id)));
    this.#changed.fire(id);
  }

  #forget(id: string): void {
    this.#connected.delete(id);
    this.#known.delete(id);
  }
}

function isAboutPassword({ error }: TargetExamination): boolean {
  return error !== null && ['wrong-password', 'password-missing'].includes(error.code);
}
