import { rollBackRun, type RollBackResult } from '../../core/index.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import { jsonOption, runId, targetOption, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';

interface RollbackOptions extends CommonOptions {
  readonly target?: string;
  readonly purge?: boolean;
}

export const rollbackCommand: CliCommand = {
  name: 'rollback',
  define(command, terminal, finish) {
    command
      .description('undo a run: drop what it created, in reverse order')
      .argument('<run-id>', 'the run', runId)
      .addOption(targetOption())
      .option('--purge', 'remove the schema sluice and the extension too when nothing else uses them')
      .addOption(jsonOption())
      .action(async (id: string, options: RollbackOptions) => {
        finish(await execute(terminal, options, (session) => rollBack(id, options, session)));
      });
  },
};

async function rollBack(id: string, options: RollbackOptions, session: Session) {
  const target = chooseTarget({ flag: options.target }, { ...session.terminal, warn: session.warn });
  requireExisting(target);
  const result = await rollBackRun({ runId: id, target, purge: options.purge === true, signal: session.signal }, session.deps);
  return { exitCode: exitCode.done, json: result, text: () => renderRollBack(result) };
}

function renderRollBack(result: RollBackResult): string {
  const kept = result.kept.length === 0 ? [] : ['kept:', ...result.kept.map((object) => `  ${visibleControls(object)}`)];
  const restored = result.restoredRows === 0 ? [] : [`restored: ${formatNumber(result.restoredRows, 'row')}`];
  const removed =
    result.deletedRows === 0
      ? []
      : [`removed: ${formatNumber(result.deletedRows, 'row')} that the run had added to tables that were there`];
  const dropped = result.dropped.map((object) => `  ${visibleControls(object)}`);
  return [
    `run ${result.runId} is rolled back`,
    `dropped: ${formatNumber(dropped.length, 'object')}`,
    ...dropped,
    ...restored,
    ...removed,
    ...kept,
    '',
  ].join('\n');
}
