import assert from 'node:assert/strict';
import { MigrationError } from '../../src/core/errors.ts';
import type { HealthCheck, VectorHealth } from '../../src/core/model/vector-health.ts';
import { checkHealth } from '../../src/core/vectors/check-health.ts';
import { describeOnTargets } from '../helpers/target-harness.ts';

describeOnTargets('vector health', (target) => {
  const check = (table: string, column = 'embedding'): Promise<VectorHealth> =>
    checkHealth({ schema: 'public', table, column, signal: new AbortController().signal }, target());
  /** What is not simply well. */
  const found = ({ checks }: VectorHealth): readonly (readonly [string, string, number, string])[] =>
    checks.flatMap(({ check: name, state, count, examples }: HealthCheck) =>
      state === 'ok' && count === 0 ? [] : [[name, state, count, examples.map((key) => key.join('+')).join(' ')] as const],
    );

  it('finds zero, other norms, duplicates, a constant dimension and missing vectors, with keys', async () => {
    await target().query('CREATE TABLE reports (place int, id text, embedding vector(3), PRIMARY KEY (place, id))');
    await target().query(`INSERT INTO reports VALUES (1, 'a', '[1,0,0]'), (1, 'b', '[0,1,0]'), (1, 'c', '[0.6,0.8,0]'), (2, 'a', '[0,0,0]'),
      (2, 'b', NULL), (2, 'c', '[1,0,0]'), (3, 'a', '[3,4,0]'), (3, 'b', '[1,0,0]'), (3, 'c', '[0,1,0]')`);
    const health = await check('reports');
    assert.deepEqual(found(health), [
      ['zero', 'warning', 1, '2+a'],
      ['norms', 'warning', 1, '3+a'],
      ['duplicates', 'warning', 5, '1+a 3+b 1+b 3+c'],
      ['constant-dimensions', 'warning', 1, ''],
      ['missing', 'warning', 1, '2+b'],
    ]);
    assert.deepEqual([health.rows, health.vectors, health.missing, health.healthy], [9, 8, 1, true]);
    assert.deepEqual(health.dimensions, { declared: 3, expected: 3, found: [{ dimensions: 3, rows: 8 }] });
    assert.deepEqual([health.duplicates, health.constantDimensions, health.type], [{ groups: 2, rows: 5 }, [3], 'vector(3)']);
    const { norms } = health;
    assert.deepEqual([norms?.least, norms?.median, norms?.most, norms?.unit], [0, 1, 5, 6]);
    assert.ok(Math.abs(norms!.mean - 11 / 8) < 1e-6);
  });

  it('counts norms in bins, tells its scans, and says what can be done', async () => {
    await target().query('CREATE TABLE spread (id int PRIMARY KEY, embedding vector(2))');
    await target().query(`INSERT INTO spread SELECT i, format('[%s,0]', i / 10.0)::vector FROM generate_series(0, 40) AS i`);
    const scans: string[] = [];
    const wish = { schema: 'public', table: 'spread', column: 'embedding', signal: new AbortController().signal };
    const health = await checkHealth(wish, target(), (scan, at, of) => scans.push(`${at}/${of} ${scan}`));
    assert.deepEqual(scans, ['0/5 norms', '1/5 spread', '2/5 duplicates', '3/5 constant-dimensions', '4/5 examples']);
    const bins = health.norms!.histogram!;
    assert.deepEqual([bins.length, bins[0]!.from, bins.at(-1)!.to], [20, 0, 4]);
    assert.equal(
      bins.reduce((sum, bin) => sum + bin.rows, 0),
      41,
    );
    assert.ok(bins.every(({ from, to }, i) => to > from && (i === 0 || Math.abs(from - bins[i - 1]!.to) < 1e-12)));
    assert.deepEqual(
      health.checks.filter(({ remedy }) => remedy !== null).map(({ check: name }) => name),
      ['zero', 'constant-dimensions'],
    );
    assert.deepEqual(health.checks.find(({ check: name }) => name === 'zero')!.examples, [['0']]);
    const without = await checkHealth({ ...wish, examples: false }, target());
    assert.ok(without.checks.every(({ examples }) => examples.length === 0));
    await target().query('DELETE FROM spread WHERE id <> 10');
    assert.equal((await checkHealth(wish, target())).norms!.histogram, null);
  });

  it('finds wrong dimensions where the column does not fix them', async () => {
    await target().query('CREATE TABLE loose (id int PRIMARY KEY, embedding vector)');
    await target().query(`INSERT INTO loose VALUES (1, '[1,2]'), (2, '[1,2,3]'), (3, '[3,4,5]'), (4, '[2,2,5]'), (5, '[1,2,3,4]')`);
    const health = await check('loose');
    assert.deepEqual(found(health), [
      ['dimensions', 'problem', 2, '1 5'],
      ['norms', 'ok', 5, ''],
    ]);
    assert.match(health.checks[0]!.message, /2 vectors have other dimensions \(2, 4\) than the 3 of most/);
    assert.deepEqual([health.healthy, health.dimensions.declared, health.dimensions.expected], [false, null, 3]);
  });

  it('finds NaN, infinity, NULL and wrong lengths in arrays', async () => {
    await target().query('CREATE TABLE lists (id int PRIMARY KEY, single real[], twice double precision[])');
    await target()
      .query(`INSERT INTO lists VALUES (1, '{1,0,7}', '{1e200,0}'), (2, '{0,1,7}', '{1,0}'), (3, '{NaN,0,7}', '{1,0}'), (4, '{0,-Infinity,7}', '{0,0}'),
      (5, '{0,NULL,7}', NULL), (6, '{1}', '{-1,0}'), (7, '{}', '{1,0}')`);
    const single = await check('lists', 'single');
    assert.deepEqual(found(single), [
      ['dimensions', 'problem', 2, '6 7'],
      ['finite', 'problem', 3, '3 4 5'],
      ['zero', 'warning', 1, '7'],
      ['norms', 'ok', 2, ''],
      ['constant-dimensions', 'warning', 1, ''],
    ]);
    assert.deepEqual([single.constantDimensions, single.type], [[3], 'real[]']);
    const twice = await check('lists', 'twice');
    assert.deepEqual(found(twice), [
      ['finite', 'problem', 1, '1'],
      ['zero', 'warning', 1, '4'],
      ['duplicates', 'warning', 3, '2 7'],
      ['constant-dimensions', 'warning', 1, ''],
      ['missing', 'warning', 1, '5'],
    ]);
  });

  it('is content with good vectors, with halfvec, without a key, and with nothing', async () => {
    await target().query('CREATE TABLE good (embedding halfvec(2), none vector(4))');
    await target().query(`INSERT INTO good (embedding) VALUES ('[1,0]'), ('[0,1]'), ('[0.6,0.8]')`);
    const good = await check('good');
    assert.deepEqual([found(good), good.healthy, good.key], [[], true, ['ctid']]);
    const none = await check('good', 'none');
    assert.deepEqual(found(none), [
      ['constant-dimensions', 'skipped', 0, ''],
      ['missing', 'warning', 3, '(0,1) (0,2) (0,3)'],
    ]);
    assert.deepEqual([none.norms, none.constantDimensions, none.healthy], [null, null, true]);
  });

  it('does not compute differences that float32 cannot hold', async () => {
    await target().query('CREATE TABLE huge (id int PRIMARY KEY, embedding vector(2))');
    await target().query(`INSERT INTO huge VALUES (1, '[3e38,0]'), (2, '[-3e38,1]')`);
    const huge = await check('huge');
    assert.deepEqual([huge.constantDimensions, huge.healthy], [null, true]);
    assert.match(huge.checks.find(({ check: name }) => name === 'constant-dimensions')!.message, /too large for a difference/);
  });

  it('refuses other columns', async () => {
    await target().query('CREATE TABLE others (title text, numbers int[])');
    for (const column of ['title', 'numbers'])
      await assert.rejects(check('others', column), (error: unknown) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'not-a-vector-column');
        assert.match(error.message, /only vector, halfvec, real\[\] and double precision\[\] columns are examined/);
        return true;
      });
    await assert.rejects(check('others', 'nope'), /no column "nope"/);
  });
});
