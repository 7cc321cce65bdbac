import { Option } from 'commander';
import { askSource, findNeighbours, formatVector, MigrationError, plannedModel, sampleRecall } from '../../core/index.ts';
import type { NeighboursRequest, NeighboursResult, TextSearchRequest } from '../../core/index.ts';
import { jsonOption, targetOption, wholeNumber, type CliCommand } from '../command.ts';
import { chooseEndpoint, keyOption } from '../embedding-endpoint.ts';
import { exitCode } from '../exit-code.ts';
import { execute, type CommonOptions, type Outcome, type Session } from '../execute.ts';
import { neighboursDocument } from '../output/neighbours-document.ts';
import { renderNeighbours } from '../output/render-neighbours.ts';
import { parseTableName } from '../parse-table-name.ts';
import { progressModes } from '../progress/create-progress.ts';
import { readPlanFile } from '../read-input.ts';
import { chooseTarget, requireExisting } from '../target-choice.ts';

interface NeighboursOptions extends CommonOptions {
  readonly target?: string;
  readonly table: string;
  readonly column: string;
  readonly id?: readonly string[];
  readonly vector?: string;
  readonly text?: string;
  readonly endpoint?: string;
  readonly model?: string;
  readonly keyEnv?: string;
  readonly timeout: number;
  readonly source?: string;
  readonly k: number;
  readonly metric?: NonNullable<NeighboursRequest['metric']>;
  readonly filter?: string;
  readonly effort?: number;
  readonly exact?: boolean;
  readonly recall?: boolean;
  readonly suggest?: boolean;
  readonly sample: number;
  readonly oversample?: number;
}

/** Chooses the rows that a suggestion is measured from: the same ones each time. */
const seed = 1;

export const neighboursCommand: CliCommand = {
  name: 'neighbours',
  define(command, terminal, finish) {
    command
      .description('the rows nearest to a row, a vector or a text, with distance and similarity')
      .addOption(targetOption())
      .requiredOption('--table <schema.table>', 'table of the target; without a schema, public')
      .requiredOption('--column <name>', 'its vector column')
      .option('--id <value>', 'key of the row to start from; once for each column of the key', append)
      .option('--vector <numbers>', 'a vector to start from: [0.1, -0.2, …]')
      .option('--text <words>', 'a text to start from, which is sent to the endpoint')
      .option('--endpoint <url>', 'with --text, for example http://127.0.0.1:11434/v1; the text is sent to URL/embeddings')
      .option('--model <name>', 'with --text, model at the endpoint (default: that of "embed" in the plan of --source)')
      .addOption(keyOption())
      .option('--timeout <seconds>', 'with --text, for one request', wholeNumber(1), 120)
      .option('-k <n>', 'how many', wholeNumber(1), 10)
      .addOption(new Option('--metric <metric>', 'default: that of the index').choices(['cosine', 'l2', 'ip', 'l1']))
      .option('--filter <sql>', "only rows that meet a condition: kind = 'report'")
      .option('--effort <n>', 'hnsw.ef_search or ivfflat.probes (default: as the server says)', wholeNumber(1))
      .option('--exact', 'compare with every row instead of asking the index')
      .option('--recall', 'also say which share of the exact neighbours the index finds')
      .option('--suggest', 'also measure recall at several efforts over sampled rows, and suggest the least that finds 95 %')
      .option('--sample <n>', 'with --suggest, rows to sample', wholeNumber(1), 50)
      .option(
        '--oversample <n>',
        'candidates for each neighbour from an index on an expression (default: as its form needs)',
        wholeNumber(1),
      )
      .option('--source <plan>', 'also compute it in the source of this plan, and compare')
      .addOption(jsonOption())
      .addOption(new Option('--progress <how>', 'progress on stderr').choices([...progressModes]))
      .action(async (options: NeighboursOptions) => {
        finish(await execute(terminal, options, (session) => neighbours(options, session)));
      });
  },
};

async function neighbours(options: NeighboursOptions, session: Session): Promise<Outcome> {
  const { signal, deps, terminal } = session;
  const plan = options.source === undefined ? null : readPlanFile(options.source, terminal.cwd);
  const place = { ...parseTableName(options.table), column: options.column };
  const query = toQuery(options, () => (plan === null ? null : plannedModel(plan, place)), session);
  const planned = plan === null ? {} : { profile: plan.profile, planPath: plan.path };
  const target = chooseTarget({ flag: options.target, ...planned }, { ...terminal, warn: session.warn });
  requireExisting(target);
  const wish = {
    ...place,
    target,
    k: options.k,
    metric: options.metric ?? null,
    filter: options.filter ?? null,
    effort: options.effort ?? null,
    oversampling: options.oversample ?? null,
    compare: options.exact === true || options.recall === true,
    signal,
  };
  const result = await findNeighbours({ ...wish, query } as NeighboursRequest | TextSearchRequest, deps);
  const asked = { ...wish, metric: result.metric };
  const suggestion = options.suggest === true ? await sampleRecall({ ...asked, rows: options.sample, seed }, deps) : null;
  const agreement =
    plan === null
      ? null
      : await askSource({ ...asked, query: again(query, result), input: { kind: 'plan', path: plan.path, text: plan.text } }, deps);
  const document = neighboursDocument(result, { exact: options.exact === true, suggestion, agreement });
  return {
    exitCode: agreement?.agrees === false ? exitCode.mismatch : exitCode.done,
    json: document,
    text: () => renderNeighbours(result, document),
  };
}

type Query = (NeighboursRequest | TextSearchRequest)['query'];

/** A text is sent once. */
function again(query: Query, { query: { vector } }: NeighboursResult): NeighboursRequest['query'] {
  return query.kind === 'text' ? { kind: 'vector', vector: formatVector(vector) } : query;
}

function toQuery(options: NeighboursOptions, modelOfPlan: () => string | null, session: Session): Query {
  const { id, vector, text } = options;
  const given = (['id', 'vector', 'text'] as const).filter((name) => options[name] !== undefined);
  if (given.length !== 1) {
    const names = given.map((name) => `--${name}`);
    const detail = names.length === 0 ? 'There is nothing to start from' : `${names.join(' and ')} exclude each other`;
    const hint = "Pass one of --id KEY, --vector '[0.1, -0.2, …]' and --text 'words'.";
    throw new MigrationError('bad-usage', { context: { detail, hint } });
  }
  if (id !== undefined) return { kind: 'row', key: id };
  return vector !== undefined
    ? { kind: 'vector', vector }
    : { kind: 'text', text: text ?? '', endpoint: toEndpoint(options, modelOfPlan, session) };
}

function toEndpoint(
  options: NeighboursOptions,
  modelOfPlan: () => string | null,
  session: Session,
): TextSearchRequest['query']['endpoint'] {
  const model = options.model ?? modelOfPlan();
  if (options.endpoint === undefined || model === null) {
    const missing =
      options.endpoint === undefined ? '--endpoint URL' : '--model M, or a plan (--source) whose "embed" of the table names it';
    throw new MigrationError('bad-usage', {
      context: { detail: 'A search by text needs an embedding endpoint and its model', hint: `Pass ${missing}.` },
    });
  }
  return { ...chooseEndpoint(options.endpoint, options.keyEnv, session), model, timeoutSeconds: options.timeout };
}

function append(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
