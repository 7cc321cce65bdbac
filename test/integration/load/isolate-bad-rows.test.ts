import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MigrationError } from '../../../src/core/index.ts';
import { isolateBadRows } from '../../../src/core/load/isolate-bad-rows.ts';
import { parsePostgresUrl } from '../../../src/core/target/postgres/connection-string.ts';
import { openTarget } from '../../../src/core/target/open-target.ts';
import type { Target } from '../../../src/core/target/target.ts';
import { requirePostgres } from '../../helpers/postgres.ts';

const rows = 1_024;

describe('isolateBadRows', () => {
  let target: Target;

  before(async function () {
    const cluster = await requirePostgres(this);
    const connection = parsePostgresUrl(await cluster.createDatabase(), {});
    target = await openTarget({ kind: 'postgres', connection, applicationName: 'test' }, {});
    await target.query('CREATE TABLE kept (id integer PRIMARY KEY)');
  });

  after(() => target?.close());

  it('stores every good row and names every bad one, whichever they are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: rows - 1 }), { maxLength: 12 }),
        fc.boolean(),
        async (bad, serverNamesLine) => {
          const { stored, refused } = await isolate(new Set(bad), serverNamesLine);
          assert.deepEqual(
            refused,
            bad.toSorted((a, b) => a - b),
          );
          assert.equal(stored, rows - bad.length);
        },
      ),
      { numRuns: 25 },
    )).timeout(60_000);

  it('costs O(k log n) attempts where the server does not name the line', async () => {
    for (const bad of [[500], [0, 1023], [1, 300, 600, 900]]) {
      const { attempts } = await isolate(new Set(bad), false);
      const most = bad.length * 2 * Math.log2(rows) + 1;
      assert.ok(attempts <= most, `${attempts} attempts for ${bad.length} bad rows, at most ${most} expected`);
    }
  });

  it('costs two attempts for each bad row where the server names the line', async () => {
    const { attempts } = await isolate(new Set([500]), true);
    assert.ok(attempts <= 3, `${attempts} attempts`);
  });

  it('costs O(k log n) COPY attempts when a trigger refuses rows at the end of the statement, where no line is named', async () => {
    await target.query('CREATE TABLE guarded (id integer)');
    await target.query(
      `CREATE FUNCTION refuse_bad() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id = ANY (TG_ARGV[0]::integer[]) THEN RAISE EXCEPTION ''bad row''; END IF; RETURN NULL; END'`,
    );
    const many = 100_000;
    for (const bad of [[0], [many - 1], [7, 50_000], [1, 2, 3, 99_999], Array.from({ length: 16 }, (_, i) => i * 6_100 + 37)]) {
      await target.query('DROP TRIGGER IF EXISTS refuse_bad ON guarded');
      await target.query(
        `CREATE TRIGGER refuse_bad AFTER INSERT ON guarded FOR EACH ROW EXECUTE FUNCTION refuse_bad('{${bad.join(',')}}')`,
      );
      let attempts = 0;
      let named = 0;
      await target.transaction(async (session) => {
        await session.query('TRUNCATE guarded');
        const { refused, accepted } = await isolateBadRows(session, many, async (from, to) => {
          attempts++;
          const copy = await session.copyIn('COPY guarded FROM STDIN');
          await copy.write(Buffer.from(Array.from({ length: to - from }, (_, i) => `${from + i}\n`).join('')));
          await copy.end().catch((error: unknown) => {
            if (error instanceof MigrationError && error.context['line'] !== undefined) named++;
            throw error;
          });
        });
        assert.deepEqual(
          refused.map(({ row }) => row).toSorted((a, b) => a - b),
          bad,
        );
        assert.equal(
          accepted.reduce((sum, [from, to]) => sum + to - from, 0),
          many - bad.length,
        );
        const found = await session.query('SELECT count(*)::int AS stored FROM guarded');
        assert.equal(found.rows[0]?.['stored'], many - bad.length);
      });
      assert.equal(named, 0, 'the server named a line');
      const most = 2 * bad.length * Math.ceil(Math.log2(many)) + 1;
      assert.ok(attempts <= most, `${attempts} attempts for ${bad.length} bad rows of ${many}, at most ${most} expected`);
    }
  }).timeout(120_000);

  async function isolate(
    bad: ReadonlySet<number>,
    serverNamesLine: boolean,
  ): Promise<{ stored: number; refused: number[]; attempts: number }> {
    let attempts = 0;
    return target.transaction(async (session) => {
      await session.query('TRUNCATE kept');
      const { refused } = await isolateBadRows(session, rows, async (from, to) => {
        attempts++;
        await session.query('INSERT INTO kept SELECT generate_series($1::text::int, $2::text::int - 1)', [String(from), String(to)]);
        for (let row = from; row < to; row++) {
          if (bad.has(row)) throw new MigrationError('row-refused', { context: serverNamesLine ? { line: row - from + 1 } : {} });
        }
      });
      const found = await session.query('SELECT count(*)::int AS stored FROM kept');
      return { stored: Number(found.rows[0]?.['stored']), refused: refused.map((one) => one.row).toSorted((a, b) => a - b), attempts };
    });
  }
});
