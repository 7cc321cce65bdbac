import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError, type RunRequest } from '../../../src/core/index.ts';
import { describeOnBothTargets, itemsSeed, storePlan, type Bench } from '../../helpers/engine.ts';

describeOnBothTargets('run from a location', (withBench) => {
  it('plans, loads and verifies in one command', () =>
    withBench(itemsSeed(1_000), async (bench) => {
      const result = await bench.run(storePlan([]), { input: fromLocation(bench, bench.store) });
      assert.equal(result.status, 'done');
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), ['1000']);
    }));

  it('a file that is no store is refused before a target is opened', () =>
    withBench(itemsSeed(1), async (bench) => {
      const notes = join(bench.folder, 'notes.txt');
      writeFileSync(notes, 'just words\n');
      await assert.rejects(
        bench.run(storePlan([]), { input: fromLocation(bench, notes) }),
        (error) => error instanceof MigrationError && error.code === 'unknown-store',
      );
      if (bench.choice.kind === 'embedded') assert.equal(existsSync(bench.choice.directory), false);
      else assert.deepEqual(await bench.target.query(`SELECT to_regnamespace('sluice') IS NULL`), ['t']);
    }));
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
