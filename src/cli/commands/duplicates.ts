import { Option } from 'commander';
import { listDuplicates, MigrationError, type DuplicatesRequest } from '../../core/index.ts';
import { decimalNumber, jsonOption, nameList, targetOption, wholeNumber, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { duplicatesDocument } from '../output/duplicates-document.ts';
import { renderDuplicates } from '../output/render-duplicates.ts';
import { parseTableName } from '../parse-table-name.ts';
import { progressModes } from '../progress/create-progress.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';

interface DuplicatesOptions extends CommonOptions {
  readonly target?: string;
  readonly table: string;
  readonly column: string;
  readonly threshold: number;
  readonly metric?: NonNullable<DuplicatesRequest['metric']>;
  readonly exact?: boolean;
  readonly into?: string;
  readonly intoColumns?: readonly string[];
  readonly keep?: boolean;
  readonly limit?: number;
}

/** Pairs that are printed unless --limit says otherwise; all are counted, and written with --into. */
const shownPairs = 50;
const listedPairs = 10_000;

export const duplicatesCommand: CliCommand = {
  name: 'duplicates',
  define(command, terminal, finish) {
    command
      .description('pairs of rows with similar vectors; on request written into a table')
      .addOption(targetOption())
      .requiredOption('--table <schema.table>', 'table of the target; without a schema, public')
      .requiredOption('--column <name>', 'its vector column')
      .requiredOption('--threshold <similarity>', 'least similarity of a pair, for example 0.9', decimalNumber)
      .addOption(new Option('--metric <metric>', 'default: that of the index').choices(['cosine', 'l2', 'ip', 'l1']))
      .option('--exact', 'compare every row with every other instead of asking the index')
      .option('--into <table>', 'write the pairs into this table, which is made when it is missing')
      .option('--into-columns <names>', 'its columns: key of one row, key of the other, similarity (with commas)', nameList)
      .option('--keep', 'leave pairs that the table has, either way round, as they are')
      .option('--limit <n>', `pairs to print (default: ${shownPairs}, with --json ${listedPairs})`, wholeNumber(0))
      .addOption(jsonOption())
      .addOption(new Option('--progress <how>', 'progress on stderr').choices([...progressModes]))
      .action(async (options: DuplicatesOptions) => {
        finish(await execute(terminal, options, (session) => duplicates(options, session)));
      });
  },
};

async function duplicates(options: DuplicatesOptions, session: Session) {
  if (options.intoColumns !== undefined && options.into === undefined)
    throw new MigrationError('bad-usage', {
      context: { detail: '--into-columns names the columns of a table that pairs are written to', hint: 'Add --into TABLE.' },
    });
  if (options.keep === true && options.into === undefined)
    throw new MigrationError('bad-usage', {
      context: { detail: '--keep is about the pairs of a table', hint: 'Add --into TABLE.' },
    });
  const wish = {
    ...parseTableName(options.table),
    column: options.column,
    threshold: options.threshold,
    metric: options.metric ?? null,
    exact: options.exact === true,
    limit: options.limit ?? (options.json === true ? listedPairs : shownPairs),
    into:
      options.into === undefined
        ? null
        : { ...parseTableName(options.into), columns: options.intoColumns ?? null, keep: options.keep === true },
  };
  const target = chooseTarget({ flag: options.target }, { ...session.terminal, warn: session.warn });
  requireExisting(target);
  const result = await listDuplicates({ ...wish, target, signal: session.signal }, session.deps);
  return { exitCode: exitCode.done, json: duplicatesDocument(result), text: () => renderDuplicates(result) };
}
