import { resolve } from 'node:path';
import { Option } from 'commander';
import { MigrationError, runMigration, type RunOverrides, type RunRequest, type RunResult, type TargetChoice } from '../../core/index.ts';
import { jsonOption, nameList, runId, targetOption, wholeNumber, type CliCommand } from '../command.ts';
import { exitCodeOfRun } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderRun } from '../output/render-run.ts';
import { progressModes } from '../progress/create-progress.ts';
import { readInput, type Input } from '../read-input.ts';
import { chooseTarget, planProfile } from '../target-choice.ts';
import { commandLine, type Terminal } from '../terminal.ts';

interface RunOptions extends CommonOptions {
  readonly target?: string;
  readonly schema?: string;
  readonly identifiers?: 'preserve' | 'lower' | 'snake';
  readonly mode?: NonNullable<RunOverrides['mode']>;
  readonly tables?: string[];
  readonly jobs?: number;
  readonly createDatabase?: boolean;
  readonly onReject?: 'stop' | 'quarantine';
  readonly maxRejects?: number;
  readonly resume?: boolean;
  readonly run?: string;
  readonly acceptStale?: boolean;
  readonly dryRun?: boolean;
  readonly verify: boolean;
  readonly undo: boolean;
  readonly backup?: string;
  readonly privateCopy?: boolean;
  readonly redactValues?: boolean;
}

export const runCommand: CliCommand = {
  name: 'run',
  define(command, terminal, finish) {
    command
      .description('migrate: create, load, index and verify')
      .argument('<plan|location>', 'a plan file, or a store that is planned on the fly')
      .addOption(targetOption())
      .option('--schema <name>', 'schema to create the tables in; beats the plan')
      .addOption(new Option('--identifiers <how>', 'names of tables and columns, for a store').choices(['preserve', 'lower', 'snake']))
      .addOption(
        new Option('--mode <mode>', 'what to do with tables that exist').choices(['create', 'append', 'upsert', 'replace', 'sync']),
      )
      .option('--tables <names>', 'only these tables, with commas between them', nameList)
      .option('--jobs <n>', 'loader workers', wholeNumber(1))
      .option('--create-database', 'create the database when it is missing')
      .addOption(new Option('--on-reject <policy>', 'what to do with rows that cannot be loaded').choices(['stop', 'quarantine']))
      .option('--max-rejects <n>', 'end the run when more rows are rejected', wholeNumber(0))
      .option('--resume', 'go on with the latest unfinished run of this plan')
      .option('--run <run-id>', 'with --resume: this run', runId)
      .option('--accept-stale', 'run although the source changed since the plan was made')
      .option('--dry-run', 'check everything, create nothing')
      .option('--no-verify', 'skip the comparison of every cell')
      .option('--no-undo', 'with append, upsert and replace: keep no undo rows; the run cannot be rolled back')
      .option('--backup <dir>', 'copy every source there first')
      .option('--private-copy', 'read every source from a private copy, whatever is written to it meanwhile')
      .option('--redact-values', 'keep the values of rejected rows out of reports')
      .addOption(jsonOption())
      .addOption(new Option('--progress <how>', 'progress on stderr').choices([...progressModes]))
      .action(async (word: string, options: RunOptions) => {
        finish(await execute(terminal, options, (session) => run(word, options, session)));
      });
  },
};

async function run(word: string, options: RunOptions, session: Session) {
  const { terminal } = session;
  const input = readInput(word, terminal.cwd);
  refuseContradictions(input, options);
  const fromPlan = input.kind === 'plan' ? { profile: input.profile, planPath: input.path } : {};
  const target = chooseTarget({ flag: options.target, ...fromPlan }, { ...terminal, warn: session.warn });
  session.onFailure((error) => afterFailure(error, word, options, target, terminal));
  const result = await runMigration(runRequest(input, options, target, session), session.deps);
  return {
    exitCode: exitCodeOfRun(result),
    json: result,
    text: () =>
      renderRun(
        result,
        target,
        result.runId === null ? afterDryRun(word, options, target, terminal) : afterRun(result.runId, result, target, terminal),
      ),
  };
}

function refuseContradictions(input: Input, options: RunOptions): void {
  const refuse = (detail: string, hint: string) => {
    throw new MigrationError('bad-usage', { context: { detail, hint } });
  };
  if (options.run !== undefined && options.resume !== true) refuse('--run names the run to resume', 'Add --resume.');
  if (input.kind === 'plan' && options.identifiers !== undefined) {
    refuse(
      '--identifiers has no effect on a plan, which already names every table and column',
      'Make the plan again with `plan --identifiers`, or change the names in it.',
    );
  }
}

function runRequest(input: Input, options: RunOptions, target: TargetChoice, session: Session): RunRequest {
  const { cwd } = session.terminal;
  return {
    input:
      input.kind === 'plan'
        ? { kind: 'plan', text: input.text, path: input.path }
        : {
            kind: 'locations',
            plan: {
              locations: [input.path],
              directory: cwd,
              targetProfile: planProfile(options.target),
              options: { ...given('schema', options.schema), ...given('identifiers', options.identifiers) },
              signal: session.signal,
            },
          },
    target,
    overrides: {
      ...given('schema', options.schema),
      ...given('mode', options.mode),
      ...given('onReject', options.onReject),
      ...given('maxRejects', options.maxRejects),
      ...given('jobs', options.jobs),
      ...given('tables', options.tables),
      ...(options.undo ? {} : { undo: false }),
    },
    createDatabase: options.createDatabase === true,
    resume: options.resume === true,
    runId: options.run ?? null,
    acceptStale: options.acceptStale === true,
    dryRun: options.dryRun === true,
    verify: options.verify,
    redactValues: options.redactValues === true,
    backup: options.backup === undefined ? null : resolve(cwd, options.backup),
    privateCopy: options.privateCopy === true,
    signal: session.signal,
  };
}

/** An absent option stays absent, so that the plan's own setting counts. */
function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

function afterRun(id: string, { rejects, orphans = [] }: RunResult, target: TargetChoice, terminal: Terminal): FollowUp[] {
  const command = commandLine(terminal, 'rejects', id, '--target', target.name);
  const noted = rejects > 0 ? 'see the rejected rows' : orphans.length > 0 ? 'see the rows without a parent' : null;
  return [
    ...(noted === null ? [] : [{ purpose: noted, command }]),
    { purpose: 'read the report', command: commandLine(terminal, 'report', id, '--target', target.name) },
    { purpose: 'verify again', command: commandLine(terminal, 'verify', id, '--target', target.name) },
    { purpose: 'undo the run', command: commandLine(terminal, 'rollback', id, '--target', target.name) },
  ];
}

function afterDryRun(word: string, options: RunOptions, target: TargetChoice, terminal: Terminal): FollowUp[] {
  const backup = options.backup === undefined ? [] : ['--backup', options.backup];
  return [{ purpose: 'run it', command: commandLine(terminal, 'run', word, '--target', target.name, ...repeated(options), ...backup) }];
}

/** Only a run that got as far as having an id can be resumed or undone. */
function afterFailure(error: MigrationError, word: string, options: RunOptions, target: TargetChoice, terminal: Terminal): FollowUp[] {
  const id = error.context['runId'];
  if (typeof id !== 'string') return [];
  const again = [...repeated(options), '--resume', '--run', id];
  return [
    { purpose: 'go on', command: commandLine(terminal, 'run', word, '--target', target.name, ...again) },
    { purpose: 'undo', command: commandLine(terminal, 'rollback', id, '--target', target.name) },
  ];
}

/** The settings that a resumed run must have again. */
function repeated(options: RunOptions): string[] {
  const words: string[] = [];
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined) words.push(name, String(value));
  };
  add('--schema', options.schema);
  add('--identifiers', options.identifiers);
  add('--mode', options.mode);
  add('--tables', options.tables?.join(','));
  add('--jobs', options.jobs);
  add('--on-reject', options.onReject);
  add('--max-rejects', options.maxRejects);
  if (!options.verify) words.push('--no-verify');
  if (!options.undo) words.push('--no-undo');
  if (options.redactValues === true) words.push('--redact-values');
  if (options.acceptStale === true) words.push('--accept-stale');
  if (options.privateCopy === true) words.push('--private-copy');
  return words;
}
