import { Option } from 'commander';
import { adviseColumn, type IndexAdviceRequest } from '../../core/index.ts';
import { jsonOption, targetOption, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { renderAdvice } from '../output/render-advice.ts';
import { parseTableName } from '../parse-table-name.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';

interface AdviseOptions extends CommonOptions {
  readonly target?: string;
  readonly table: string;
  readonly column: string;
  readonly metric?: NonNullable<IndexAdviceRequest['metric']>;
}

export const adviseCommand: CliCommand = {
  name: 'advise',
  define(command, terminal, finish) {
    command
      .description('which index a vector column should have: HNSW, IVFFlat or none, with the reasons and what it takes')
      .addOption(targetOption())
      .requiredOption('--table <schema.table>', 'table of the target; without a schema, public')
      .requiredOption('--column <name>', 'its vector column')
      .addOption(
        new Option('--metric <metric>', 'how neighbours will be searched; default: from the norms').choices(['cosine', 'l2', 'ip', 'l1']),
      )
      .addOption(jsonOption())
      .action(async (options: AdviseOptions) => {
        finish(await execute(terminal, options, (session) => advise(options, session)));
      });
  },
};

async function advise(options: AdviseOptions, session: Session) {
  const wish = { ...parseTableName(options.table), column: options.column, metric: options.metric ?? null };
  const target = chooseTarget({ flag: options.target }, { ...session.terminal, warn: session.warn });
  requireExisting(target);
  const result = await adviseColumn({ ...wish, target, signal: session.signal }, session.deps);
  return { exitCode: exitCode.done, json: result, text: () => renderAdvice(result) };
}
