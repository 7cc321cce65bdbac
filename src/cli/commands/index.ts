import type { CliCommand } from '../command.ts';
import { doctorCommand } from './doctor.ts';
import { inspectCommand } from './inspect.ts';
import { planCommand } from './plan.ts';
import { reportCommand } from './report.ts';
import { rollbackCommand } from './rollback.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { verifyCommand } from './verify.ts';

/** Every command, in alphabetical order. */
export const commands: readonly CliCommand[] = [
  doctorCommand,
  inspectCommand,
  planCommand,
  reportCommand,
  rollbackCommand,
  runCommand,
  runsCommand,
  verifyCommand,
];
