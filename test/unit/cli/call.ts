import { PassThrough } from 'node:stream';
import { callCli } from '../../../src/cli/cli.ts';

export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One call of the command line inside this process, with streams of its own. */
export async function call(
  words: readonly string[],
  surroundings: { readonly cwd?: string; readonly environment?: Record<string, string> } = {},
): Promise<Called> {
  const streams = { stdout: new PassThrough(), stderr: Object.assign(new PassThrough(), { isTTY: false }) };
  const code = await callCli(words, {
    cwd: surroundings.cwd ?? '/',
    environment: surroundings.environment ?? {},
    stdout: streams.stdout,
    stderr: streams.stderr as unknown as NodeJS.WriteStream,
    program: 'sluice',
  });
  return { code, stdout: String(streams.stdout.read() ?? ''), stderr: String(streams.stderr.read() ?? '') };
}
