import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConversationAi } from '../../samples/conversation-ai/build.ts';
import type { NeighboursDocument } from '../../src/cli/output/neighbours-document.ts';
import type { InspectResult, Verification } from '../../src/core/index.ts';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import {
  askStore,
  conversationOrphans,
  conversationSample,
  conversationStore,
  conversationTables,
  normalRows,
  sourceRows,
  targetRowsSql,
} from '../helpers/conversation-ai.ts';
import { inDuckDb } from '../helpers/duckdb.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { describeOutcome, parseFailure, parseJson, parseRun, runCli, type CliOutcome } from '../helpers/run-cli.ts';

const whole = join(conversationSample, 'conversation-ai-whole.sluice.json');
const partitioned = join(conversationSample, 'conversation-ai.sluice.json');

describe('the Conversation AI sample store', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-conversation-'));

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what build.ts makes', async () => {
    const built = join(folder, 'conversation_ai.db');
    await buildConversationAi(built);
    assert.deepEqual(await contents(conversationStore), await contents(built));
  });

  it('is found with its seven tables and their vectors', async () => {
    const outcome = await runCli(['inspect', conversationStore, '--json']);
    assert.equal(outcome.code, 0, describeOutcome(outcome));
    const { stores } = parseJson(outcome) as InspectResult;
    assert.deepEqual(
      stores.map(({ kind, tables }) => [kind, tables.map(({ name, rows }) => [name, rows]).sort()]),
      [['duckdb', conversationTables.map(({ name, rows }) => [name, rows]).sort()]],
    );
    const inferred = (table: string, column: string): string | undefined =>
      stores[0]?.tables.find(({ name }) => name === table)?.columns.find(({ name }) => name === column)?.inferred;
    assert.equal(inferred('messages', 'embedding'), 'vector(4096)');
    assert.equal(inferred('conversation_partners', 'image_embedding'), 'vector(4096)');
  });
});

describeTarget('PostgreSQL', async (context) => postgresTarget(await requirePostgres(context)), [whole, partitioned]);
// One of the plans: what differs between them is told by PostgreSQL, and each takes minutes here.
describeTarget('the embedded target', () => Promise.resolve(embeddedTarget()), [partitioned]);

function describeTarget(name: string, open: (context: Mocha.Context) => Promise<CliTarget>, plans: readonly string[]): void {
  for (const plan of plans) {
    const isWhole = plan === whole;
    describe(`Conversation AI ${isWhole ? 'in one piece' : 'by year'} into ${name}`, function () {
      this.timeout(180_000);
      let target: CliTarget;
      let untouched: string;
      let runId: string;

      before(async function () {
        target = await open(this);
        await target.query('CREATE TABLE public.mine (id integer PRIMARY KEY, note text)');
        untouched = await target.dump();
      });
      after(() => target?.remove());

      function call(...args: readonly string[]): Promise<CliOutcome> {
        return runCli([...args, '--target', target.flag], { environment: target.environment });
      }

      it('carries every cell and says match', async () => {
        const result = parseRun(await call('run', plan, '--json'));
        runId = result.runId;
        assert.deepEqual([result.status, result.rejects, result.verification.status], ['done', 0, 'match']);
        assert.deepEqual(
          result.tables.map(({ from, rowsRead, rowsWritten, rowsRejected }) => [from, rowsRead, rowsWritten, rowsRejected]).sort(),
          conversationTables.map(({ name: from, rows }) => [from, rows, rows, 0]).sort(),
        );
        assert.deepEqual(
          result.verification.parity?.map(({ name: query, status }) => [query, status]),
          [['messages per conversation', 'match']],
        );
        // A key that the plan does not enforce is looked at and told, but there is none to be left NOT VALID.
        const warned = result.warnings.filter(({ code }) => code === 'orphans').map(({ table }) => table);
        assert.deepEqual([...new Set(warned)].sort(), isWhole ? ['public.extracted_facts', 'public.messages'] : []);
      });

      if (!isWhole)
        it('conversations lie in the partition of their year', async () => {
          const years = await askStore('SELECT year(created_at) AS y, count(*) FROM conversations GROUP BY y ORDER BY y');
          const found = await target.query(
            `SELECT tableoid::regclass || ' ' || count(*) FROM conversations GROUP BY tableoid ORDER BY tableoid::regclass::text`,
          );
          assert.deepEqual(
            found,
            years.map(([year, count]) => `conversations_${year} ${count}`),
          );
          assert.ok(years.length > 5);
          const keys = await target.query(
            `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'conversations'::regclass AND contype = 'p'`,
          );
          assert.deepEqual(keys, ['PRIMARY KEY (id, created_at)']);
        });

      it('is equal, cell by cell, to what DuckDB itself says', async () => {
        for (const table of conversationTables) {
          const rows = (await target.query(targetRowsSql(table))).map((line) => JSON.parse(line) as (string | null)[]);
          assert.equal(rows.length, table.rows, table.name);
          assert.deepEqual(normalRows(table.columns, rows), await sourceRows(table), table.name);
        }
      });

      it('lists the rows whose conversation is gone', async () => {
        const { orphans } = parseJson(await call('rejects', runId, '--json')) as {
          orphans: { table: string; total: number; rows: unknown[] }[];
        };
        assert.deepEqual(orphans.map(({ table, total, rows }) => [table, total, rows.length]).sort(), conversationOrphans);
      });

      it('numbers new rows where the sequences of the store stand', async () => {
        const stored = await askStore(
          `SELECT sequence_name, coalesce(last_value, start_value) FROM duckdb_sequences() ORDER BY sequence_name`,
        );
        const next = await target.query(
          `SELECT c.relname || ' ' || nextval(c.oid::regclass) FROM pg_class c WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
        );
        assert.deepEqual(
          next,
          stored.map(([sequence, value]) => `${sequence} ${value}`),
        );
      });

      it('finds by words what a direct look at the transcripts finds', async () => {
        for (const [query, pattern] of searches) {
          const found = await target.query(
            `SELECT id FROM conversations WHERE transcript_search @@ plainto_tsquery('english', '${query}') ORDER BY id`,
          );
          const direct = await askStore(
            `SELECT id FROM conversations WHERE regexp_matches(lower(coalesce(title, '') || ' ' || coalesce(transcript, '')), '${pattern}') ORDER BY id`,
          );
          assert.ok(direct.length > 5, query);
          assert.deepEqual(
            found,
            direct.map(([id]) => id),
            query,
          );
        }
      });

      it('has a GIN index for it', async () => {
        const count = await target.query(
          `SELECT count(*) FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'conversations' AND indexdef LIKE '%USING gin (transcript_search)%'`,
        );
        assert.deepEqual(count, ['1']);
      });

      it('finds by vector what DuckDB computes, and most of it by the way of the index', async () => {
        const probes = (await askStore(`SELECT id FROM messages WHERE len(embedding) > 0 AND id <> 400 ORDER BY id LIMIT 3`)).map(
          ([id]) => id,
        );
        assert.equal(probes.length, 3);
        for (const probe of probes) {
          const words = ['--table', 'public.messages', '--column', 'embedding', '--id', String(probe), '-k', '10', '--metric', 'cosine'];
          const found = parseJson(await call('neighbours', ...words, '--exact', '--json')) as NeighboursDocument;
          const direct = await askStore(
            `SELECT id, list_cosine_distance(embedding, (SELECT embedding FROM messages WHERE id = ${probe})) AS distance FROM messages
              WHERE embedding IS NOT NULL AND id NOT IN (400, ${probe}) ORDER BY distance, id LIMIT 10`,
          );
          assert.deepEqual(
            found.neighbours.map(({ key }) => key[0]),
            direct.map(([id]) => id),
          );
          for (const [i, { distance }] of found.neighbours.entries()) assert.ok(Math.abs(distance - Number(direct[i]?.[1])) < 1e-5);
          const indexed = parseJson(await call('neighbours', ...words, '--recall', '--json')) as NeighboursDocument;
          assert.equal(indexed.index?.form, isWhole ? 'ivfflat first 1024' : 'hnsw binary-quantised');
          // Few rows, so that PostgreSQL may read them all instead; the way through signs or first elements is the same.
          assert.ok(Number(indexed.recall) >= 0.9, `recall ${indexed.recall}`);
        }
      });

      it('runs, verify and report tell about the run', async () => {
        const verified = await call('verify', runId, '--json');
        assert.equal(verified.code, 0, describeOutcome(verified));
        assert.equal((parseJson(verified) as Verification).status, 'match');
        const report = await call('report', runId, '--format', 'md');
        assert.equal(report.code, 0, describeOutcome(report));
        for (const table of conversationTables) assert.ok(report.stdout.includes(table.name), `${table.name} is not in the report`);
      });

      it('a second run in mode create refuses, and rollback --purge leaves the database as it was', async () => {
        const failure = parseFailure(await call('run', plan, '--json'));
        assert.equal(failure.code, 'table-exists');
        const outcome = await call('rollback', runId, '--purge', '--json');
        assert.equal(outcome.code, 0, describeOutcome(outcome));
        assert.equal(await target.dump(), untouched);
      });

      it('after a roll back the plan runs again', async () => {
        assert.equal(parseRun(await call('run', plan, '--json')).verification.status, 'match');
      });
    });
  }
}

/** A search, and what its words look like in a text: `english` knows endings. */
const searches: readonly (readonly [query: string, pattern: string])[] = [
  ['travelling', '\\b(travel|travels|travelled|travelling)\\b'],
  ['decided', '\\b(decide|decides|decided|deciding)\\b'],
  ['families lake', '\\b(family|families)\\b.*\\blake\\b'],
];

/** Schema, sequences and every row of a DuckDB file. */
async function contents(path: string): Promise<unknown> {
  return inDuckDb(
    path,
    async (connection) => {
      const ask = async (sql: string): Promise<unknown> => (await connection.runAndReadAll(sql)).getRowsJson();
      const schema = await ask('SELECT table_name, sql FROM duckdb_tables() ORDER BY table_name');
      const sequences = await ask('SELECT sequence_name, start_value, last_value FROM duckdb_sequences() ORDER BY sequence_name');
      const rows: unknown[] = [];
      for (const { name } of conversationTables) rows.push(await ask(`SELECT * FROM ${name} ORDER BY ALL`));
      return { schema, sequences, rows };
    },
    { access_mode: 'READ_ONLY' },
  );
}
