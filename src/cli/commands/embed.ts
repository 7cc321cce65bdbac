import { Option } from 'commander';
import { embedRows, usualRequests, type EmbedRequest } from '../../core/index.ts';
import { jsonOption, nameList, targetOption, wholeNumber, type CliCommand } from '../command.ts';
import { chooseEndpoint, keyOption } from '../embedding-endpoint.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Outcome, type Session } from '../execute.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderEmbedding } from '../output/render-embedding.ts';
import { progressModes } from '../progress/create-progress.ts';
import { readPlanFile } from '../read-input.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';
import { commandLine } from '../terminal.ts';

interface EmbedOptions extends CommonOptions {
  readonly table: string;
  readonly from?: readonly string[];
  readonly to?: string;
  readonly endpoint: string;
  readonly model?: string;
  readonly keyEnv?: string;
  readonly target?: string;
  readonly schema?: string;
  readonly batch: number;
  readonly batchCharacters: number;
  readonly concurrency: number;
  readonly timeout: number;
}

const { batchRows: batch, batchCharacters, concurrency, timeoutSeconds: timeout } = usualRequests;
const usual = { batch, batchCharacters, concurrency, timeout } as const;

export const embedCommand: CliCommand = {
  name: 'embed',
  define(command, terminal, finish) {
    command
      .description('compute the embeddings that a table of the target lacks, at an OpenAI-compatible endpoint')
      .argument('<plan>', 'the plan file; "embed" of the table in it says what --from, --to and --model leave out')
      .requiredOption('--table <name>', 'table in the target (name or schema.name) or in the source')
      .option('--from <columns>', 'columns of texts, with commas between them; a line each', nameList)
      .option('--to <column>', 'vector column; only rows in which it is NULL are touched')
      .requiredOption('--endpoint <url>', 'for example http://127.0.0.1:11434/v1; texts are sent to URL/embeddings')
      .option('--model <name>', 'model at the endpoint')
      .addOption(keyOption())
      .addOption(targetOption())
      .option('--schema <name>', 'schema of the tables; beats the plan')
      .option('--batch <n>', 'texts in one request', wholeNumber(1), usual.batch)
      .option('--batch-characters <n>', 'characters in one request; a longer text goes alone', wholeNumber(1), usual.batchCharacters)
      .option('--concurrency <n>', 'requests at a time', wholeNumber(1), usual.concurrency)
      .option('--timeout <seconds>', 'for one request', wholeNumber(1), usual.timeout)
      .addOption(jsonOption())
      .addOption(new Option('--progress <how>', 'progress on stderr').choices([...progressModes]))
      .action(async (word: string, options: EmbedOptions) => {
        finish(await execute(terminal, options, (session) => embed(word, options, session)));
      });
  },
};

async function embed(word: string, options: EmbedOptions, session: Session): Promise<Outcome> {
  const { terminal, signal, warn } = session;
  const { path, text, profile } = readPlanFile(word, terminal.cwd);
  const { address, key } = chooseEndpoint(options.endpoint, options.keyEnv, session);
  const target = chooseTarget({ flag: options.target, profile, planPath: path }, { ...terminal, warn });
  requireExisting(target);
  session.onFailure(() => [goOn(word, options, target.name, session)]);
  const request: EmbedRequest = {
    input: { text, path },
    target,
    table: options.table,
    ...(options.schema === undefined ? {} : { schema: options.schema }),
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.to === undefined ? {} : { column: options.to }),
    ...(options.model === undefined ? {} : { model: options.model }),
    address,
    key,
    timeoutSeconds: options.timeout,
    batchRows: options.batch,
    batchCharacters: options.batchCharacters,
    concurrency: options.concurrency,
    signal,
  };
  const result = await embedRows(request, session.deps);
  return {
    exitCode: result.refused > 0 ? exitCode.rejected : exitCode.done,
    json: result,
    text: () => renderEmbedding(result, [goOn(word, options, target.name, session)]),
  };
}

/** The same call: it goes on behind what is committed. Whoever called with a plan in a terminal calls with the target that was meant. */
function goOn(word: string, options: EmbedOptions, target: string, { terminal }: Session): FollowUp {
  const { from, to, model, keyEnv, schema } = options;
  const unusual = (name: keyof typeof usual): string | undefined => (options[name] === usual[name] ? undefined : String(options[name]));
  const optional: readonly (readonly [string, string | undefined])[] = [
    ['--from', from?.join(',')],
    ['--to', to],
    ['--model', model],
    ['--key-env', keyEnv],
    ['--schema', schema],
    ['--batch', unusual('batch')],
    ['--batch-characters', unusual('batchCharacters')],
    ['--concurrency', unusual('concurrency')],
    ['--timeout', unusual('timeout')],
  ];
  const words = optional.flatMap(([option, value]) => (value === undefined ? [] : [option, value]));
  const where = ['--table', options.table, ...words, '--endpoint', options.endpoint, '--target', target];
  return { purpose: 'go on', command: commandLine(terminal, 'embed', word, ...where) };
}
