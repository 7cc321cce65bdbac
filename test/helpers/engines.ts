import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { RunRequest, TargetChoice } from '../../src/core/index.ts';
import { createEngines, type EnginesSettings } from '../../src/host/engines/create-engines.ts';
import type { EngineState, Engines } from '../../src/host/engines.ts';
import { defaultSettings } from './run-request.ts';
import { startedFile } from './use-bundle.ts';

/** Engines as the editor makes them, with a folder for stores and embedded databases. */
export interface EnginesSetting {
  readonly engines: Engines;
  readonly folder: string;
  /** Every line that was logged. */
  readonly log: readonly string[];
  readonly states: readonly EngineState[];
  readonly target: Extract<TargetChoice, { kind: 'embedded' }>;
  /** Writes a store with this SQL; returns its path. */
  store(name: string, sql: string): string;
  remove(): Promise<void>;
}

export const engineEntries = {
  engineEntry: startedFile('src/engine-process/main.ts', 'dist/engine-process.js'),
  embeddedEntry: startedFile('src/embedded-process/main.ts', 'dist/embedded-process.js'),
};

export function enginesSetting(settings: Partial<EnginesSettings> = {}): EnginesSetting {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-engines-'));
  const log: string[] = [];
  const line = (level: string) => (message: string) => void log.push(`${level} ${message}`);
  const engines = createEngines({
    ...engineEntries,
    environment: process.env,
    engineVersion: '0.0.0-test',
    log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    now: () => Date.now(),
    ...settings,
  });
  const states: EngineState[] = [];
  engines.onDidChangeState((state) => void states.push(state));
  return {
    engines,
    folder,
    log,
    states,
    target: { kind: 'embedded', directory: join(folder, '.sluice', 'postgres'), name: 'embedded' },
    store(name, sql) {
      const path = join(folder, name);
      const database = new Database(path);
      database.unsafeMode(true);
      database.exec(sql);
      database.close();
      return path;
    },
    async remove() {
      await engines.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A run of everything in a store, as the editor sends it. */
export function runOfStore(
  folder: string,
  store: string,
  target: TargetChoice,
  changes: Partial<RunRequest> = {},
): Omit<RunRequest, 'signal'> {
  const { signal: _, ...rest } = changes;
  return {
    input: {
      kind: 'locations',
      plan: { locations: [store], directory: folder, targetProfile: 'embedded', options: {}, signal: undefined as never },
    },
    target,
    ...defaultSettings,
    ...rest,
  };
}

/**
 * A store in which one row takes tenths of a second to read: the value of a computed column is expensive. Rows are written before it becomes so, since
 * SQLite computes it then as well.
 */
export function slowTable(rows: number): string {
  return `CREATE TABLE slow (id INTEGER PRIMARY KEY,
      value TEXT GENERATED ALWAYS AS (substr(replace(hex(zeroblob(id * 0 + 1)), '00', 'ab'), 1, 20)) VIRTUAL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO slow (id) SELECT i FROM n;
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, 'id * 0 + 1)', 'id * 0 + 20000000)');`;
}

/** Process ids of engines that this process has forked. */
export function enginePids(): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes('engine-process')).map((line) => Number.parseInt(line, 10));
}

/** Resolves when a process has a store of `slowTable` open and has spent 0.3 s on it: then it is in the middle of a row and hears nothing. */
export async function untilReading(pid: number, store: string): Promise<void> {
  const opened = (): boolean => readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === store);
  while (!opened()) await sleep(20);
  const begun = processorTicks(pid);
  while (processorTicks(pid) < begun + 30) await sleep(20);
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** Hundredths of a second of all its threads, as the kernel counts them. */
function processorTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Writes an entry that is no engine; returns its path. */
export function fakeEntry(folder: string, code: string): string {
  const path = join(folder, 'fake-engine.mjs');
  writeFileSync(path, code);
  return path;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
