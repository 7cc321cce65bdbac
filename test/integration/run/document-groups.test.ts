import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRunReport, retryRejects } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { assertVerified } from '../../helpers/assert-verified.ts';
import { cancelInTheMiddle } from '../../helpers/cancel-in-the-middle.ts';
import { describeOnBothTargets, type Bench } from '../../helpers/engine.ts';
import { ask, assertProved, contents, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';

function talksPlan(options: PlanInput['options'] = {}): PlanInput {
  return {
    version: 1,
    name: 'talks',
    sources: { tree: { kind: 'json', path: 'data', pattern: '{user_id}/{id}.json' } },
    target: { profile: 'embedded' },
    options,
    tables: [
      {
        source: 'tree',
        from: { files: '*/*.json', path: '$' },
        to: 'talk',
        columns: [
          { from: '/id', to: 'id', type: 'text', nullable: false },
          { from: { path: 'user_id' }, to: 'user_id', type: 'text', nullable: false },
          { from: '/title', to: 'title', type: 'text' },
        ],
        primaryKey: ['id'],
      },
      {
        source: 'tree',
        from: { files: '*/*.json', path: '$.messages', as: 'child', parent: 'talk', ordinal: 'position' },
        to: 'message',
        columns: [
          { from: { parent: '/id' }, to: 'talk_id', type: 'text', nullable: false },
          { to: 'position', type: 'integer', nullable: false },
          { from: '/role', to: 'role', type: 'varchar(9)', nullable: false },
          { from: '/stage1', to: 'stage1', type: 'jsonb' },
        ],
        primaryKey: ['talk_id', 'position'],
        foreignKeys: [{ columns: ['talk_id'], references: 'talk', referencesColumns: ['id'], orphans: 'quarantine' }],
        checks: ["role <> 'nobody'"],
      },
    ],
  };
}

/** Talks of two users with two messages each; `more`: what else is in the tree, by the name of the file. */
function layTree({ folder }: Bench, talks: number, more: Readonly<Record<string, string>> = {}, filling = ''): void {
  for (const user of ['u1', 'u2']) mkdirSync(join(folder, 'data', user), { recursive: true });
  const message = (role: string): object => ({ role, stage1: { model: 'm', score: 1.5, filling } });
  for (let n = 0; n < talks; n++) {
    const id = `t${String(n).padStart(4, '0')}`;
    const document = { id, title: `talk ${n}`, messages: [message('user'), message('assistant')] };
    writeFileSync(join(folder, 'data', n % 2 === 0 ? 'u1' : 'u2', `${id}.json`), JSON.stringify(document));
  }
  for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, 'data', name), text);
}

describeOnBothTargets('documents and their children', (withBench) => {
  it('are loaded, proved, and proved again by another reading; sums of the reports add up', () =>
    withBench('', async (bench) => {
      layTree(bench, 20);
      const result = await bench.run(talksPlan());
      assertProved(result, 60);
      assert.deepEqual(
        result.tables.map(({ from, to, rowsWritten }) => `${to} ${rowsWritten} ${from}`),
        ['public.talk 20 */*.json $', 'public.message 40 */*.json $.messages[*]'],
      );
      assert.deepEqual(
        await bench.target
          .query(`SELECT concat_ws(' ', user_id, title, position, role, stage1 ->> 'score') FROM public.talk JOIN public.message
          ON id = talk_id WHERE id = 't0003' ORDER BY position`),
        ['u2 talk 3 0 user 1.5', 'u2 talk 3 1 assistant 1.5'],
      );
      await assertVerified(bench, result.runId);
    }));

  it('J10 a file that is no JSON, a row that cannot be converted and one that the server refuses are set aside with their places', () =>
    withBench('', async (bench) => {
      layTree(bench, 6, {
        'u1/broken.json': '{"id": "b", "messages": [{"role": "user"',
        'u2/refused.json': '{"id": "r", "messages": [{"role": "user"}, {"role": "nobody"}, {"role": "somebody else"}]}',
      });
      await assert.rejects(bench.run(talksPlan()), failsWith('rejects-expected', /u1\/broken\.json/));
      const result = await bench.run(talksPlan({ onReject: 'quarantine', maxRejects: 3 }));
      assertProved(result, 20, 3);
      const { rejects } = await readRunReport(bench.choice, String(result.runId), bench.deps);
      assert.deepEqual(rejects.shown.map(({ table, provenance, code }) => `${table} ${provenance} ${code}`).toSorted(), [
        'public.message u2/refused.json#/messages/1 server-refused',
        'public.message u2/refused.json#/messages/2 too-long',
        'public.talk u1/broken.json, byte 40 unreadable-document',
      ]);
      await assertVerified(bench, result.runId);

      const plan = talksPlan({ onReject: 'quarantine' });
      const column = plan.tables[1]?.columns?.[2];
      assert.ok(column !== undefined);
      column.type = 'text';
      const text = JSON.stringify(plan);
      const retried = await retryRejects(
        {
          runId: String(result.runId),
          target: bench.choice,
          plan: { text, path: join(bench.folder, 'store.sluice.json') },
          signal: new AbortController().signal,
        },
        bench.deps,
      );
      assert.deepEqual([retried.retried, retried.rejects.length, retried.result.verification.status], [1, 2, 'match']);
    }));

  it('are added to tables that are there and check their keys at once: parents before children; roll back gives back what was there', () =>
    withBench('', async (bench) => {
      layTree(bench, 10, { 'u1/twice.json': '{"id": "mine", "messages": [{"role": "user"}, {"role": "user"}]}' });
      await execute(
        bench,
        `CREATE TABLE public.talk (id text PRIMARY KEY, user_id text NOT NULL, title text);
         CREATE TABLE public.message (talk_id text NOT NULL REFERENCES public.talk, position integer NOT NULL, role varchar(9) NOT NULL CHECK (role <> 'nobody'),
           stage1 jsonb, PRIMARY KEY (talk_id, position));
         INSERT INTO public.talk VALUES ('mine', 'me', 'before'); INSERT INTO public.message VALUES ('mine', 0, 'user', NULL)`,
      );
      const before = await contents(bench);
      await assert.rejects(bench.run(talksPlan({ mode: 'append' })), failsWith('row-refused-by-server', /public\.talk/, /u1\/twice\.json/));
      await rollBack(bench, (await ask(bench, `SELECT run_id FROM sluice.run WHERE status = 'failed'`))[0]?.[0] ?? null);
      const appended = await bench.run(talksPlan({ mode: 'append', onReject: 'quarantine' }));
      assertProved(appended, 30, 3);
      const { rejects } = await readRunReport(bench.choice, String(appended.runId), bench.deps);
      assert.deepEqual(rejects.shown.map(({ provenance, code }) => `${provenance} ${code}`).toSorted(), [
        'u1/twice.json server-refused',
        'u1/twice.json#/messages/0 orphan',
        'u1/twice.json#/messages/1 orphan',
      ]);
      await rollBack(bench, appended.runId);
      assert.deepEqual(await contents(bench), before);
      const upserted = await bench.run(talksPlan({ mode: 'upsert' }));
      assertProved(upserted, 33);
      await rollBack(bench, upserted.runId);
      assert.deepEqual(await contents(bench), before);
    }));

  it('J09 two documents with one key: the second is set aside whole, also what would fit to the first', () =>
    withBench('', async (bench) => {
      const talk = (title: string, messages: number): string =>
        JSON.stringify({ id: 'same', title, messages: Array.from({ length: messages }, () => ({ role: 'user' })) });
      layTree(bench, 4, { 'u1/first.json': talk('first', 2), 'u2/second.json': talk('second', 4) });
      const result = await bench.run(talksPlan({ onReject: 'quarantine' }));
      assertProved(result, 15, 5);
      assert.deepEqual(
        await bench.target.query(
          `SELECT concat_ws(' ', title, (SELECT count(*) FROM public.message WHERE talk_id = id)) FROM public.talk WHERE id = 'same'`,
        ),
        ['first 2'],
      );
      const rejected = async (): Promise<readonly string[]> => {
        const { rejects } = await readRunReport(bench.choice, String(result.runId), bench.deps);
        return rejects.shown.map(({ table, provenance, code }) => `${table} ${provenance} ${code}`).toSorted();
      };
      const places = [0, 1, 2, 3].map((position) => `public.message u2/second.json#/messages/${position} orphan`);
      assert.deepEqual(await rejected(), [...places, 'public.talk u2/second.json key-violated']);
      await assertVerified(bench, result.runId);
      const target = { runId: String(result.runId), target: bench.choice, plan: null, signal: new AbortController().signal };
      const retried = await retryRejects(target, bench.deps);
      assert.deepEqual([retried.retried, retried.rejects.length, retried.result.verification.status], [0, 5, 'match']);
    }));

  it('S45 are whole when a run is cancelled between two chunks, and the run goes on behind them', () =>
    withBench('', async (bench) => {
      layTree(bench, 600, {}, 'x'.repeat(10_000));
      const plan = talksPlan({ jobs: 1 });
      await cancelInTheMiddle(bench, plan);
      const [torn, talks] = await ask(
        bench,
        'SELECT count(*) FROM public.talk FULL JOIN (SELECT talk_id, count(*) AS n FROM public.message GROUP BY 1) m ON talk_id = id WHERE n IS DISTINCT FROM 2',
        'SELECT count(*) FROM public.talk',
      );
      assert.deepEqual(torn, ['0']);
      assert.ok(Number(talks?.[0]) > 0 && Number(talks?.[0]) < 600, `${talks?.[0]} documents were there`);
      assertProved(await bench.run(plan, { resume: true }), 1_800);
    }));
});
