import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { embeddedDirectory } from '../../core/target/embedded/embedded-directory.ts';
import type { Memory } from './memory.ts';

export interface EmbeddedHomeSurroundings {
  /** Folder that the user set, '' = none. */
  readonly setting: () => string;
  /** First folder of the workspace, null without one. */
  readonly base: () => string | null;
  readonly memory: Memory;
}

const homeKey = 'sluice.embeddedHome';
const othersKey = 'sluice.embeddedOthers';

/**
 * Which directory the profile `embedded` means. The rule is the command line's, nearest `.sluice/postgres` upward from the plan; but once there is a
 * database the profile stays with it, and a plan that leads elsewhere gets a profile of its own: what a panel shows must not change its database.
 */
export class EmbeddedHome {
  readonly #around: EmbeddedHomeSurroundings;

  constructor(around: EmbeddedHomeSurroundings) {
    this.#around = around;
  }

  /** null when there is neither a folder nor a plan yet. */
  get directory(): string | null {
    const set = this.#set();
    if (set !== null) return set;
    const remembered = this.#around.memory.get<string | null>(homeKey, null);
    if (remembered !== null && existsSync(remembered)) return remembered;
    const base = this.#around.base();
    const usual = base === null ? null : embeddedDirectory(base);
    return usual !== null && existsSync(usual) ? usual : (remembered ?? usual);
  }

  /** Directory for a plan; `planPath` is absolute. */
  forPlan(planPath: string): string {
    const set = this.#set();
    if (set !== null) return set;
    const directory = embeddedDirectory(dirname(planPath));
    const home = this.directory;
    if (home === null || !existsSync(home)) void this.#around.memory.update(homeKey, directory);
    else this.note(directory);
    return directory;
  }

  /** Remembers a directory that somebody named. */
  note(directory: string): void {
    const others = this.#around.memory.get<readonly string[]>(othersKey, []);
    if (directory !== this.directory && !others.includes(directory)) void this.#around.memory.update(othersKey, [...others, directory]);
  }

  /** Other directories that were used and still exist. */
  get others(): readonly string[] {
    const home = this.directory;
    return this.#around.memory.get<readonly string[]>(othersKey, []).filter((other) => other !== home && existsSync(other));
  }

  /** Profile of a directory. */
  idOf(directory: string): string {
    return directory === this.directory ? 'embedded' : `embedded:${directory}`;
  }

  #set(): string | null {
    const setting = this.#around.setting().trim();
    return setting === '' ? null : resolve(this.#around.base() ?? '.', setting);
  }
}
