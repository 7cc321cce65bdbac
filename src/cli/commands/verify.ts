import { verifyMigration } from '../../core/index.ts';
import { jsonOption, targetOption, type CliCommand } from '../command.ts';
import { exitCodeOfVerification } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { renderFollowUps } from '../output/render-follow-ups.ts';
import { renderVerification } from '../output/render-verification.ts';
import { readVerified } from '../read-verified.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';
import { commandLine } from '../terminal.ts';

interface VerifyOptions extends CommonOptions {
  readonly target?: string;
  readonly schema?: string;
}

export const verifyCommand: CliCommand = {
  name: 'verify',
  define(command, terminal, finish) {
    command
      .description('compare every cell of the source with the target')
      .argument('<run-id|plan|location>', 'a run, a plan file, or a store (by the plan of its last run)')
      .addOption(targetOption())
      .option('--schema <name>', 'schema of the tables; beats the plan')
      .addOption(jsonOption())
      .action(async (word: string, options: VerifyOptions) => {
        finish(await execute(terminal, options, (session) => verify(word, options, session)));
      });
  },
};

async function verify(word: string, options: VerifyOptions, session: Session) {
  const { terminal } = session;
  const { input, wish } = readVerified(word, options.target, terminal.cwd);
  const target = chooseTarget(wish, { ...terminal, warn: session.warn });
  requireExisting(target);
  const schema = options.schema === undefined ? {} : { schema: options.schema };
  const result = await verifyMigration({ input, target, ...schema, signal: session.signal }, session.deps);
  const next =
    result.runId === null
      ? []
      : [{ purpose: 'read the report', command: commandLine(terminal, 'report', result.runId, '--target', target.name) }];
  return {
    exitCode: exitCodeOfVerification(result),
    json: result,
    text: () => `${renderVerification(result).join('\n')}\n\n${renderFollowUps(next)}`,
  };
}
