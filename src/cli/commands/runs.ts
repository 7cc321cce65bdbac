import { listRuns, type RunSummary, type TargetChoice } from '../../core/index.ts';
import { formatCount } from '../../core/report/format-quantity.ts';
import { jsonOption, targetOption, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { renderFollowUps } from '../output/render-follow-ups.ts';
import { textTable } from '../output/text-table.ts';
import { chooseTarget, exists } from '../target-choice.ts';
import { commandLine, type Terminal } from '../terminal.ts';

interface RunsOptions extends CommonOptions {
  readonly target?: string;
}

export const runsCommand: CliCommand = {
  name: 'runs',
  define(command, terminal, finish) {
    command
      .description('list the runs that a target remembers')
      .addOption(targetOption())
      .addOption(jsonOption())
      .action(async (options: RunsOptions) => {
        finish(await execute(terminal, options, (session) => runs(options, session)));
      });
  },
};

async function runs(options: RunsOptions, session: Session) {
  const target = chooseTarget({ flag: options.target }, { ...session.terminal, warn: session.warn });
  if (!exists(target)) session.warn(`there is no embedded PostgreSQL yet (${target.name})`);
  const list = exists(target) ? await listRuns(target, session.deps) : [];
  return { exitCode: exitCode.done, json: { runs: list }, text: () => renderRuns(list, target, session.terminal) };
}

function renderRuns(list: readonly RunSummary[], target: TargetChoice, terminal: Terminal): string {
  const [first] = list;
  if (first === undefined) return `no runs in ${target.name}\n`;
  const lines = textTable(
    [
      { title: 'run' },
      { title: 'plan' },
      { title: 'status' },
      { title: 'verification' },
      { title: 'rows', align: 'right' },
      { title: 'rejects', align: 'right' },
      { title: 'started' },
    ],
    list.map((run) => [
      run.runId,
      run.name,
      run.status,
      run.verification ?? '-',
      formatCount(run.rowsWritten),
      formatCount(run.rejects),
      run.startedAt,
    ]),
  );
  const next = [{ purpose: 'read a report', command: commandLine(terminal, 'report', first.runId, '--target', target.name) }];
  return `${lines.join('\n')}\n\n${renderFollowUps(next)}`;
}
