import type { CliCommand } from '../command.ts';
import { adviseCommand } from './advise.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { duplicatesCommand } from './duplicates.ts';
import { embedCommand } from './embed.ts';
import { healthCommand } from './health.ts';
import { inspectCommand } from './inspect.ts';
import { neighboursCommand } from './neighbours.ts';
import { planCommand } from './plan.ts';
import { rejectsCommand } from './rejects.ts';
import { reportCommand } from './report.ts';
import { rollbackCommand } from './rollback.ts';
import { rowsCommand } from './rows.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { verifyCommand } from './verify.ts';

/** Every command, in alphabetical order. */
export const commands: readonly CliCommand[] = [
  adviseCommand,
  diffCommand,
  doctorCommand,
  duplicatesCommand,
  embedCommand,
  healthCommand,
  inspectCommand,
  neighboursCommand,
  planCommand,
  rejectsCommand,
  reportCommand,
  rollbackCommand,
  rowsCommand,
  runCommand,
  runsCommand,
  verifyCommand,
];
