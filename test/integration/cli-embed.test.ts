import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { EmbeddingResult, EngineEvent } from '../../src/core/index.ts';
import { postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { startEmbeddingServer, type EmbeddingServer } from '../helpers/embedding-server.ts';
import { notesEmbed, notesPlan } from '../helpers/notes-plan.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { parseJson, parseRun, runCli, type CliOptions, type CliOutcome } from '../helpers/run-cli.ts';

const key = 'sk-never-to-be-seen';

describe('sluice embed', function () {
  this.timeout(120_000);
  let folder: string;
  let target: CliTarget;
  let server: EmbeddingServer;
  let runId: string;

  before(async function () {
    target = await postgresTarget(await requirePostgres(this));
    server = await startEmbeddingServer();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-embed-')));
    const store = new Database(join(folder, 'notes.db'));
    store.exec(`CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT);
      INSERT INTO notes (title) VALUES ('the dog and the cat'), ('a cat and a mouse'), ('interest rate of the bank'), ('shares and the market'), (NULL)`);
    store.close();
    const plan = notesPlan('env:SLUICE_TEST_TARGET', false, { embed: notesEmbed });
    writeFileSync(join(folder, 'notes.sluice.json'), JSON.stringify(plan));
    const run = parseRun(await sluice(['run', 'notes.sluice.json', '--json']));
    runId = run.runId;
    assert.deepEqual(
      run.warnings.map(({ code, table }) => [code, table]),
      [['embeddings-left-out', 'public.notes']],
    );
  });
  after(async () => {
    await target?.remove();
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  const sluice = (words: readonly string[], options: CliOptions = {}): Promise<CliOutcome> =>
    runCli(words, { cwd: folder, ...options, environment: { ...target.environment, SLUICE_EMBEDDING_KEY: key, ...options.environment } });
  const embed = (words: readonly string[], options?: CliOptions): Promise<CliOutcome> =>
    sluice(['embed', 'notes.sluice.json', '--table', 'notes', '--endpoint', server.url, ...words], options);

  it('stops for what is wrong, says how to go on, and tells the key to nobody', async () => {
    server.faults.push({ kind: 'status', status: 401, body: `{"error": {"message": "wrong key ${key}"}}` });
    const wrong = await embed(['--verbose', '--model', 'other', '--key-env', 'MY_KEY', '--batch', '8'], { environment: { MY_KEY: key } });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /refuses the key \(status 401\): wrong key …\./);
    assert.match(
      wrong.stderr,
      /embed notes\.sluice\.json --table notes --model other --key-env MY_KEY --batch 8 --endpoint http:\S+ --target env:SLUICE_TEST_TARGET\n/,
    );
    assert.ok(!`${wrong.stdout}${wrong.stderr}`.includes(key));
    assert.deepEqual(await target.query('SELECT count(embedding) FROM notes'), ['0']);
  });

  it('takes from the plan what is not said, and is done when it is called again', async () => {
    server.asked.length = 0;
    const events: EngineEvent[] = [];
    const outcome = await embed(['--json', '--progress', 'ndjson', '--batch', '3'], { onEvent: (event) => events.push(event) });
    assert.equal(outcome.code, 0, outcome.stderr);
    const { seconds, tokens, ...rest } = parseJson(outcome) as EmbeddingResult;
    assert.ok(seconds > 0 && tokens! > 10);
    assert.deepEqual(rest, {
      table: 'public.notes',
      from: ['title'],
      column: 'embedding',
      model: 'glove',
      dimensions: 100,
      missing: 5,
      embedded: 4,
      empty: 1,
      refused: 0,
      changed: 0,
      refusals: [],
      requests: 2,
      retries: 0,
    });
    assert.deepEqual(new Set(server.asked.map(({ authorization }) => authorization)), new Set([`Bearer ${key}`]));
    const told = events
      .filter(({ type }) => type !== 'progress')
      .map((event) => ('state' in event ? `${event.type} ${event.state}` : event.type));
    assert.deepEqual(told, ['phase', 'table start', 'table done']);
    const last = events.findLast((event) => event.type === 'progress');
    assert.deepEqual([last?.phase, last?.rows, last?.totalRows], ['embed', 5, 5]);
    assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(key));

    const dump = await target.dump();
    assert.ok(!dump.includes(key) && !dump.includes(server.url));
    const again = await embed([]);
    assert.equal(again.code, 0);
    assert.match(
      again.stdout,
      /^public\.notes, column embedding: 0 embeddings of 1 row without one, in [\d.]+ s\n1 row without a text left as they are\n$/,
    );
    assert.equal(await target.dump(), dump);
    assert.ok(!readFileSync(join(folder, 'notes.sluice.json'), 'utf8').includes(key));
  });

  it('leaves a run that is verified as it is, and can be rolled back', async () => {
    const verified = await sluice(['verify', runId, '--target', target.flag, '--json']);
    assert.equal(verified.code, 0, verified.stdout);
    const back = await sluice(['rollback', runId, '--target', target.flag, '--json']);
    assert.equal(back.code, 0, back.stdout);
    assert.deepEqual(await target.query(`SELECT count(*) FROM pg_class WHERE relname = 'notes'`), ['0']);
  });
});
