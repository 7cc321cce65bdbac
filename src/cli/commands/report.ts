import { relative, resolve } from 'node:path';
import { Option } from 'commander';
import { readRunReport } from '../../core/index.ts';
import { renderHtml } from '../../core/report/render-html.ts';
import { renderJson } from '../../core/report/render-json.ts';
import { renderMarkdown } from '../../core/report/render-markdown.ts';
import { runId, targetOption, type CliCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Session } from '../execute.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';
import { writeTextFile } from '../write-text-file.ts';

interface ReportOptions extends CommonOptions {
  readonly target?: string;
  readonly format?: keyof typeof renderers;
  readonly output?: string;
}

const renderers = { md: renderMarkdown, json: renderJson, html: renderHtml };

export const reportCommand: CliCommand = {
  name: 'report',
  define(command, terminal, finish) {
    command
      .description('show a run from plan to proof')
      .argument('<run-id>', 'the run', runId)
      .addOption(targetOption())
      .addOption(new Option('--format <format>', 'md, json or html; else by the ending of FILE, else md').choices(Object.keys(renderers)))
      .option('-o, --output <file>', 'write it there instead of stdout')
      .addOption(new Option('--json', 'the same as --format json'))
      .action(async (id: string, options: ReportOptions) => {
        const json = options.json === true || (options.output === undefined && formatOf(options) === 'json');
        finish(await execute(terminal, { ...options, json }, (session) => report(id, options, session)));
      });
  },
};

async function report(id: string, options: ReportOptions, session: Session) {
  const { terminal } = session;
  const target = chooseTarget({ flag: options.target }, { ...terminal, warn: session.warn });
  requireExisting(target);
  const format = formatOf(options);
  const content = await readRunReport(target, id, session.deps);
  const text = renderers[format](content);
  if (options.output === undefined) return { exitCode: exitCode.done, json: content, text: () => text };
  const path = resolve(terminal.cwd, options.output);
  writeTextFile(path, text);
  return { exitCode: exitCode.done, json: { runId: id, format, path }, text: () => `written: ${relative(terminal.cwd, path)}\n` };
}

function formatOf(options: ReportOptions): keyof typeof renderers {
  if (options.format !== undefined) return options.format;
  if (options.json === true) return 'json';
  const ending = /\.(json|html?)$/i.exec(options.output ?? '')?.[1]?.toLowerCase();
  if (ending === undefined) return 'md';
  return ending === 'json' ? 'json' : 'html';
}
