import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Option } from 'commander';
import { MigrationError, planStores, type PlanResult } from '../../core/index.ts';
import { storeName } from '../../core/model/store-location.ts';
import { isPostgresUrl } from '../../core/target/postgres/postgres-url.ts';
import { jsonOption, targetOption, wholeNumber, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderPlan } from '../output/render-plan.ts';
import { existingPath } from '../read-input.ts';
import { chooseTarget, planProfile } from '../target-choice.ts';
import { commandLine } from '../terminal.ts';
import { writeTextFile } from '../write-text-file.ts';

interface PlanCommandOptions extends CommonOptions {
  readonly output?: string;
  readonly target?: string;
  readonly schema?: string;
  readonly identifiers?: 'preserve' | 'lower' | 'snake';
  readonly sample?: number;
}

export const planCommand: CliCommand = {
  name: 'plan',
  define(command, terminal, finish) {
    command
      .description('write a plan: every table and column with its PostgreSQL type and the evidence for it')
      .argument('<location...>', 'files of stores; a folder or a quoted glob of files is one store')
      .option('-o, --output <file>', 'the plan file; default: named after the first store, in the current directory')
      .addOption(targetOption())
      .option('--schema <name>', 'schema to create the tables in')
      .addOption(new Option('--identifiers <how>', 'names of tables and columns').choices(['preserve', 'lower', 'snake']))
      .option('--sample <n>', 'read only n rows of each table', wholeNumber(1))
      .addOption(jsonOption())
      .action(async (words: string[], options: PlanCommandOptions) => {
        finish(await execute(terminal, options, (session) => plan(words, options, session)));
      });
  },
};

async function plan(words: readonly string[], options: PlanCommandOptions, session: Session) {
  const { terminal } = session;
  const locations = words.map((word) => existingPath(word, terminal.cwd));
  const file = planFile(locations, options, terminal.cwd);
  checkTargetName(options.target, session);
  const result = await planStores(
    {
      locations,
      directory: file === null ? terminal.cwd : dirname(file),
      ...(options.sample === undefined ? {} : { sample: options.sample }),
      targetProfile: planProfile(options.target),
      options: {
        ...(options.schema === undefined ? {} : { schema: options.schema }),
        ...(options.identifiers === undefined ? {} : { identifiers: options.identifiers }),
      },
      signal: session.signal,
    },
    session.deps,
  );
  if (file !== null) writeTextFile(file, result.text);
  return { exitCode: exitCode.done, json: result.plan, text: () => planText(result, file, options, session) };
}

/** Absolute path, or null when the plan goes to stdout only. Nothing is overwritten that was not named. */
function planFile(locations: readonly string[], options: PlanCommandOptions, cwd: string): string | null {
  if (options.output !== undefined) return resolve(cwd, options.output);
  if (options.json === true) return null;
  const store = storeName(locations[0] ?? 'store');
  const file = join(cwd, `${store}.sluice.json`);
  if (existsSync(file)) {
    throw new MigrationError('bad-usage', {
      context: { detail: `${basename(file)} exists already and is not overwritten`, hint: 'Name the file to write with -o FILE.' },
    });
  }
  return file;
}

/** A wrong name is told now and not when the plan runs; a variable may still be missing. */
function checkTargetName(flag: string | undefined, session: Session): void {
  if (flag === undefined || flag.startsWith('env:')) return;
  if (isPostgresUrl(flag)) {
    session.warn('a URL is never written to a plan: the plan names the embedded target; pass --target env:NAME to run it elsewhere');
    return;
  }
  chooseTarget({ flag }, { ...session.terminal, warn: session.warn });
}

function planText(result: PlanResult, file: string | null, options: PlanCommandOptions, session: Session): string {
  const { terminal } = session;
  const shown = file === null ? '-' : relative(terminal.cwd, file);
  // A URL would end in shell histories, password included.
  const target = ['--target', options.target === undefined ? 'embedded' : isPostgresUrl(options.target) ? 'env:NAME' : options.target];
  const next: FollowUp[] = [
    { purpose: 'check it', command: commandLine(terminal, 'run', shown, ...target, '--dry-run') },
    { purpose: 'run it', command: commandLine(terminal, 'run', shown, ...target) },
  ];
  return renderPlan(result, shown, next);
}
