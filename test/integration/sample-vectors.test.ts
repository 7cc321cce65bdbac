import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goOn } from '../../samples/dira/build.ts';
import type { DuplicatesDocument } from '../../src/cli/output/duplicates-document.ts';
import type { NeighboursDocument } from '../../src/cli/output/neighbours-document.ts';
import type { ColumnAdvice, Verification } from '../../src/core/index.ts';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { describeOutcome, parseJson, parseRun, projectRoot, runCli, type CliOutcome } from '../helpers/run-cli.ts';

/** The commands on vectors that a sample's README shows, as lists of words. */
function commandsOf(sample: string): readonly (readonly string[])[] {
  const text = readFileSync(join(projectRoot, 'samples', sample, 'README.md'), 'utf8');
  const lines = text.split('\n').filter((line) => /^sluice (?:neighbours|duplicates|advise) /.test(line));
  assert.equal(lines.length, 4, `the commands of ${sample}`);
  return lines.map((line) => line.split(' ').slice(1));
}

describeOn('PostgreSQL', async (context) => postgresTarget(await requirePostgres(context)));
describeOn('the embedded target', () => Promise.resolve(embeddedTarget()));

function describeOn(name: string, open: (context: Mocha.Context) => Promise<CliTarget>): void {
  describe(`vectors of the samples on ${name}`, function () {
    this.timeout(180_000);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-sample-vectors-'));
    let target: CliTarget;

    before(async function () {
      target = await open(this);
    });
    after(async () => {
      await target?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    const call = (...args: readonly string[]): Promise<CliOutcome> =>
      runCli([...args, '--target', target.flag], { environment: target.environment });
    async function ask<T>(words: readonly string[]): Promise<T> {
      const outcome = await call(...words, '--json');
      assert.equal(outcome.code, 0, describeOutcome(outcome));
      return parseJson(outcome) as T;
    }

    it('Dira: neighbours and near-duplicate reports, and related_reports is filled', async () => {
      const [neighbours = [], duplicates = [], into = [], advise = []] = commandsOf('dira');
      const store = join(folder, 'dira');
      cpSync(join(projectRoot, 'samples/dira'), store, { recursive: true });
      const { runId } = parseRun(await call('run', join(store, 'dira.sluice.json'), '--json'), 3);
      const problemOf = async (id: string | undefined): Promise<string> =>
        String(await target.query(`SELECT regexp_replace(title, ' \\(\\d+\\)$', '') FROM reports WHERE id = '${id ?? ''}'`));

      const near = await ask<NeighboursDocument>(neighbours);
      assert.equal(near.neighbours.length, 5);
      const [first] = near.neighbours;
      assert.equal(await problemOf(first?.key[0]), await problemOf(neighbours[neighbours.indexOf('--id') + 1]));
      assert.ok((first?.similarity ?? 0) > 0.98);

      const { count, pairs } = await ask<DuplicatesDocument>(duplicates);
      assert.equal(count, 16);
      for (const { a, b, similarity } of pairs) {
        assert.ok(similarity >= 0.98 && similarity < 1, `${similarity}: alike, not the same`);
        assert.equal(await problemOf(a[0]), await problemOf(b[0]), 'one problem in one estate');
      }

      const edges = `SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM related_reports r WHERE relationship_type IS NOT NULL`;
      const everything = `SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM related_reports r`;
      const before = await target.query(edges);
      const linked = Number(
        await target.query(
          `SELECT count(*) FROM related_reports WHERE ${pairs.map(({ a, b }) => `(report_id, related_report_id) IN (('${a}', '${b}'), ('${b}', '${a}'))`).join(' OR ')}`,
        ),
      );
      const { into: written } = await ask<DuplicatesDocument>(into);
      assert.deepEqual(
        [written?.created, written?.inserted, written?.updated, written?.unchanged, written?.others],
        [false, 16 - linked, 0, linked, 18 - linked],
      );
      assert.deepEqual(await target.query(edges), before, 'the edges of the session are as they were');
      assert.deepEqual(
        await target.query(`SELECT count(*) FROM related_reports WHERE similarity_score >= 0.95 AND relationship_type IS NULL`),
        [String(16 - linked)],
      );
      const filled = await target.query(everything);
      const { into: again } = await ask<DuplicatesDocument>(into);
      assert.deepEqual([again?.inserted, again?.updated, again?.unchanged, again?.others], [0, 0, 16, 18 - linked]);
      assert.deepEqual(await target.query(everything), filled, 'a second call changes nothing');

      const { tables } = parseJson(await call('verify', runId, '--json')) as Verification;
      assert.deepEqual(
        tables
          .map(({ table, missing, extra, different }) => [table, missing, extra, different])
          .filter(([, ...found]) => found.some(Boolean)),
        [['public.related_reports', 0, 16 - linked, 0]],
        'the run that made the table counts the added pairs, and nothing else',
      );
      goOn(join(store, 'main.session'));
      const second = parseRun(await call('run', join(store, 'dira.sluice.json'), '--json'), 3);
      assert.equal(second.verification.status, 'match');
      assert.deepEqual(await target.query(everything), filled, 'a further run leaves the pairs');

      const { advice, sql, indexes } = await ask<ColumnAdvice>(advise);
      assert.deepEqual([advice.method, advice.metric, indexes.map(({ opclass }) => opclass)], ['none', 'cosine', ['vector_cosine_ops']]);
      assert.match(advice.reasons[0] ?? '', /No index is needed yet: a search that reads all 4\d vectors/);
      assert.match(sql ?? '', /USING hnsw \("embedding" "public"\."vector_cosine_ops"\)/);
    });

    it('Conversation AI: neighbours of a message, partners who look alike, and an index for 4,096 dimensions', async () => {
      const [neighbours = [], duplicates = [], into = [], advise = []] = commandsOf('conversation-ai');
      const plan = join(projectRoot, 'samples/conversation-ai/conversation-ai.sluice.json');
      parseRun(await call('run', plan, '--json'), 0);

      const near = await ask<NeighboursDocument>(neighbours);
      assert.equal(near.neighbours.length, 5);
      assert.equal(near.index?.form, 'hnsw binary-quantised');
      assert.ok((near.recall ?? 0) >= 0.8, `recall ${near.recall}`);

      const { count, pairs } = await ask<DuplicatesDocument>(duplicates);
      assert.equal(count, pairs.length);
      assert.ok(count > 10 && count < 210, `${count} of 210 pairs`);
      assert.ok(
        pairs.every(({ similarity }) => similarity > 0.45 && similarity < 0.55),
        'one face, not one picture',
      );
      const { into: written } = await ask<DuplicatesDocument>(into);
      assert.deepEqual([written?.created, written?.inserted], [true, count]);
      const { into: again } = await ask<DuplicatesDocument>(into);
      assert.deepEqual([again?.created, again?.inserted, again?.updated, again?.unchanged], [false, 0, 0, count]);

      const { advice, sql } = await ask<ColumnAdvice>(advise);
      assert.match(
        advice.reasons.join(' '),
        /pgvector indexes vector up to 2,000 and halfvec up to 4,000 dimensions, and embedding has 4,096: an index on the column itself is refused; the signs of its elements are indexed/,
      );
      assert.match(advice.reasons.join(' '), /1 of 225 vectors are zero and will not be indexed/);
      assert.match(sql ?? '', /USING hnsw \(\("public"\."binary_quantize"\("embedding"\)::bit\(4096\)\) "?\w*"?\.?"?bit_hamming_ops"?\)/);
    });
  });
}
