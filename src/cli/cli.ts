import { Command, CommanderError } from 'commander';
import { MigrationError } from '../core/index.ts';
import { commands } from './commands/index.ts';
import { engineVersion } from './engine-version.ts';
import { reportFailure } from './execute.ts';
import { exitCode } from './exit-code.ts';
import { terminalOf, type Terminal } from './terminal.ts';

/** Runs `sluice` with the arguments of `host` and ends the process with the exit code. */
export async function runCli(host: NodeJS.Process): Promise<void> {
  // `sluice … | head` closes our stdout early; that is no failure.
  host.stdout.on('error', () => {});
  host.stderr.on('error', () => {});
  host.exit(await callCli(host.argv.slice(2), terminalOf(host)));
}

/** One call; resolves with the exit code. */
export async function callCli(words: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCode.done;
  let complaint = '';
  const program = createProgram(
    terminal,
    (text) => (complaint += text),
    (finished) => (code = finished),
  );
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCode.done;
    await reportFailure(terminal, words.includes('--json'), badUsage(error, complaint, terminal));
    return exitCode.usage;
  }
}

function createProgram(terminal: Terminal, complain: (text: string) => void, finish: (exitCode: number) => void): Command {
  const program = new Command('sluice')
    .description('Moves a SQLite store into PostgreSQL + pgvector and proves that nothing was lost.')
    .version(engineVersion, '-V, --version', 'print the version')
    .helpCommand(false)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => void terminal.stdout.write(text), writeErr: complain });
  for (const entry of commands) {
    // A subcommand inherits how output and exits are treated only when it is made by its parent.
    const command = program.command(entry.name).allowExcessArguments(false);
    entry.define(command, terminal, finish);
    command.option('--verbose', 'write a diagnostic log to stderr');
  }
  return program;
}

/** Commander's sentence, its suggestion included, in the shape of our errors. */
function badUsage(error: CommanderError, complaint: string, terminal: Terminal): MigrationError {
  const said = error.code === 'commander.help' ? 'No command was given' : complaint.trim() || error.message;
  const [first = '', ...rest] = said.replace(/^error: /, '').split('\n');
  const suggestion = rest
    .join(' ')
    .trim()
    .replace(/^\((.*)\)$/, '$1');
  const detail = first.charAt(0).toUpperCase() + first.slice(1).replace(/\.$/, '');
  const help = `Run \`${terminal.program} --help\` for the commands and their options.`;
  return new MigrationError('bad-usage', { context: { detail, hint: suggestion === '' ? help : `${suggestion} ${help}` } });
}
