import { Option } from 'commander';
import { findNeighbours, MigrationError, type NeighboursRequest } from '../../core/index.ts';
import { jsonOption, targetOption, wholeNumber, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { neighboursDocument } from '../output/neighbours-document.ts';
import { renderNeighbours } from '../output/render-neighbours.ts';
import { parseTableName } from '../parse-table-name.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';

interface NeighboursOptions extends CommonOptions {
  readonly target?: string;
  readonly table: string;
  readonly column: string;
  readonly id?: readonly string[];
  readonly vector?: string;
  readonly text?: string;
  readonly source?: string;
  readonly k: number;
  readonly metric?: NonNullable<NeighboursRequest['metric']>;
  readonly exact?: boolean;
  readonly recall?: boolean;
  readonly oversample?: number;
}

export const neighboursCommand: CliCommand = {
  name: 'neighbours',
  define(command, terminal, finish) {
    command
      .description('the rows nearest to a row or a vector, with distance and similarity')
      .addOption(targetOption())
      .requiredOption('--table <schema.table>', 'table of the target; without a schema, public')
      .requiredOption('--column <name>', 'its vector column')
      .option('--id <value>', 'key of the row to start from; once for each column of the key', append)
      .option('--vector <numbers>', 'a vector to start from: [0.1, -0.2, …]')
      .option('--text <words>', 'a text to start from (not in this version)')
      .option('-k <n>', 'how many', wholeNumber(1), 10)
      .addOption(new Option('--metric <metric>', 'default: that of the index').choices(['cosine', 'l2', 'ip', 'l1']))
      .option('--exact', 'compare with every row instead of asking the index')
      .option('--recall', 'also say which share of the exact neighbours the index finds')
      .option(
        '--oversample <n>',
        'candidates for each neighbour from an index on an expression (default: as its form needs)',
        wholeNumber(1),
      )
      .option('--source <plan>', 'also ask the source (not in this version)')
      .addOption(jsonOption())
      .action(async (options: NeighboursOptions) => {
        finish(await execute(terminal, options, (session) => neighbours(options, session)));
      });
  },
};

async function neighbours(options: NeighboursOptions, session: Session) {
  const wish = {
    ...parseTableName(options.table),
    column: options.column,
    query: toQuery(options),
    k: options.k,
    metric: options.metric ?? null,
    filter: null,
    effort: null,
    oversampling: options.oversample ?? null,
    compare: options.exact === true || options.recall === true,
  };
  const target = chooseTarget({ flag: options.target }, { ...session.terminal, warn: session.warn });
  requireExisting(target);
  const result = await findNeighbours({ ...wish, target, signal: session.signal }, session.deps);
  const document = neighboursDocument(result, { exact: options.exact === true });
  return { exitCode: exitCode.done, json: document, text: () => renderNeighbours(result, document) };
}

function toQuery(options: NeighboursOptions): NeighboursRequest['query'] {
  if (options.text !== undefined) throw notThere('--text, a search by words, needs an embedding endpoint, which');
  if (options.source !== undefined) throw notThere('--source');
  if ((options.id === undefined) === (options.vector === undefined)) {
    const detail = options.id === undefined ? 'There is nothing to start from' : '--id and --vector exclude each other';
    throw new MigrationError('bad-usage', { context: { detail, hint: "Pass either --id KEY or --vector '[0.1, -0.2, …]'." } });
  }
  return options.id === undefined ? { kind: 'vector', vector: options.vector ?? '' } : { kind: 'row', key: options.id };
}

function notThere(option: string): MigrationError {
  return new MigrationError('unsupported-option', { context: { option } });
}

function append(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
