import { Option } from 'commander';
import {
  listRejects,
  MigrationError,
  retryRejects,
  type RejectsResult,
  type RetryRequest,
  type RetryResult,
  type TargetChoice,
} from '../../core/index.ts';
import { jsonOption, runId, targetOption, type CliCommand } from '../command.ts';
import { exitCode, exitCodeOfRun } from '../exit-code.ts';
import { execute, type CommonOptions, type Outcome, type Session } from '../execute.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderRejects, renderRetry, shownBytes, shownRejects } from '../output/render-rejects.ts';
import { progressModes } from '../progress/create-progress.ts';
import { readInput } from '../read-input.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';
import { commandLine } from '../terminal.ts';

interface RejectsOptions extends CommonOptions {
  readonly target?: string;
  readonly retry?: boolean;
  readonly plan?: string;
}

export const rejectsCommand: CliCommand = {
  name: 'rejects',
  define(command, terminal, finish) {
    command
      .description('list the rejected rows of a run, or retry them after the plan is mended')
      .argument('<run-id>', 'the run', runId)
      .addOption(targetOption())
      .option('--retry', 'read these rows again, convert them by the plan as it is now, and verify everything')
      .option('--plan <file>', 'with --retry: the mended plan; it becomes that of the run')
      .addOption(jsonOption())
      .addOption(new Option('--progress <how>', 'progress on stderr').choices([...progressModes]))
      .action(async (id: string, options: RejectsOptions) => {
        finish(await execute(terminal, options, (session) => rejects(id, options, session)));
      });
  },
};

async function rejects(id: string, options: RejectsOptions, session: Session): Promise<Outcome> {
  const plan = readMended(options, session.terminal.cwd);
  const wish = plan === null ? {} : { profile: plan.profile, planPath: plan.path };
  const target = chooseTarget({ flag: options.target, ...wish }, { ...session.terminal, warn: session.warn });
  requireExisting(target);
  if (options.retry !== true) return list(id, options, target, session);
  session.onFailure(() => [goOn(id, options, target, session), seeRejects(id, target, session), undo(id, target, session)]);
  const request: RetryRequest = { runId: id, target, plan, ...boundsOf(options), signal: session.signal };
  const retried = await retryRejects(request, session.deps);
  return {
    exitCode: exitCodeOfRun(retried.result),
    json: toJson(retried),
    text: () => renderRetry(retried, afterRetry(retried, target, session)),
  };
}

function readMended(
  { plan, retry }: RejectsOptions,
  cwd: string,
): { readonly text: string; readonly path: string; readonly profile: string } | null {
  if (plan === undefined) return null;
  if (retry !== true)
    throw new MigrationError('bad-usage', { context: { detail: '--plan names the plan of a retry', hint: 'Add --retry.' } });
  const input = readInput(plan, cwd);
  if (input.kind === 'plan') return input;
  throw new MigrationError('bad-usage', { context: { detail: `${plan} is not a plan`, hint: 'Name a plan file (*.sluice.json).' } });
}

/** For people only the beginning of long values and long lists. */
function boundsOf({ json }: RejectsOptions): Pick<RetryRequest, 'limit' | 'mostBytes'> {
  return json === true ? {} : { limit: shownRejects, mostBytes: shownBytes };
}

async function list(id: string, options: RejectsOptions, target: TargetChoice, session: Session): Promise<Outcome> {
  const result = await listRejects({ runId: id, target, ...boundsOf(options) }, session.deps);
  return { exitCode: exitCode.done, json: result, text: () => renderRejects(result, afterList(result, target, session)) };
}

/** As `rejects` without --retry tells them, with what the retry did. */
function toJson({ result, ...rest }: RetryResult): unknown {
  return { ...rest, tables: result.tables, orphans: result.orphans ?? [], verification: result.verification };
}

function afterList({ runId: id, tables }: RejectsResult, target: TargetChoice, session: Session): FollowUp[] {
  const open = tables.some(({ rejects }) => rejects > 0);
  return [...(open ? [retryAgain(id, target, session)] : []), report(id, target, session)];
}

function afterRetry({ runId: id, result }: RetryResult, target: TargetChoice, session: Session): FollowUp[] {
  return [...(result.rejects > 0 ? [retryAgain(id, target, session)] : []), report(id, target, session), undo(id, target, session)];
}

function retryAgain(id: string, target: TargetChoice, { terminal }: Session): FollowUp {
  return {
    purpose: 'mend the plan and retry',
    command: commandLine(terminal, 'rejects', id, '--target', target.name, '--retry', '--plan', 'PLAN'),
  };
}

/** What went in stays; the same command goes on behind it. */
function goOn(id: string, { plan }: RejectsOptions, target: TargetChoice, { terminal }: Session): FollowUp {
  const again = plan === undefined ? [] : ['--plan', plan];
  return { purpose: 'go on', command: commandLine(terminal, 'rejects', id, '--target', target.name, '--retry', ...again) };
}

function seeRejects(id: string, target: TargetChoice, { terminal }: Session): FollowUp {
  return { purpose: 'see the rejected rows', command: commandLine(terminal, 'rejects', id, '--target', target.name) };
}

function report(id: string, target: TargetChoice, { terminal }: Session): FollowUp {
  return { purpose: 'read the report', command: commandLine(terminal, 'report', id, '--target', target.name) };
}

function undo(id: string, target: TargetChoice, { terminal }: Session): FollowUp {
  return { purpose: 'undo the run', command: commandLine(terminal, 'rollback', id, '--target', target.name) };
}
