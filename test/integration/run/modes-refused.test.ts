import assert from 'node:assert/strict';
import { MigrationError, type TargetChoice } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { postgresTarget } from '../../helpers/cli-target.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, withBenchOf } from '../../helpers/engine.ts';
import { ask, assertProved, contents, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';
import { requirePostgres } from '../../helpers/postgres.ts';

describeOnBothTargets('tables that cannot take the rows', (withBench) => {
  it('are refused before anything is written, with everything that is in the way', () =>
    withBench(itemsSeed(10), async (bench) => {
      await execute(
        bench,
        `CREATE TABLE public.short (id bigint PRIMARY KEY, name text);
         CREATE TABLE public.needy (id bigint PRIMARY KEY, name text, weight float8, owner text NOT NULL, made date NOT NULL DEFAULT now());
         CREATE TABLE public.typed (id uuid PRIMARY KEY, name text, weight bytea);
         CREATE VIEW public.looked_at AS SELECT 1 AS id;
         CREATE TABLE public.ruled (id bigint PRIMARY KEY, name text, weight float8);
         CREATE RULE elsewhere AS ON INSERT TO public.ruled DO INSTEAD NOTHING;
         CREATE TABLE public.loose (id bigint NOT NULL, name text PRIMARY KEY, weight float8);
         CREATE TABLE public.heaped (id bigint UNIQUE, name text, weight float8);`,
      );
      const before = await bench.target.dump();
      const names = ['short', 'needy', 'typed', 'looked_at', 'ruled', 'loose', 'heaped'];
      const plan = storePlan(
        [
          ...names.map((to) => ({ ...itemTable, to })),
          { ...itemTable, to: 'fresh', foreignKeys: [{ columns: ['id'], references: 'loose', referencesColumns: ['id'] }] },
        ],
        { mode: 'upsert' },
      );
      await assert.rejects(bench.run(plan), (error) => {
        assert.ok(error instanceof MigrationError && error.code === 'existing-table-unfit', String(error));
        assert.deepEqual(sorted(error.context['problems']), [
          'public.heaped has no primary key and no unique index on columns that are never NULL, so that rows overwritten by mode upsert could not be named.',
          'public.looked_at is a view, not a table.',
          'public.loose has no unique index on (id), by which mode upsert finds the rows that are there.',
          'public.loose has no unique index on (id), to which foreign key fresh_id_fkey of public.fresh refers.',
          'public.needy has a NOT NULL column without a default that the plan does not write: owner.',
          'public.short has no column weight, which the plan writes.',
          'public.typed: column "id" is of type uuid but expression is of type bigint.',
          'public.typed: column "weight" is of type bytea but expression is of type double precision.',
          'Rules change what is written to public.ruled (elsewhere), so that it can be neither proved nor undone.',
        ]);
        return true;
      });
      await assert.rejects(bench.run(plan, { dryRun: true }), failsWith('existing-table-unfit'));
      assert.equal(await bench.target.dump(), before);
    }));

  it('are told with everything else that is wrong, in one report: tables that do not fit, keys that are missing, names, limits and rejects', () =>
    withBench(`${itemsSeed(10)} UPDATE item SET weight = 'heavy' WHERE id = 5;`, async (bench) => {
      await execute(
        bench,
        `CREATE TABLE public.short (id bigint PRIMARY KEY, name text);
         CREATE TABLE public.typed (id uuid PRIMARY KEY, name text, weight float8);
         CREATE TABLE public.heaped (id bigint UNIQUE, name text, weight float8);
         CREATE TABLE public.other (id bigint); CREATE INDEX taken ON public.other (id);`,
      );
      const before = await bench.target.dump();
      const wide = Array.from({ length: 1_601 }, (_, i) => ({ from: 'id', to: `c${i}`, type: 'bigint' }));
      const plan = storePlan(
        [
          ...['short', 'typed', 'heaped'].map((to) => ({ ...itemTable, to })),
          { ...itemTable, to: 'fresh', indexes: [{ name: 'taken', columns: ['name'] }] },
          { ...itemTable, to: 'wide', columns: wide, primaryKey: [] },
        ],
        { mode: 'upsert' },
      );
      for (const dryRun of [true, false]) {
        bench.events.length = 0;
        await assert.rejects(bench.run(plan, { dryRun }), (error) => {
          assert.ok(error instanceof MigrationError, String(error));
          assert.equal(error.context['runId'], undefined);
          assert.equal(error.code, 'too-many-columns', error.message);
          return true;
        });
        const [report] = bench.events.flatMap((event) => (event.type === 'preflight' ? [event.report] : []));
        const found = (report?.findings ?? []).map(({ severity, code }) => `${severity} ${code}`);
        assert.deepEqual(found, [
          'error too-many-columns',
          'error existing-table-unfit',
          'error name-exists',
          'error rejects-expected',
          'error row-too-wide',
        ]);
        const unfit = report?.findings.find(({ code }) => code === 'existing-table-unfit');
        assert.deepEqual(sorted(unfit?.context['problems']), [
          'public.heaped has no primary key and no unique index on columns that are never NULL, so that rows overwritten by mode upsert could not be named.',
          'public.short has no column weight, which the plan writes.',
          'public.typed: column "id" is of type uuid but expression is of type bigint.',
        ]);
        assert.match(report?.findings.find(({ code }) => code === 'name-exists')?.message ?? '', /index public\.taken/);
      }
      assert.equal(await bench.target.dump(), before);
    }));

  it('replace is refused where rows of other tables refer to those that would go', () =>
    withBench(itemsSeed(10), async (bench) => {
      await execute(
        bench,
        `CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8); INSERT INTO public.item VALUES (1), (2);
         CREATE TABLE public.bought (item bigint REFERENCES public.item ON DELETE CASCADE); INSERT INTO public.bought VALUES (1), (NULL), (2);
         CREATE TABLE public.sold (item bigint REFERENCES public.item); INSERT INTO public.sold VALUES (2);
         CREATE TABLE public.lost (item bigint REFERENCES public.item ON DELETE SET NULL); INSERT INTO public.lost VALUES (NULL);`,
      );
      const before = await contents(bench);
      await assert.rejects(
        bench.run(storePlan([itemTable], { mode: 'replace' })),
        failsWith(
          'existing-table-unfit',
          /2 rows of public\.bought refer to public\.item.* that would delete them as well \(foreign key bought_item_fkey\)/,
          /1 row of public\.sold .* that would be refused/,
        ),
      );
      assert.deepEqual(await contents(bench), before);
    }));
});

describeOnBothTargets('roll back of rows in tables that exist', (withBench) => {
  const made = `CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8, extra text DEFAULT 'new'); INSERT INTO public.item VALUES (5, 'five', 5, 'mine')`;

  it('refuses rows that were changed or deleted since, naming them, and changes nothing', () =>
    withBench(itemsSeed(20), async (bench) => {
      await execute(bench, made);
      const { runId } = await bench.run(storePlan([itemTable], { mode: 'upsert' }));
      await execute(
        bench,
        `UPDATE public.item SET extra = 'changed' WHERE id = 5; DELETE FROM public.item WHERE id = 6; INSERT INTO public.item VALUES (1000)`,
      );
      const before = await contents(bench);
      await assert.rejects(
        rollBack(bench, runId),
        failsWith('rows-changed-since', /public\.item \(id\) = \(5\) is changed/, /public\.item \(id\) = \(6\) is gone/),
      );
      assert.deepEqual(await contents(bench), before);
    }));

  it("refuses while a user's row refers to a row that would go, whatever the foreign key would do, and while a view needs a table that would go", () =>
    withBench(`${itemsSeed(20)} CREATE TABLE other (id INTEGER PRIMARY KEY);`, async (bench) => {
      await execute(bench, made, 'CREATE TABLE public.bought (item bigint REFERENCES public.item ON DELETE CASCADE)');
      const before = await contents(bench);
      const { runId } = await bench.run(storePlan([itemTable, otherTable], { mode: 'append', onReject: 'quarantine' }));
      await execute(bench, 'INSERT INTO public.bought VALUES (5), (6)', 'CREATE VIEW public.others AS SELECT * FROM public.other');
      const after = await contents(bench);
      await assert.rejects(rollBack(bench, runId), failsWith('roll-back-blocked', /others/));
      await execute(bench, 'DROP VIEW public.others');
      await assert.rejects(
        rollBack(bench, runId),
        failsWith('roll-back-blocked', /1 row of public\.bought refers to them \(foreign key bought_item_fkey\)/),
      );
      assert.deepEqual(await contents(bench), after);
      await execute(bench, 'DELETE FROM public.bought WHERE item = 6');
      assert.equal((await rollBack(bench, runId)).deletedRows, 19);
      assert.deepEqual(await contents(bench), { ...before, bought: ['(5)'] });
    }));

  it('refuses when a trigger would make another row of a restored one, and says how to go on', () =>
    withBench(itemsSeed(20), async (bench) => {
      await execute(
        bench,
        made,
        `CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.extra := clock_timestamp()::text; RETURN NEW; END $$`,
        `CREATE TRIGGER touch BEFORE UPDATE ON public.item FOR EACH ROW EXECUTE FUNCTION public.touch()`,
      );
      const before = await contents(bench);
      const result = await bench.run(storePlan([itemTable], { mode: 'upsert' }));
      assertProved(result, 20);
      await assert.rejects(rollBack(bench, result.runId), (error) => {
        assert.ok(failsWith('roll-back-blocked', /a trigger changes them/)(error));
        assert.match((error as MigrationError).remedy, /DISABLE TRIGGER/);
        return true;
      });
      await execute(bench, 'ALTER TABLE public.item DISABLE TRIGGER touch');
      await rollBack(bench, result.runId);
      assert.deepEqual(await contents(bench), before);
    }));

  it('two runs into one table are rolled back in reverse order only', () =>
    withBench(itemsSeed(20), async (bench) => {
      await execute(bench, made);
      const before = await contents(bench);
      const first = await bench.run(storePlan([itemTable], { mode: 'upsert' }));
      await execute(bench, `UPDATE public.item SET name = 'between' WHERE id = 7`);
      const second = await bench.run(storePlan([itemTable], { mode: 'replace' }));
      await assert.rejects(rollBack(bench, first.runId), failsWith('rows-changed-since'));
      await rollBack(bench, second.runId);
      await assert.rejects(rollBack(bench, first.runId), failsWith('rows-changed-since', /\(7\) is changed/));
      await execute(bench, `UPDATE public.item SET name = 'item 7' WHERE id = 7`);
      await rollBack(bench, first.runId);
      assert.deepEqual(await contents(bench), before);
    }));

  it('state of version 1 is brought up to date by a run, and read as it is before', () =>
    withBench(itemsSeed(20), async (bench) => {
      const first = await bench.run(storePlan([itemTable]));
      await execute(
        bench,
        'DROP TABLE sluice.watermark, sluice.read_key, sluice.row_hash, sluice.sync_table, sluice.held, sluice.undo, sluice.existing_object',
        'UPDATE sluice.state_version SET version = 1',
      );
      await rollBack(bench, first.runId);
      const created = await bench.run(storePlan([itemTable], { mode: 'append' }));
      assertProved(created, 20);
      assert.deepEqual(await ask(bench, 'SELECT version FROM sluice.state_version', 'SELECT count(*) FROM sluice.undo'), [['5'], ['0']]);
      assertProved(await bench.run(storePlan([itemTable], { mode: 'upsert' })), 20);
    }));
});

describe('row-level security of a table that exists', function () {
  this.timeout(60_000);

  it('is told where it does not apply, and refused where it hides rows', async function () {
    const cluster = await requirePostgres(this);
    await cluster.createUser('clerk', 'secret');
    await withBenchOf(
      () => postgresTarget(cluster),
      itemsSeed(10),
      async (bench) => {
        await execute(
          bench,
          `CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8); ALTER TABLE public.item ENABLE ROW LEVEL SECURITY;
         GRANT ALL ON public.item TO clerk; DO $$ BEGIN EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO clerk', current_database()); END $$`,
        );
        assert.ok(bench.choice.kind === 'postgres');
        const clerk: TargetChoice = { ...bench.choice, connection: { ...bench.choice.connection, user: 'clerk', password: 'secret' } };
        await assert.rejects(
          bench.run(storePlan([itemTable], { mode: 'append' }), { target: clerk }),
          failsWith('existing-table-unfit', /Row-level security hides rows of public\.item/),
        );
        const result = await bench.run(storePlan([itemTable], { mode: 'append' }));
        assert.deepEqual(
          result.warnings.map(({ code }) => code),
          ['row-security'],
        );
        await execute(
          bench,
          'ALTER TABLE public.item DISABLE ROW LEVEL SECURITY; REVOKE INSERT ON public.item FROM clerk; DELETE FROM public.item',
        );
        await execute(bench, 'CREATE TABLE public.short (id bigint PRIMARY KEY)');
        const plan = storePlan([itemTable, { ...itemTable, to: 'short' }], { mode: 'append' });
        await assert.rejects(bench.run(plan, { target: clerk }), (error) => {
          const unfit = /public\.short has no column name, weight/;
          const rights = /no right INSERT on table public\.item[\s\S]*GRANT INSERT ON TABLE "public"\."item" TO "clerk"/;
          assert.ok(failsWith('existing-table-unfit', unfit, rights)(error));
          return true;
        });
      },
    );
  });
});

const otherTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'other',
  to: 'other',
  columns: [{ from: 'id', to: 'id', type: 'bigint', nullable: false }],
  primaryKey: ['id'],
};

function sorted(value: unknown): string[] {
  return (value as string[]).toSorted((a, b) => a.localeCompare(b, 'en'));
}
