import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { EngineEvent, RunResult } from '../../src/core/index.ts';
import { assertNoSecret, serverUrls } from './no-secrets.ts';
import { assertRowsAddUp } from './row-accounting.ts';
import { startedFile } from './use-bundle.ts';

export const projectRoot = join(import.meta.dirname, '../..');
const bundle = join(projectRoot, 'dist/sluice.js');

/** How one call of `sluice` ended. */
export interface CliOutcome {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Told each line of stderr that is an event; pass `--progress ndjson`. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Runs dist/sluice.js, as users do, and not the sources, which Node translates in each thread. */
  readonly bundle?: boolean;
  /** Program and words in front of the call, for example one that changes what the file system looks like. */
  readonly within?: readonly string[];
}

/** A call of `sluice` under way, leader of a process group of its own. */
export interface CliProcess {
  readonly pid: number;
  readonly finished: Promise<CliOutcome>;
  /** kill -9 of the whole group. */
  killGroup(): void;
}

/** Runs the real command line as a process: the sources, or the bundle where `npm test` says so, or what SLUICE_TEST_CLI names. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  return startCli(args, options).finished;
}

export function startCli(args: readonly string[], options: CliOptions = {}): CliProcess {
  const entry = process.env['SLUICE_TEST_CLI'] ?? (options.bundle === true ? bundle : startedFile('src/cli/main.ts', 'dist/sluice.js'));
  const [program = process.execPath, ...words] = [...(options.within ?? []), process.execPath, entry, ...args];
  const child = spawn(program, words, {
    cwd: options.cwd ?? projectRoot,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`cannot start ${entry}`);
  // What is named by a variable must be in nothing that is printed.
  const secrets = serverUrls(options.environment).filter((url) => !args.includes(url));
  const finished = collect(child, options.onEvent).then((outcome) => {
    assertNoSecret(secrets, outcome.stdout, 'stdout');
    assertNoSecret(secrets, outcome.stderr, 'stderr');
    return outcome;
  });
  return { pid, finished, killGroup: () => void process.kill(-pid, 'SIGKILL') };
}

/** The one JSON document on stdout; throws with everything the command said when there is none. */
export function parseJson(outcome: CliOutcome): unknown {
  try {
    return JSON.parse(outcome.stdout);
  } catch {
    throw new Error(`no JSON on stdout; ${describeOutcome(outcome)}`);
  }
}

/** The result of `run --json` that must have ended with `code`. */
export function parseRun(outcome: CliOutcome, code = 0): RunResult & { readonly runId: string } {
  if (outcome.code !== code) throw new Error(`expected exit code ${code}; ${describeOutcome(outcome)}`);
  const result = parseJson(outcome) as RunResult & { readonly runId: string };
  assertRowsAddUp(result.tables);
  return result;
}

/** The error of `--json` output that must have ended with `code`. */
export function parseFailure(outcome: CliOutcome, code = 1): { readonly code: string; readonly message: string; readonly remedy: string } {
  if (outcome.code !== code) throw new Error(`expected exit code ${code}; ${describeOutcome(outcome)}`);
  return (parseJson(outcome) as { error: { code: string; message: string; remedy: string } }).error;
}

export function describeOutcome(outcome: CliOutcome): string {
  return `exit ${outcome.code ?? outcome.signal}\nstdout: ${outcome.stdout.slice(0, 3000)}\nstderr: ${outcome.stderr.slice(-3000)}`;
}

function collect(child: ChildProcess, onEvent: ((event: EngineEvent) => void) | undefined): Promise<CliOutcome> {
  let stdout = '';
  let stderr = '';
  let told = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (onEvent === undefined) return;
    for (let end = stderr.indexOf('\n', told); end >= 0; end = stderr.indexOf('\n', told)) {
      const line = stderr.slice(told, end);
      told = end + 1;
      if (line.startsWith('{"type"')) onEvent(JSON.parse(line) as EngineEvent);
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
