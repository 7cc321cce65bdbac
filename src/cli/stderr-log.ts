import type { Log } from '../core/index.ts';

/** The diagnostic log on stderr with --verbose, else nowhere: what a user must know arrives as events and errors. */
export function stderrLog(stderr: NodeJS.WritableStream, verbose: boolean): Log {
  const line = (level: string) => (message: string) => {
    if (verbose) stderr.write(`${level} ${message}\n`);
  };
  return { debug: line('debug'), info: line('info '), warn: line('warn '), error: line('error') };
}
