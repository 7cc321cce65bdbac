import { examineTarget } from '../../core/index.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { renderDiagnosis } from '../doctor/render-diagnosis.ts';
import { jsonOption, targetOption, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { chooseTarget, exists } from '../target-choice.ts';

interface DoctorOptions extends CommonOptions {
  readonly target?: string;
  readonly createDatabase?: boolean;
}

export const doctorCommand: CliCommand = {
  name: 'doctor',
  define(command, terminal, finish) {
    command
      .description('versions, native parts and the connection to a target: what is wrong and how to mend it; nothing secret')
      .addOption(targetOption())
      .option('--create-database', 'create the database when it is missing')
      .addOption(jsonOption())
      .action(async (options: DoctorOptions) => {
        finish(await execute(terminal, options, (session) => doctor(options, session)));
      });
  },
};

async function doctor(options: DoctorOptions, session: Session) {
  const target = chooseTarget({ flag: options.target }, { ...session.terminal, warn: session.warn });
  // Where there is none yet, one is started only on request: it takes seconds.
  const look = options.target !== undefined || exists(target) ? () => examineTarget(target, session.deps, options) : null;
  const diagnosis = await diagnose(target.name, look);
  return { exitCode: diagnosis.healthy ? exitCode.done : exitCode.failed, json: diagnosis, text: () => renderDiagnosis(diagnosis) };
}
