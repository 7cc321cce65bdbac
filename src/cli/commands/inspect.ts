import { inspectStores } from '../../core/index.ts';
import { jsonOption, wholeNumber, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { renderFollowUps } from '../output/render-follow-ups.ts';
import { renderInspection } from '../output/render-inspection.ts';
import { existingPath } from '../read-input.ts';
import { commandLine } from '../terminal.ts';

interface InspectOptions extends CommonOptions {
  readonly sample?: number;
}

export const inspectCommand: CliCommand = {
  name: 'inspect',
  define(command, terminal, finish) {
    command
      .description('show stores, tables and columns with declared and inferred types')
      .argument('<location...>', 'files of stores; a folder or a quoted glob of files is one store')
      .option('--sample <n>', 'read only n rows of each table', wholeNumber(1))
      .addOption(jsonOption())
      .action(async (words: string[], options: InspectOptions) => {
        finish(await execute(terminal, options, (session) => inspect(words, options, session)));
      });
  },
};

async function inspect(words: readonly string[], options: InspectOptions, session: Session) {
  const { terminal, signal } = session;
  const locations = words.map((word) => existingPath(word, terminal.cwd));
  const sample = options.sample === undefined ? {} : { sample: options.sample };
  const result = await inspectStores({ locations, ...sample, signal }, session.deps);
  const next = [{ purpose: 'make a plan', command: commandLine(terminal, 'plan', ...words) }];
  return { exitCode: exitCode.done, json: result, text: () => `${renderInspection(result)}\n${renderFollowUps(next)}` };
}
