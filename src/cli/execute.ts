import { MigrationError, toMigrationError, type EngineDeps, type EngineEvent, type PreflightReport } from '../core/index.ts';
import { cancelOnSignal, type SignalHost } from './cancel-on-signal.ts';
import { createEngine } from './create-engine.ts';
import { exitCodeOfError } from './exit-code.ts';
import type { FollowUp } from './follow-up.ts';
import { renderFailure } from './output/render-failure.ts';
import { observeRun } from './observe-run.ts';
import { createProgress, type ProgressMode } from './progress/create-progress.ts';
import { stderrLog } from './stderr-log.ts';
import { writeOut, type Terminal } from './terminal.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly progress?: ProgressMode;
}

export interface Session {
  readonly terminal: Terminal;
  readonly deps: EngineDeps;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** One line on stderr, now. */
  readonly warn: (text: string) => void;
  /** Once it is known how to go on after a failure: commands to show, made from the error. */
  onFailure(followUps: (error: MigrationError) => readonly FollowUp[]): void;
}

export interface Outcome {
  readonly exitCode: number;
  /** Printed with --json. */
  readonly json: unknown;
  /** Printed without. */
  readonly text: () => string;
}

/** Runs one command from engine to exit code. Exactly one JSON document goes to stdout with --json, whatever happens. */
export async function execute(terminal: Terminal, options: CommonOptions, work: (session: Session) => Promise<Outcome>): Promise<number> {
  const progress = createProgress(options.progress ?? 'auto', terminal, options.verbose === true);
  const warn = (text: string) => progress.note(text);
  const cancel = cancelOnSignal(
    signalHost(() => progress.stop()),
    (text) => progress.note(text),
  );
  let followUps: (error: MigrationError) => readonly FollowUp[] = () => [];
  let close = async () => {};
  const observer = observeRun();
  try {
    const engine = createEngine({
      log: stderrLog(terminal.stderr, options.verbose === true),
      emit: (event: EngineEvent) => {
        observer.see(event);
        progress.show(event);
      },
      environment: terminal.environment,
    });
    close = () => engine.close();
    const session: Session = {
      terminal,
      deps: engine.deps,
      signal: cancel.signal,
      warn: (text) => warn(`warning: ${text}`),
      onFailure: (make) => (followUps = make),
    };
    const outcome = await work(session);
    progress.stop();
    await writeOut(terminal.stdout, options.json === true ? jsonDocument(outcome.json) : outcome.text());
    return outcome.exitCode;
  } catch (thrown) {
    progress.stop();
    const error = observer.complete(asCancelled(toMigrationError(thrown), cancel.signal));
    await reportFailure(terminal, options.json === true, error, followUps(error), observer.refusal);
    return exitCodeOfError(error);
  } finally {
    await close();
    cancel.dispose();
  }
}

/** Also used for bad usage, before there is a session. */
export async function reportFailure(
  terminal: Terminal,
  json: boolean,
  error: MigrationError,
  followUps: readonly FollowUp[] = [],
  preflight?: PreflightReport,
): Promise<void> {
  const failure = renderFailure(withResume(error, followUps), followUps, preflight);
  if (json) await writeOut(terminal.stdout, jsonDocument(failure.json));
  await writeOut(terminal.stderr, failure.text);
}

/** The remedy of a cancelled run is the command that goes on with it. */
function withResume(error: MigrationError, followUps: readonly FollowUp[]): MigrationError {
  const resume = followUps.find((next) => next.purpose === 'go on')?.command;
  if (error.code !== 'cancelled' || resume === undefined) return error;
  return new MigrationError('cancelled', { context: { ...error.context, resume }, cause: error.cause });
}

function jsonDocument(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The process; before an exit at once the screen is put in order. */
function signalHost(beforeExit: () => void): SignalHost {
  return {
    on: (signal, listener) => process.on(signal, listener),
    off: (signal, listener) => process.off(signal, listener),
    exit(code) {
      beforeExit();
      process.exit(code);
    },
  };
}

/** An abort makes drivers throw many things; what the user did was cancel. */
function asCancelled(error: MigrationError, signal: AbortSignal): MigrationError {
  const aborted = error.cause instanceof Error && error.cause.name === 'AbortError';
  if (error.code === 'cancelled' || !signal.aborted || !aborted) return error;
  return new MigrationError('cancelled', { context: error.context, cause: error });
}
