import { InvalidArgumentError } from 'commander';
import { BrowseSession, compareRows, type CompareRowsRequest } from '../../core/index.ts';
import { jsonOption, targetOption, wholeNumber, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Outcome, type Session } from '../execute.ts';
import { comparisonJson, renderComparison } from '../output/render-comparison.ts';
import { readVerified } from '../read-verified.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';

const states = ['different', 'missing', 'extra'] as const;

interface RowsOptions extends CommonOptions {
  readonly table: string;
  readonly target?: string;
  readonly schema?: string;
  readonly state?: (typeof states)[number];
  readonly limit: number;
}

export const rowsCommand: CliCommand = {
  name: 'rows',
  define(command, terminal, finish) {
    command
      .description('compare one table and show the rows that differ')
      .argument('<run-id|plan|location>', 'a run, a plan file, or a store (by the plan of its last run)')
      .requiredOption('--table <name>', 'table in the target (name or schema.name) or in the source')
      .addOption(targetOption())
      .option('--schema <name>', 'schema of the tables; beats the plan')
      .option('--state <state>', `show only rows that are ${states.join(', ')}`, stateNamed)
      .option('--limit <n>', 'show at most n rows; all are counted', wholeNumber(1), 50)
      .addOption(jsonOption())
      .action(async (word: string, options: RowsOptions) => {
        finish(await execute(terminal, options, (session) => rows(word, options, session)));
      });
  },
};

async function rows(word: string, options: RowsOptions, session: Session): Promise<Outcome> {
  const { terminal, signal } = session;
  const { input, wish } = readVerified(word, options.target, terminal.cwd);
  const target = chooseTarget(wish, { ...terminal, warn: session.warn });
  requireExisting(target);
  const request: CompareRowsRequest = {
    input,
    target,
    table: options.table,
    limit: options.limit,
    ...(options.schema === undefined ? {} : { schema: options.schema }),
    ...(options.state === undefined ? {} : { state: options.state }),
    signal,
  };
  const browsing = new BrowseSession(session.deps);
  try {
    const comparison = await compareRows(request, browsing);
    const { different, missing, extra } = comparison.counts;
    return {
      exitCode: different + missing + extra === 0 ? exitCode.done : exitCode.mismatch,
      json: comparisonJson(comparison),
      text: () => `${renderComparison(comparison, options.state ?? null).join('\n')}\n`,
    };
  } finally {
    await browsing.close();
  }
}

function stateNamed(text: string): (typeof states)[number] {
  const state = states.find((candidate) => candidate === text);
  if (state === undefined) throw new InvalidArgumentError(`It must be one of ${states.join(', ')}.`);
  return state;
}
