import { basename, relative } from 'node:path';
import { shellWord } from '../core/report/shell-word.ts';

/** The surroundings of one call of `sluice`. Commands read these, never the global process. */
export interface Terminal {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream;
  /** How the user called us, so that a printed command can be pasted: "sluice", "npx sluice", "node dist/sluice.js". */
  readonly program: string;
}

export function terminalOf(host: NodeJS.Process): Terminal {
  const cwd = host.cwd();
  return {
    cwd,
    environment: host.env,
    stdout: host.stdout,
    stderr: host.stderr,
    program: programName(host.argv[1] ?? 'sluice', cwd, host.env),
  };
}

export function programName(script: string, cwd: string, environment: Terminal['environment']): string {
  if (basename(script) !== 'sluice') return `node ${shellWord(relative(cwd, script) || script)}`;
  return environment['npm_command'] === 'exec' ? 'npx sluice' : 'sluice';
}

/** A command that can be pasted into a shell. */
export function commandLine(terminal: Terminal, ...words: readonly string[]): string {
  return [terminal.program, ...words.map(shellWord)].join(' ');
}

/** Resolves when the text has left this process, so that an exit right after cuts nothing. */
export function writeOut(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}
