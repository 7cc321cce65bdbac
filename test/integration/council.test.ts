import assert from 'node:assert/strict';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCouncil } from '../../samples/council/build.ts';
import type { InspectResult, RunResult, Verification } from '../../src/core/index.ts';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { assertNoSecret } from '../helpers/no-secrets.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { describeOutcome, parseJson, parseRun, projectRoot, runCli, type CliOutcome } from '../helpers/run-cli.ts';
import { hashesOfTree } from '../helpers/tree-files.ts';

const sample = join(projectRoot, 'samples/council');
const cut = 'ivo/3f0c7a8e-9d14-4b7a-a3a2-51c6e5d20b77.json';
const twice = '7d9a4c52-31b0-4e0c-a1f5-6c2f0e8b7d10';

interface Conversation {
  readonly id: string;
  readonly title?: string | null;
  readonly messages: readonly { readonly role: string; readonly content?: string | null; readonly stage1?: unknown }[];
}

describe('the Council sample store', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-council-'));

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what build.ts makes', () => {
    buildCouncil(folder);
    for (const part of ['data', 'usage']) assert.deepEqual(hashesOfTree(join(sample, part)), hashesOfTree(join(folder, part)));
  });

  it('is found with its conversations and their messages, and with the file that nobody can read', async () => {
    const outcome = await runCli(['inspect', join(sample, 'data'), '--json']);
    assert.equal(outcome.code, 0, describeOutcome(outcome));
    const { stores } = parseJson(outcome) as InspectResult;
    assert.deepEqual(
      stores.map(({ kind, tables }) => [kind, tables.map(({ name, rows }) => [name, rows])]),
      [
        [
          'json',
          [
            ['*/*.json $', 96],
            ['*/*.json $.messages[*]', 363],
            ['*/*.json $.messages[*].stage1[*]', 558],
            ['*/*.json $.messages[*].stage2[*]', 558],
          ],
        ],
      ],
    );
  });
});

describeTarget('PostgreSQL', async (context) => postgresTarget(await requirePostgres(context)));
describeTarget('the embedded target', () => Promise.resolve(embeddedTarget()));

function describeTarget(name: string, open: (context: Mocha.Context) => Promise<CliTarget>): void {
  describe(`Council into ${name}`, function () {
    this.timeout(180_000);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-council-'));
    const store = join(folder, 'council');
    const plan = join(store, 'council.sluice.json');
    const runs: string[] = [];
    let target: CliTarget;
    let untouched: string;

    before(async function () {
      cpSync(sample, store, { recursive: true });
      target = await open(this);
      await target.query('CREATE TABLE public.mine (id integer PRIMARY KEY, note text)');
      untouched = await target.dump();
    });
    after(async () => {
      await target?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    async function call(...args: readonly string[]): Promise<CliOutcome> {
      const outcome = await runCli([...args, '--target', target.flag], { environment: target.environment });
      for (const secret of Object.values(target.environment)) assertNoSecret([secret], outcome.stdout + outcome.stderr, args[0] ?? '');
      return outcome;
    }
    async function migrate(): Promise<RunResult & { readonly runId: string }> {
      // The file that is cut short is a reject of every run.
      const result = parseRun(await call('run', plan, '--json'), 3);
      runs.push(result.runId);
      return result;
    }
    const read = (file: string): Conversation => JSON.parse(readFileSync(join(store, 'data', file), 'utf8')) as Conversation;
    /** Files that can be read, but the second with an id that another has; in the order of their paths. */
    const conversations = (): readonly { readonly user: string; readonly stored: Conversation }[] =>
      globSync('*/*.json', { cwd: join(store, 'data') })
        .sort()
        .filter((file) => file !== cut && file !== `jun/${twice}.json`)
        .map((file) => ({ user: file.split('/')[0] ?? '', stored: read(file) }));

    it('carries every conversation as a whole, and names the file that is cut short and the id of two users', async () => {
      const before = hashesOfTree(store);
      const result = await migrate();
      assert.deepEqual([result.status, result.verification.status], ['partial', 'match']);
      assert.deepEqual(
        result.tables.map(({ to, rowsRead, rowsWritten, rowsRejected }) => [to, rowsRead, rowsWritten, rowsRejected]),
        [
          ['public.conversations', 96, 94, 2],
          ['public.messages', 363, 362, 1],
          ['public.usage', 10, 10, 0],
        ],
      );
      const { rejects } = parseJson(await call('rejects', result.runId, '--json')) as {
        rejects: { table: string; provenance: string; code: string; message: string }[];
      };
      assert.deepEqual(rejects.map(({ table, provenance, code }) => `${table} ${provenance} ${code}`).sort(), [
        `public.conversations ${cut}, byte 191 unreadable-document`,
        `public.conversations jun/${twice}.json key-violated`,
        `public.messages jun/${twice}.json#/messages/0 orphan`,
      ]);
      assert.ok(rejects.some(({ message }) => message.includes(`hana/${twice}.json`)));
      assert.deepEqual(hashesOfTree(store), before);
    });

    it('is what JSON.parse reads: users by folder, messages in their order', async () => {
      const expected = conversations().flatMap(({ user, stored }) =>
        stored.messages.map(
          ({ role, content, stage1 }, i) =>
            `${stored.id}|${user}|${i}|${role}|${content === undefined || content === null ? 'NULL' : JSON.stringify(content).length}|${Array.isArray(stage1) ? stage1.length : '-'}`,
        ),
      );
      // JSON.stringify and to_json write a text alike but for what lies outside of ASCII's controls, so that lengths tell a change.
      const found = await target.query(
        `SELECT c.id || '|' || c.user_id || '|' || m.position || '|' || m.role || '|' || coalesce(length(to_json(replace(replace(m.content, chr(8232), ' '), '🏔️', 'ab '))::text)::text, 'NULL')
           || '|' || coalesce(jsonb_array_length(m.stage1_data)::text, '-') FROM conversations c JOIN messages m ON m.conversation_id = c.id`,
      );
      assert.deepEqual(found.toSorted(), expected.toSorted());
    });

    it('keeps numbers that no double holds, and tells null from an empty text', async () => {
      assert.deepEqual(
        await target.query(`SELECT metadata->>'tokens' || ' ' || (metadata->>'cost') FROM messages WHERE metadata ? 'tokens'`),
        ['9007199254740993 0.1000000000000000055'],
      );
      assert.deepEqual(
        await target.query(
          `SELECT coalesce('"' || content || '"', 'NULL') FROM messages WHERE conversation_id = '0b6f2c1e-5a57-4d0e-a8a1-0d7f4f2f9a01' ORDER BY position`,
        ),
        ['NULL', 'NULL', '""'],
      );
      assert.deepEqual(await target.query(`SELECT count(*) FROM conversations WHERE title IS NULL`), ['2']);
    });

    it('a second run writes nothing', async () => {
      const rows = 'SELECT count(*) || md5(string_agg(xmin::text || id::text, $$,$$ ORDER BY id)) FROM';
      const before = await target.query(`${rows} messages`);
      const result = await migrate();
      assert.deepEqual(await target.query(`${rows} messages`), before);
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(
        result.tables.map(({ existing }) => [existing?.inserted, existing?.updated, existing?.deleted]),
        [
          [0, 0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ],
      );
    });

    it('a third run takes over what is new and what has changed, and tells what is gone', async () => {
      const [first, second, third] = globSync('chen.wei/*.json', { cwd: join(store, 'data') }).sort();
      const grown = read(first ?? '');
      const write = (file: string, content: object): void => writeFileSync(join(store, 'data', file), JSON.stringify(content));
      write(first ?? '', { ...grown, title: 'Renamed', messages: [...grown.messages, { role: 'user', content: 'One more question' }] });
      const id = 'f0000000-0000-4000-a000-000000000001';
      write(`dalia/${id}.json`, { id, user_id: 'dalia', created_at: '2025-03-01T00:00:00Z', messages: [{ role: 'user', content: 'New' }] });
      rmSync(join(store, 'data', second ?? ''));
      const result = await migrate();
      assert.equal(result.verification.status, 'match');
      const [talks, messages] = result.tables.map(({ existing }) => existing);
      assert.deepEqual([talks?.inserted, talks?.updated, messages?.inserted, messages?.updated], [1, 1, 2, 0]);
      // A broken file may be any that is missing, so that nothing counts as gone until it can be read.
      assert.ok(result.warnings.some(({ code }) => code === 'rows-gone' || code === 'rows-behind'));
      assert.deepEqual(
        await target.query(
          `SELECT title || (SELECT count(*) FROM messages WHERE conversation_id = c.id) FROM conversations c WHERE id = '${grown.id}'`,
        ),
        [`Renamed${grown.messages.length + 1}`],
      );
      assert.equal((await target.query(`SELECT count(*) FROM conversations WHERE id = '${read(third ?? '').id}'`))[0], '1');
    });

    it('verify and report tell about it, and each run can be taken back', async () => {
      const [one = '', two = '', three = ''] = runs;
      const verified = await call('verify', three, '--json');
      assert.equal((parseJson(verified) as Verification).status, 'match', describeOutcome(verified));
      const report = await call('report', one, '--format', 'md');
      assert.ok(report.stdout.includes(cut) && report.stdout.includes(`jun/${twice}.json`), describeOutcome(report));
      for (const run of [three, two]) {
        const outcome = await call('rollback', run, '--json');
        assert.equal(outcome.code, 0, describeOutcome(outcome));
      }
      assert.deepEqual(await target.query('SELECT count(*) FROM messages'), ['362']);
      const outcome = await call('rollback', one, '--purge', '--json');
      assert.equal(outcome.code, 0, describeOutcome(outcome));
      assert.equal(await target.dump(), untouched);
    });

    it('after that the plan runs again', async () => {
      const result = await migrate();
      assert.deepEqual([result.status, result.verification.status], ['partial', 'match']);
    });
  });
}
