import assert from 'node:assert/strict';
import { MigrationError, readRunReport, retryRejects } from '../../../src/core/index.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan } from '../../helpers/engine.ts';

describeOnBothTargets('rejects', (withBench) => {
  it('S44 200,000 rows with one bad value in the middle: 199,999 rows and one reject with its place, state partial', () =>
    withBench(`${itemsSeed(200_000)} UPDATE item SET weight = 'heavy' WHERE id = 100000;`, async (bench) => {
      const result = await bench.run(storePlan([itemTable], { onReject: 'quarantine' }));
      assert.equal(result.status, 'partial');
      assert.equal(result.rejects, 1);
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), ['199999']);
      const report = await readRunReport(bench.choice, String(result.runId), bench.deps);
      assert.deepEqual(
        report.rejects.shown.map(({ table, provenance, column, code, value }) => ({ table, provenance, column, code, value })),
        [{ table: 'public.item', provenance: 'rowid 100000', column: 'weight', code: 'wrong-type', value: 'heavy' }],
      );
    }));

  it('stop refuses before anything is created, with the number and the place of the bad rows', () =>
    withBench(`${itemsSeed(1_000)} UPDATE item SET weight = 'heavy' WHERE id IN (500, 700);`, async (bench) => {
      const before = await bench.target.dump();
      await assert.rejects(bench.run(storePlan([itemTable])), (error) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'rejects-expected');
        assert.equal(error.context['rejects'], 2);
        assert.match(error.message, /rowid 500/);
        return true;
      });
      assert.equal(await bench.target.dump(), before);
    }));

  it('rows that only the server refuses are kept aside, their neighbours are loaded and verified', () =>
    withBench(itemsSeed(5_000), async (bench) => {
      const checked = { ...itemTable, checks: [{ name: 'light', expression: 'weight < 600 AND id % 1000 <> 7' }] };
      const result = await bench.run(storePlan([checked], { onReject: 'quarantine' }));
      // 600 × 8 = 4,800: ids 4,800 to 5,000, and 7, 1007, 2007, 3007, 4007.
      assert.equal(result.rejects, 201 + 5);
      assert.equal(result.status, 'partial');
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), [String(5_000 - 206)]);
      const report = await readRunReport(bench.choice, String(result.runId), bench.deps);
      const refused = report.rejects.shown.find((reject) => reject.provenance === 'rowid 3007');
      assert.equal(refused?.code, 'server-refused');
      assert.match(refused?.message ?? '', /"light"/);
      assert.equal(refused?.value, 'id = 3007, name = "item 3007", weight = 375.875');
    }));

  it('more rejects than allowed end the run as failed', () =>
    withBench(`${itemsSeed(1_000)} UPDATE item SET weight = 'heavy' WHERE id <= 10;`, async (bench) => {
      await assert.rejects(
        bench.run(storePlan([itemTable], { onReject: 'quarantine', maxRejects: 3 })),
        (error) => error instanceof MigrationError && error.code === 'too-many-rejects',
      );
      assert.deepEqual(await bench.target.query('SELECT status FROM sluice.run'), ['failed']);
    }));

  it('the limit is exact: no reject beyond it is committed, it says how many, and a resume that allows them loses none', () =>
    withBench(`${itemsSeed(120_000)} UPDATE item SET weight = 'heavy' WHERE id % 15000 = 0;`, async (bench) => {
      const plan = storePlan([itemTable], { onReject: 'quarantine', jobs: 2 });
      for (const maxRejects of [0, 3]) {
        await assert.rejects(bench.run(plan, { overrides: { maxRejects }, resume: maxRejects > 0 }), (error) => {
          assert.ok(error instanceof MigrationError);
          assert.equal(error.code, 'too-many-rejects');
          assert.ok(Number(error.context['rejects']) > maxRejects);
          assert.match(error.message, /rowid \d+, weight: a text of 5 characters is not a number/);
          return true;
        });
        const [kept = '', counted] = await bench.target.query(
          `SELECT count(*) FROM sluice.reject UNION ALL SELECT sum(rows_rejected) FROM sluice.checkpoint`,
        );
        assert.ok(Number(kept) <= maxRejects, `${kept} rejects are committed, ${maxRejects} are allowed`);
        assert.equal(counted ?? kept, kept);
      }
      const result = await bench.run(plan, { overrides: { maxRejects: 8 }, resume: true });
      assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 8, 'match']);
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), ['119992']);
    }));

  it('stop refuses before anything is created, whatever is wrong with the rows', () =>
    withBench(
      `CREATE TABLE thing (id TEXT PRIMARY KEY, name TEXT, embedding TEXT);
       INSERT INTO thing VALUES (NULL, 'a null key', NULL), ('b', NULL, NULL), ('c', CAST(x'61ff62' AS TEXT), NULL), ('d', 'nul' || char(0), NULL),
         ('e', 'two dimensions', '[1,2]'), ('f', 'good', '[1,2,3]');`,
      async (bench) => {
        const thing = {
          source: 'main',
          from: 'thing',
          to: 'thing',
          columns: [
            { from: 'id', to: 'id', type: 'text', nullable: false },
            { from: 'name', to: 'name', type: 'text', nullable: false },
            { from: 'embedding', to: 'embedding', type: 'vector(3)', convert: 'json-text' },
          ],
          primaryKey: ['id'],
        };
        const before = await bench.target.dump();
        await assert.rejects(bench.run(storePlan([thing])), (error) => {
          assert.ok(error instanceof MigrationError);
          assert.equal(error.code, 'rejects-expected');
          assert.equal(error.context['rejects'], 5);
          return true;
        });
        assert.equal(await bench.target.dump(), before);
        const result = await bench.run(storePlan([thing], { onReject: 'quarantine' }));
        assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 5, 'match']);
        assert.deepEqual(
          (await bench.target.query('SELECT code FROM sluice.reject')).toSorted(),
          ['invalid-text', 'null-not-allowed', 'null-not-allowed', 'nul-byte', 'wrong-dimensions'].toSorted(),
        );
      },
    ));

  it('stop refuses a store that is planned on the fly as well, before anything is created', () =>
    withBench(
      `CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, day DATE, document JSON, count INTEGER);
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO thing SELECT i, 'x', '2024-01-02', '{}', i FROM n;
       INSERT INTO thing VALUES (2001, 'nul' || char(0), NULL, NULL, 1), (2002, CAST(x'61ff62' AS TEXT), NULL, NULL, 1), (2003, 'x', '2024-02-30', NULL, 1),
         (2004, 'x', NULL, '{bad', 1), (2005, 'x', NULL, NULL, 'many');`,
      async (bench) => {
        const before = await bench.target.dump();
        const signal = new AbortController().signal;
        const plan = { locations: [bench.store], directory: bench.folder, targetProfile: 'embedded', options: {}, signal };
        await assert.rejects(bench.run(storePlan([]), { input: { kind: 'locations', plan } }), (error) => {
          assert.ok(error instanceof MigrationError);
          assert.equal(error.code, 'rejects-expected');
          assert.equal(error.context['rejects'], 5);
          return true;
        });
        assert.equal(await bench.target.dump(), before);
      },
    ));

  it('originals of any size are kept, and a retry says anew why they stay', () =>
    withBench(
      `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL);
       INSERT INTO item VALUES (1, 'good', 1), (2, 'large', 'x' || hex(zeroblob(10000000))), (3, 'larger', zeroblob(30000000)), (4, 'small', 'heavy');`,
      async (bench) => {
        const { runId, rejects } = await bench.run(storePlan([itemTable], { onReject: 'quarantine' }));
        assert.equal(rejects, 3);
        const lengths = `SELECT provenance || ' ' || octet_length(raw_value) FROM sluice.reject ORDER BY provenance`;
        const expected = ['rowid 2 20000001', 'rowid 3 30000000', 'rowid 4 5'];
        assert.deepEqual(await bench.target.query(lengths), expected);
        const signal = new AbortController().signal;
        const retried = await retryRejects({ runId: String(runId), target: bench.choice, plan: null, mostBytes: 10, signal }, bench.deps);
        assert.deepEqual(
          retried.rejects.map(({ value, valueBytes }) => [value, valueBytes]).toSorted((a, b) => Number(a[1] ?? 0) - Number(b[1] ?? 0)),
          [
            ['heavy', undefined],
            ['x000000000', 20_000_001],
            ['\0'.repeat(10), 30_000_000],
          ],
        );
        assert.deepEqual(await bench.target.query(lengths), expected);
      },
    ));

  it('values stay out of the target when they are to be redacted', () =>
    withBench(`${itemsSeed(10)} UPDATE item SET weight = 'heavy' WHERE id = 5;`, async (bench) => {
      await bench.run(storePlan([itemTable], { onReject: 'quarantine' }), { redactValues: true });
      assert.deepEqual(
        await bench.target.query(`SELECT coalesce(raw_value::text, 'none') || ' ' || (message LIKE '%heavy%') FROM sluice.reject`),
        ['none false'],
      );
    }));

  it('what PostgreSQL says of a refused row stays out as well, also when the run is resumed without saying so again', () =>
    withBench(
      `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL); INSERT INTO item VALUES (1, 'secret', 9), (2, 'fine', 1);`,
      async (bench) => {
        const plan = storePlan([{ ...itemTable, checks: [{ name: 'light', expression: 'weight < 5' }] }], {
          onReject: 'quarantine',
          maxRejects: 0,
        });
        await assert.rejects(
          bench.run(plan, { redactValues: true }),
          (error) => error instanceof MigrationError && !/secret/.test(error.message),
        );
        const result = await bench.run(plan, { resume: true, overrides: { maxRejects: null } });
        assert.equal(result.rejects, 1);
        assert.deepEqual(await bench.target.query(`SELECT coalesce(raw_value::text, 'none') || ' ' || message FROM sluice.reject`), [
          'none PostgreSQL refused the row (SQLSTATE 23514, constraint "light").',
        ]);
      },
    ));
});
