import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError, type RunRequest } from '../../../src/core/index.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';

describeOnBothTargets('run from a location', (withBench) => {
  it('plans, loads and verifies in one command', () =>
    withBench(itemsSeed(1_000), async (bench) => {
      const result = await bench.run(storePlan([]), { input: fromLocation(bench, bench.store) });
      assert.equal(result.status, 'done');
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), ['1000']);
    }));

  it('reads no row for the preflight, since the plan has just read them all', () =>
    withBench(
      `${itemsSeed(1_000)} CREATE UNIQUE INDEX by_name ON item (name); ALTER TABLE item ADD COLUMN note TEXT; UPDATE item SET note = hex(zeroblob(3000)) WHERE id = 1;`,
      async (bench) => {
        const request = { input: fromLocation(bench, bench.store) };
        assert.equal((await bench.run(storePlan([]), { ...request, dryRun: true })).preflight?.rows, null);
        const again = bench.events.filter((event) => event.type === 'progress' && event.phase === 'preflight');
        assert.deepEqual(again, []);
        // A plan from a file may have been edited since its values were read.
        const written = { ...storePlan([itemTable]), options: {} };
        assert.deepEqual((await bench.run(written, { dryRun: true })).preflight?.rows, { checked: 1_000, rejects: 0 });
      },
    ));

  it('a file that is no store is refused before a target is opened', () =>
    withBench(
      itemsSeed(1),
      async (bench) => {
        const notes = join(bench.folder, 'notes.txt');
        writeFileSync(notes, 'just words\n');
        await assert.rejects(
          bench.run(storePlan([]), { input: fromLocation(bench, notes) }),
          (error) => error instanceof MigrationError && error.code === 'unknown-store',
        );
        if (bench.choice.kind === 'embedded') assert.equal(existsSync(bench.choice.directory), false);
        else assert.deepEqual(await bench.target.query(`SELECT to_regnamespace('sluice') IS NULL`), ['t']);
      },
      'unmade',
    ));
});

function fromLocation(bench: Bench, location: string): RunRequest['input'] {
  const plan = {
    locations: [location],
    directory: bench.folder,
    targetProfile: 'embedded',
    options: {},
    signal: new AbortController().signal,
  };
  return { kind: 'locations', plan };
}
