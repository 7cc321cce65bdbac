import { checkVectorHealth } from '../../core/index.ts';
import { jsonOption, targetOption, type CliCommand } from '../command.ts';
import { exitCodeOfHealth } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { renderHealth } from '../output/render-health.ts';
import { parseTableName } from '../parse-table-name.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';

interface HealthOptions extends CommonOptions {
  readonly target?: string;
  readonly table: string;
  readonly column: string;
}

export const healthCommand: CliCommand = {
  name: 'health',
  define(command, terminal, finish) {
    command
      .description('what is wrong with the vectors of a column: dimensions, NaN, zero, norms, duplicates, constant and missing ones')
      .addOption(targetOption())
      .requiredOption('--table <schema.table>', 'table of the target; without a schema, public')
      .requiredOption('--column <name>', 'its column of vectors, or of real[] or double precision[]')
      .addOption(jsonOption())
      .action(async (options: HealthOptions) => {
        finish(await execute(terminal, options, (session) => health(options, session)));
      });
  },
};

async function health(options: HealthOptions, session: Session) {
  const name = { ...parseTableName(options.table), column: options.column };
  const target = chooseTarget({ flag: options.target }, { ...session.terminal, warn: session.warn });
  requireExisting(target);
  const result = await checkVectorHealth({ ...name, target, signal: session.signal }, session.deps);
  return { exitCode: exitCodeOfHealth(result), json: result, text: () => renderHealth(result) };
}
