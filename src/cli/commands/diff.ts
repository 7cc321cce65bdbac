import { Option } from 'commander';
import { diffSchemas, MigrationError, type SchemaDiffResult } from '../../core/index.ts';
import { targetOption, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import type { FollowUp } from '../follow-up.ts';
import { isDifferent, renderDiff, renderDiffSql } from '../output/render-diff.ts';
import { readInput } from '../read-input.ts';
import { chooseTarget } from '../target-choice.ts';
import { commandLine } from '../terminal.ts';

interface DiffOptions extends CommonOptions {
  readonly target?: string;
  readonly schema?: string;
  readonly format?: 'text' | 'sql' | 'json';
  readonly exitCode?: boolean;
}

export const diffCommand: CliCommand = {
  name: 'diff',
  define(command, terminal, finish) {
    command
      .description('compare what a plan makes with the target as it is')
      .argument('<plan>', 'a plan file')
      .addOption(targetOption())
      .option('--schema <name>', 'schema of the tables; beats the plan')
      .addOption(new Option('--format <format>', 'text, sql (a script that makes the target fit) or json').choices(['text', 'sql', 'json']))
      .addOption(new Option('--json', 'the same as --format json'))
      .option('--exit-code', 'end with 1 when something differs')
      .action(async (word: string, options: DiffOptions) => {
        const json = options.json === true || options.format === 'json';
        finish(await execute(terminal, { ...options, json }, (session) => diff(word, options, session)));
      });
  },
};

async function diff(word: string, options: DiffOptions, session: Session) {
  const { terminal } = session;
  const input = readInput(word, terminal.cwd);
  if (input.kind === 'location') {
    throw new MigrationError('bad-usage', {
      context: { detail: `"${word}" is not a plan file`, hint: 'Make one first: sluice plan LOCATION -o FILE.' },
    });
  }
  const wish = { flag: options.target, planPath: input.path, profile: input.profile };
  const target = chooseTarget(wish, { ...terminal, warn: session.warn });
  const schema = options.schema === undefined ? {} : { schema: options.schema };
  const result = await diffSchemas({ input, target, ...schema, signal: session.signal }, session.deps);
  const { tables: _tables, ...json } = result;
  const words = [word, '--target', target.name, ...(options.schema === undefined ? [] : ['--schema', options.schema])];
  const next = followUps(result, (command, ...more) => commandLine(terminal, command, ...words, ...more));
  return {
    exitCode: options.exitCode === true && isDifferent(result) ? exitCode.failed : exitCode.done,
    json,
    text: () => (options.format === 'sql' ? renderDiffSql(result, target.name) : renderDiff(result, target.name, next)),
  };
}

/** A run creates its tables, so that it can follow only where none of them is there. */
function followUps(result: SchemaDiffResult, on: (command: string, ...more: readonly string[]) => string): readonly FollowUp[] {
  const script = { purpose: 'see the SQL', command: on('diff', '--format', 'sql') };
  if (result.statements.length === 0) return [{ purpose: 'compare the rows', command: on('verify') }];
  return result.tables.some((table) => table.before !== '') ? [script] : [script, { purpose: 'run it', command: on('run') }];
}
